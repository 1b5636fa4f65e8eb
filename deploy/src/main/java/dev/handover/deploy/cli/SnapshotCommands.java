package dev.handover.deploy.cli;

import dev.handover.capture.engine.LoadHold;
import dev.handover.capture.engine.Reload;
import dev.handover.deploy.pipeline.Loads;
import dev.handover.deploy.pipeline.Reloading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands about loads: how far they are, that they are to wait, and that tables are to be loaded again. */
final class SnapshotCommands {
    private SnapshotCommands() {}

    static List<dev.handover.deploy.cli.Command> all() {
        return List.of(new Status(), new Start(), new Pause(), new Resume());
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
            description =
                    "Show how far the load of every table is, which tables are or were loaded again, and which sources'"
                            + " loads wait, and why.",
            footer = {"  handover snapshot", "  handover snapshot status --source pas -o json"})
    private static final class Status implements dev.handover.deploy.cli.Command {
        @Mixin
        private final OfSource source = new OfSource();

        @Override
        public Answer run(Session session) {
            return answer(source.loads(session).read());
        }
    }

    /** {@code handover snapshot start}. */
    @Command(
            name = "start",
            description = {
                "Load tables once more that are loaded, while the pipeline runs; nothing is stopped or emptied.",
                "After a target table was restored from a backup or changed by hand, after source rows were changed behind"
                        + " the log's back, after a column was added with a default.",
                "Every row that the source has is written again, and changes go on meanwhile. A row that the target has"
                        + " and the source has not stays: recon run names it."
            },
            footer = {
                "  handover snapshot start --table pas.public.patient",
                "  handover snapshot start --table pas.public.visit --table pas.public.bed --reason 'restored from backup'"
            })
    private static final class Start implements dev.handover.deploy.cli.Command {
        @Option(
                names = "--table",
                paramLabel = "SOURCE.TABLE",
                required = true,
                description = "a table of a source, with its schema: pas.public.visit; may be repeated")
        private List<String> tables = List.of();

        @Option(names = "--reason", paramLabel = "TEXT", description = "why, for who reads the status")
        private String reason = "";

        @Override
        public Answer run(Session session) {
            return started(new Reloading(Pipelines.assembly(session)).ask(tables, reason));
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
    record Snapshots(List<Source> sources, List<Table> tables, List<Again> again) {}

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

    /** A table that was to be loaded again; {@code state} is {@code paused} where it is open and loads wait. */
    record Again(String table, String state, String since, long rows, String asked, String reason, String why) {
        static Again of(Reload reload, boolean held) {
            return new Again(
                    reload.table().text(),
                    held && reload.open() ? "paused" : reload.stage().name().toLowerCase(Locale.ROOT),
                    reload.at().toString(),
                    reload.rows(),
                    reload.request().at().toString(),
                    reload.request().reason(),
                    reload.why());
        }

        private List<String> line() {
            return List.of(table, state, since, Long.toString(rows), asked, orDash(reason), orDash(why));
        }

        private static String orDash(String text) {
            return text.isEmpty() ? "-" : text;
        }
    }

    static Answer answer(List<Loads.OfSource> loads) {
        List<Source> sources = new ArrayList<>();
        List<Table> tables = new ArrayList<>();
        List<Again> again = new ArrayList<>();
        for (Loads.OfSource load : loads) {
            sources.add(new Source(
                    load.source(),
                    load.held().map(LoadHold::why).orElse(""),
                    load.held().map(LoadHold::since).map(Instant::toString).orElse("")));
            load.tables().forEach(table -> tables.add(Table.of(table)));
            load.again()
                    .forEach(reload -> again.add(Again.of(reload, load.held().isPresent())));
        }
        Answer answer = Answer.of("Snapshots", new Snapshots(sources, tables, again))
                .grid(
                        List.of("TABLE", "STATE", "WAY", "CHUNKS", "ROWS"),
                        tables.stream().map(Table::line).toList());
        if (!again.isEmpty()) {
            answer = answer.grid(
                    List.of("LOADED AGAIN", "STATE", "SINCE", "ROWS", "ASKED", "REASON", "WHY"),
                    again.stream().map(Again::line).toList());
        }
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

    /** The document's data of a request. */
    record Started(List<StartedTable> tables) {}

    /** One table; {@code changed} says whether nobody had asked for it before. */
    record StartedTable(String table, boolean changed, String state, String asked) {
        static StartedTable of(Reloading.Asked asked) {
            Reload reload = asked.reload();
            return new StartedTable(
                    reload.table().text(),
                    asked.changed(),
                    reload.stage().name().toLowerCase(Locale.ROOT),
                    reload.request().at().toString());
        }

        private String line() {
            return changed
                    ? table + " is to be loaded again: a capture that runs begins within seconds, else the next one"
                    : table + " is to be loaded again already (" + state + "), asked at " + asked
                            + ": what happened to it since may take another request when that is done";
        }
    }

    static Answer started(List<Reloading.Asked> asked) {
        List<StartedTable> tables = asked.stream().map(StartedTable::of).toList();
        return Answer.of("SnapshotStart", new Started(tables))
                .lines(tables.stream().map(StartedTable::line).toArray(String[]::new))
                .lines("rows that the target has and the source has not stay: handover recon run names them")
                .next("handover snapshot status", "how far it is");
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
