package dev.handover.deploy.cli;

import dev.handover.deploy.pipeline.Assembly;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.sink.postgres.DeadLetterIndex;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that tell of records that could not go on; never of what they hold. */
final class DlqCommands {
    private DlqCommands() {}

    static List<dev.handover.deploy.cli.Command> all() {
        return List.of(new ListAll(), new Show());
    }

    /** {@code handover dlq list}. */
    @Command(
            name = "list",
            description = "List dead letters by cause, and the newest of them one by one.",
            footer = {
                "  handover dlq list                 causes first, then the newest 20",
                "  handover dlq list --limit 100     more of them"
            })
    private static final class ListAll implements dev.handover.deploy.cli.Command {
        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "how many to list one by one; default 20")
        private int limit = 20;

        @Override
        public Answer run(Session session) {
            if (limit < 0 || limit > 10_000) {
                throw Fault.of(ExitCode.USAGE, "usage", "--limit is 0 to 10000", "write it as --limit 100");
            }
            DeadLetterIndex index = index(session);
            return answer(index.groups(), index.newest(limit));
        }
    }

    /** {@code handover dlq show}. */
    @Command(
            name = "show",
            description = "Show one dead letter: all but what its key and value hold.",
            footer = {"  handover dlq show 17              its number is in: handover dlq list"})
    private static final class Show implements dev.handover.deploy.cli.Command {
        @Parameters(paramLabel = "ID", description = "its number")
        private long id;

        @Override
        public Answer run(Session session) {
            return index(session)
                    .find(id)
                    .map(DlqCommands::answer)
                    .orElseThrow(() -> Fault.of(
                            ExitCode.USAGE,
                            "dead-letter-unknown",
                            "there is no dead letter " + id,
                            "they are listed by: handover dlq list"));
        }
    }

    /** The document's data. */
    record Letters(long open, List<Cause> groups, List<Letter> records) {}

    /** Letters with one cause. */
    record Cause(String reason, String table, int mappingVersion, long count, long open, String first, String last) {}

    /** One letter. Sizes are negative where there were no bytes. */
    record Letter(
            long id,
            String state,
            String stage,
            String reason,
            String place,
            String table,
            String topic,
            int partition,
            long offset,
            String position,
            int mappingVersion,
            int keyBytes,
            int valueBytes,
            String rejectedAt) {
        static Letter of(DeadLetterIndex.Entry entry) {
            return new Letter(
                    entry.id(),
                    entry.state(),
                    entry.stage(),
                    entry.reason(),
                    entry.place(),
                    entry.table(),
                    entry.topic(),
                    entry.partition(),
                    entry.offset(),
                    entry.position(),
                    entry.mappingVersion(),
                    entry.keyBytes(),
                    entry.valueBytes(),
                    entry.rejectedAt().toString());
        }

        String origin() {
            return topic + "-" + partition + "@" + offset;
        }
    }

    private static DeadLetterIndex index(Session session) {
        Assembly assembly = Pipelines.assembly(session);
        assembly.requireStarted();
        return new DeadLetterIndex(assembly.target());
    }

    static Answer answer(List<DeadLetterIndex.Group> groups, List<DeadLetterIndex.Entry> entries) {
        List<Cause> causes = groups.stream()
                .map(group -> new Cause(
                        group.reason(),
                        group.table(),
                        group.mappingVersion(),
                        group.count(),
                        group.open(),
                        group.first().toString(),
                        group.last().toString()))
                .toList();
        List<Letter> letters = entries.stream().map(Letter::of).toList();
        long open = causes.stream().mapToLong(Cause::open).sum();
        Answer answer = Answer.of("DeadLetters", new Letters(open, causes, letters));
        if (causes.isEmpty()) {
            return answer.lines("no dead letters");
        }
        answer = answer.grid(
                List.of("REASON", "TABLE", "MAPPING", "COUNT", "OPEN", "FIRST", "LAST"),
                causes.stream()
                        .map(cause -> List.of(
                                cause.reason(),
                                cause.table(),
                                "v" + cause.mappingVersion(),
                                Long.toString(cause.count()),
                                Long.toString(cause.open()),
                                cause.first(),
                                cause.last()))
                        .toList());
        if (!letters.isEmpty()) {
            answer = answer.lines("")
                    .grid(
                            List.of("ID", "STATE", "STAGE", "REASON", "PLACE", "FROM", "POSITION"),
                            letters.stream()
                                    .map(letter -> List.of(
                                            Long.toString(letter.id()),
                                            letter.state(),
                                            letter.stage(),
                                            letter.reason(),
                                            letter.place(),
                                            letter.origin(),
                                            letter.position()))
                                    .toList());
        }
        return answer.lines(open + " open")
                .next(
                        "handover dlq show "
                                + (letters.isEmpty() ? "ID" : letters.get(0).id()),
                        "one of them in full");
    }

    static Answer answer(DeadLetterIndex.Entry entry) {
        Letter letter = Letter.of(entry);
        return Answer.of("DeadLetter", letter)
                .grid(
                        List.of("FIELD", "VALUE"),
                        List.of(
                                List.of("id", Long.toString(letter.id())),
                                List.of("state", letter.state()),
                                List.of("stage", letter.stage()),
                                List.of("reason", letter.reason()),
                                List.of("place", letter.place()),
                                List.of("table", letter.table()),
                                List.of("from", letter.origin()),
                                List.of("position", letter.position()),
                                List.of("mapping version", Integer.toString(letter.mappingVersion())),
                                List.of("key", bytes(letter.keyBytes())),
                                List.of("value", bytes(letter.valueBytes())),
                                List.of("rejected at", letter.rejectedAt())));
    }

    private static String bytes(int size) {
        return size < 0 ? "none" : size + " bytes, kept and not shown";
    }
}
