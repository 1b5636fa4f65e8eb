package dev.handover.deploy.cli;

import dev.handover.capture.engine.LoadHold;
import dev.handover.deploy.pipeline.Loads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands about the initial load: how far it is, and that it is to wait. */
final class SnapshotCommands {
    private SnapshotCommands() {}

    static List<dev.handover.deploy.cli.Command> all() {
        return List.of(new Status(), new Pause(), new Resume());
    }

    /** The source that a command is about. */
    static final class OfSource {
        @Option(names = "--source", paramLabel = "S", description = "the name of one source; all without it")
        private @Nullable String source;

        Loads loads(Session session) {
            return new Loads(Pipelines.assembly(session), Optional.ofNullable(source));
        }
    }

    /** {@code handover snapshot status}. */
    @Command(
            name = "status",
            description = "Show how far the initial load of every table is, and which sources' loads wait, and why.",
            footer = {"  handover snapshot", "  handover snapshot status --source pas -o json"})
    private static final class Status implements dev.handover.deploy.cli.Command {
        @Mixin
        private final OfSource source = new OfSource();

        @Override
        public Answer run(Session session) {
            return answer(source.loads(session).read());
        }
    }

    /** {@code handover snapshot pause}. */
    @Command(
            name = "pause",
            description = {
                "Let the initial load wait, between two chunks. It may be said before the load begins.",
                "Tables that are loaded go on; the log of a source is kept meanwhile, and grows."
            },
            footer = {"  handover snapshot pause", "  handover snapshot pause --source pas"})
    private static final class Pause implements dev.handover.deploy.cli.Command {
        @Mixin
        private final OfSource source = new OfSource();

        @Override
        public Answer run(Session session) {
            return paused(source.loads(session).pause());
        }
    }

    /** {@code handover snapshot resume}. */
    @Command(
            name = "resume",
            description = "Let the initial load go on, at the chunk where it was paused.",
            footer = {"  handover snapshot resume", "  handover snapshot resume --source pas"})
    private static final class Resume implements dev.handover.deploy.cli.Command {
        @Mixin
        private final OfSource source = new OfSource();

        @Override
        public Answer run(Session session) {
            return resumed(source.loads(session).resume());
        }
    }

    /** The document's data of the status. */
    record Snapshots(List<Source> sources, List<Table> tables) {}

    /** One source; {@code held} and {@code since} are empty where its load does not wait. */
    record Source(String source, String held, String since) {}

    /** One table; it was cut into no chunks where it goes through the log as a whole, or was not begun. */
    record Table(String table, String state, String way, int chunksDone, int chunks, long rows) {
        static Table of(Loads.OfTable load) {
            return new Table(
                    load.table().text(),
                    load.stage().name().toLowerCase(Locale.ROOT),
                    load.way().text(),
                    load.chunksDone(),
                    load.chunks(),
                    load.rows());
        }

        private List<String> line() {
            return List.of(table, state, way, chunks == 0 ? "-" : chunksDone + " of " + chunks, Long.toString(rows));
        }
    }

    static Answer answer(List<Loads.OfSource> loads) {
        List<Source> sources = new ArrayList<>();
        List<Table> tables = new ArrayList<>();
        for (Loads.OfSource load : loads) {
            sources.add(new Source(
                    load.source(),
                    load.held().map(LoadHold::why).orElse(""),
                    load.held().map(LoadHold::since).map(Instant::toString).orElse("")));
            load.tables().forEach(table -> tables.add(Table.of(table)));
        }
        Answer answer = Answer.of("Snapshots", new Snapshots(sources, tables))
                .grid(
                        List.of("TABLE", "STATE", "WAY", "CHUNKS", "ROWS"),
                        tables.stream().map(Table::line).toList());
        for (Loads.OfSource load : loads) {
            if (load.held().isPresent()) {
                LoadHold held = load.held().get();
                answer = answer.lines("load of " + load.source() + " waits: " + held.why() + ", since " + held.since());
                if (held.why().equals(LoadHold.PAUSED)) {
                    answer = answer.next("handover snapshot resume --source " + load.source(), "to let it go on");
                }
            }
        }
        return answer;
    }

    /** The document's data of a wish; {@code since} is empty where the load is not paused. */
    record Paused(List<One> sources) {}

    /** One source; {@code changed} says whether it was otherwise before. */
    record One(String source, boolean paused, boolean changed, String since) {
        static One of(Loads.Wish wish) {
            return new One(
                    wish.source(),
                    wish.since().isPresent(),
                    wish.changed(),
                    wish.since().map(Instant::toString).orElse(""));
        }
    }

    static Answer paused(List<Loads.Wish> wishes) {
        Answer answer = Answer.of("SnapshotPause", of(wishes));
        for (Loads.Wish wish : wishes) {
            String since = wish.since().map(Instant::toString).orElse("");
            answer = answer.lines(
                    wish.changed()
                            ? "load of " + wish.source() + " is paused: no further chunk is begun"
                            : "load of " + wish.source() + " was paused already, since " + since);
        }
        return answer.next("handover snapshot resume", "to let it go on");
    }

    static Answer resumed(List<Loads.Wish> wishes) {
        Answer answer = Answer.of("SnapshotPause", of(wishes));
        for (Loads.Wish wish : wishes) {
            answer = answer.lines("load of " + wish.source() + (wish.changed() ? " goes on" : " was not paused"));
        }
        return answer.next("handover snapshot status", "how far it is, and whether it waits for the source");
    }

    private static Paused of(List<Loads.Wish> wishes) {
        return new Paused(wishes.stream().map(One::of).toList());
    }
}
