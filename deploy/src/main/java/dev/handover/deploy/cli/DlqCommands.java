package dev.handover.deploy.cli;

import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.replay.Outlook;
import dev.handover.deploy.replay.Replay;
import dev.handover.deploy.replay.ReplayPlan;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.sink.postgres.DeadLetterIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands for records that could not go on; they never tell what these hold. */
final class DlqCommands {
    /** How long changes that were tried again may be on their way, if nobody says otherwise. */
    private static final Duration REPLAY_PATIENCE = Duration.ofMinutes(1);

    private DlqCommands() {}

    static List<dev.handover.deploy.cli.Command> all() {
        return List.of(new ListAll(), new Show(), new TryAgain(), new Discard());
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

    /** Which letters a command is about. */
    private static final class Which {
        @Parameters(paramLabel = "ID", arity = "0..*", description = "numbers of dead letters")
        private final List<Long> ids = new ArrayList<>();

        @Option(names = "--all", description = "every open one")
        private boolean all;

        @Option(names = "--reason", paramLabel = "REASON", description = "those that were rejected for this reason")
        private String reason = "";

        @Option(
                names = "--table",
                paramLabel = "TABLE",
                description = "those of this table, as source.schema.table or as schema.table of the target")
        private String table = "";

        @Option(
                names = "--mapping-version",
                paramLabel = "N",
                description = "those that this version of a mapping rejected")
        private int mappingVersion;

        DeadLetterIndex.Selection selection() {
            boolean some = !ids.isEmpty() || !reason.isEmpty() || !table.isEmpty() || mappingVersion > 0;
            if (some == all) {
                throw Fault.of(
                        ExitCode.USAGE,
                        "usage",
                        some ? "--all is more than what is named besides" : "no dead letter is named",
                        "name numbers, --reason, --table or --mapping-version, or write --all");
            }
            return new DeadLetterIndex.Selection(ids, reason, table, mappingVersion);
        }

        /** As somebody would write it. */
        String words() {
            List<String> words = new ArrayList<>();
            if (all) {
                words.add("--all");
            }
            ids.forEach(id -> words.add(id.toString()));
            if (!reason.isEmpty()) {
                words.add("--reason " + reason);
            }
            if (!table.isEmpty()) {
                words.add("--table " + table);
            }
            if (mappingVersion > 0) {
                words.add("--mapping-version " + mappingVersion);
            }
            return String.join(" ", words);
        }
    }

    /** {@code handover dlq replay}. */
    @Command(
            name = "replay",
            description = {
                "Try dead letters again, each as it was captured and at its own position, and settle what arrives.",
                "A change never overwrites a later one. It may be run at any time, and again after it was interrupted."
            },
            footer = {
                "  handover dlq replay --all --dry-run         what would become of each, and the hash of that plan",
                "  handover dlq replay --all --plan HASH       that plan, or nothing",
                "  handover dlq replay 17 18                   these two"
            })
    private static final class TryAgain implements dev.handover.deploy.cli.Command {
        @Mixin
        private final Which which = new Which();

        @Option(names = "--dry-run", description = "show what would be done; change nothing")
        private boolean dryRun;

        @Option(names = "--plan", paramLabel = "HASH", description = "refuse if anything differs from that dry run")
        private @Nullable String plan;

        @Override
        public Answer run(Session session) {
            DeadLetterIndex.Selection selection = which.selection();
            Assembly assembly = Pipelines.assembly(session);
            Pipelines.refuseVersions(session, assembly);
            Replay replay = new Replay(assembly);
            ReplayPlan found = replay.plan(selection);
            if (plan != null && !plan.equals(found.hash())) {
                throw Fault.of(
                        ExitCode.CONFLICT,
                        "plan-changed",
                        "the plan is another one now",
                        "look at it: handover dlq replay " + which.words() + " --dry-run");
            }
            Answer answer = dryRun ? planned(found, which.words()) : replayed(DlqCommands.run(session, replay, found));
            long closed = which.ids.stream().distinct().count() - found.items().size();
            return which.ids.isEmpty() || closed <= 0
                    ? answer
                    : answer.warn(closed + " of the named dead letters are not open, or not of what is named besides");
        }
    }

    private static Replay.Outcome run(Session session, Replay replay, ReplayPlan plan) {
        int letters = plan.items().size();
        try (Progress progress = session.progress()) {
            return replay.run(
                    plan,
                    session.timeout().orElse(REPLAY_PATIENCE),
                    settled -> progress.show(
                            settled + " of " + letters + " dead letters settled",
                            List.of(new Progress.Bar("replay", "running", settled, OptionalLong.of(letters), false))));
        }
    }

    /** {@code handover dlq discard}. */
    @Command(
            name = "discard",
            description = {"Settle dead letters whose changes need not go on. The letters stay, with the reason."},
            footer = {"  handover dlq discard 17 18 --why 'test patients' --confirm 2"})
    private static final class Discard implements dev.handover.deploy.cli.Command {
        @Mixin
        private final Which which = new Which();

        @Option(names = "--why", paramLabel = "TEXT", required = true, description = "why they need not go on")
        private String why = "";

        @Option(names = "--confirm", paramLabel = "COUNT", description = "how many are to be discarded")
        private long confirmed = -1;

        @Override
        public Answer run(Session session) {
            DeadLetterIndex.Selection selection = which.selection();
            Assembly assembly = Pipelines.assembly(session);
            assembly.requireStarted();
            DeadLetterIndex index = new DeadLetterIndex(assembly.target());
            List<Long> ids = index.numbers(selection);
            if (why.isBlank()) {
                throw Fault.of(ExitCode.USAGE, "usage", "--why is empty", "say why they need not go on");
            }
            if (confirmed != ids.size()) {
                throw Fault.of(
                        ExitCode.USAGE,
                        "not-confirmed",
                        ids.size() + " open dead letters are named so; nothing was changed",
                        "their changes will be missing at the target: if that is meant, add --confirm " + ids.size());
            }
            int settled = index.settle(
                    ids,
                    DeadLetterIndex.Settlement.DISCARDED,
                    why,
                    assembly.clock().instant());
            return Answer.of("Discarded", new Discarded(settled, why)).lines(settled + " discarded");
        }
    }

    /** The document's data of what was discarded. */
    record Discarded(int discarded, String why) {}

    /** The document's data of a replay; {@code plan} is its hash. */
    record Tried(String plan, long letters, long settled, List<Fate> fates) {}

    /** Letters that share what becomes of them. */
    record Fate(String fate, String table, String target, String reason, String place, long count) {}

    static Answer planned(ReplayPlan plan, String words) {
        List<Fate> fates = fates(plan, item -> item.outlook().word());
        Answer answer = answer("ReplayPlan", new Tried(plan.hash(), plan.items().size(), 0, fates), "OUTLOOK");
        if (plan.items().isEmpty()) {
            return answer.lines("no open dead letter is named so");
        }
        return hints(answer.lines("plan " + plan.hash()), plan)
                .next("handover dlq replay " + words + " --plan " + plan.hash(), "do exactly this");
    }

    static Answer replayed(Replay.Outcome outcome) {
        ReplayPlan plan = outcome.plan();
        List<Fate> fates = fates(plan, item -> fate(item, outcome));
        long open = plan.items().stream().filter(item -> isOpen(item, outcome)).count();
        Answer answer = answer(
                        "Replay",
                        new Tried(plan.hash(), plan.items().size(), plan.items().size() - open, fates),
                        "BECAME")
                .lines(plan.items().size() - open + " of " + plan.items().size() + " settled");
        if (!outcome.waiting().isEmpty()) {
            answer = answer.warn(outcome.waiting().size()
                    + " changes were sent and have not arrived: is the pipeline running? Run the same command again: it"
                    + " settles what has arrived");
        }
        return hints(answer, plan).exit(open == 0 ? ExitCode.DONE : ExitCode.NO);
    }

    private static String fate(ReplayPlan.Item item, Replay.Outcome outcome) {
        DeadLetterIndex.Settlement how = outcome.settled().get(item.id());
        if (how != null) {
            return how.name().toLowerCase(Locale.ROOT);
        }
        if (outcome.elsewhere().contains(item.id())) {
            return "settled-elsewhere";
        }
        return item.outlook().sent() ? "waiting" : item.outlook().word();
    }

    /** Whether there is a letter for its change still: itself, or a newer one. */
    private static boolean isOpen(ReplayPlan.Item item, Replay.Outcome outcome) {
        DeadLetterIndex.Settlement how = outcome.settled().get(item.id());
        return how == null ? !outcome.elsewhere().contains(item.id()) : how == DeadLetterIndex.Settlement.REPEATED;
    }

    private static Answer hints(Answer answer, ReplayPlan plan) {
        Answer with = answer;
        Optional<ReplayPlan.Item> failing = plan.items().stream()
                .filter(item -> item.outlook() == Outlook.FAILS)
                .findFirst();
        if (failing.isPresent()) {
            with = with.next(
                    "handover mapping explain " + failing.get().target() + "."
                            + failing.get().place(),
                    "what the mapping does where it rejects still");
        }
        for (String table : plan.items().stream()
                .filter(item ->
                        item.outlook() == Outlook.CANNOT && !item.table().isEmpty())
                .map(ReplayPlan.Item::table)
                .distinct()
                .sorted()
                .toList()) {
            with = with.next(
                    "handover snapshot start --table " + table, "load it again: it cannot be tried change by change");
        }
        return with;
    }

    private static Answer answer(String kind, Tried tried, String word) {
        Answer answer = Answer.of(kind, tried);
        return tried.fates().isEmpty()
                ? answer
                : answer.grid(
                        List.of(word, "TABLE", "TARGET", "REASON", "PLACE", "COUNT"),
                        tried.fates().stream()
                                .map(fate -> List.of(
                                        fate.fate(),
                                        fate.table(),
                                        fate.target(),
                                        fate.reason(),
                                        fate.place(),
                                        Long.toString(fate.count())))
                                .toList());
    }

    private static List<Fate> fates(ReplayPlan plan, Function<ReplayPlan.Item, String> fate) {
        Map<Fate, Long> counts = new LinkedHashMap<>();
        plan.items()
                .forEach(item -> counts.merge(
                        new Fate(fate.apply(item), item.table(), item.target(), item.reason(), item.place(), 0),
                        1L,
                        Long::sum));
        return counts.entrySet().stream()
                .map(entry -> new Fate(
                        entry.getKey().fate(),
                        entry.getKey().table(),
                        entry.getKey().target(),
                        entry.getKey().reason(),
                        entry.getKey().place(),
                        entry.getValue()))
                .toList();
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
            String rejectedAt,
            String settledAt,
            String settledWhy) {
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
                    entry.rejectedAt().toString(),
                    entry.settledAt().map(Instant::toString).orElse(""),
                    entry.settledWhy());
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
        answer = answer.lines(open + " open");
        if (open > 0) {
            answer = answer.next("handover dlq replay --all --dry-run", "what would become of them now");
        }
        return answer.next(
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
                                List.of("rejected at", letter.rejectedAt()),
                                List.of("settled at", letter.settledAt()),
                                List.of("settled why", letter.settledWhy())));
    }

    private static String bytes(int size) {
        return size < 0 ? "none" : size + " bytes, kept and not shown";
    }
}
