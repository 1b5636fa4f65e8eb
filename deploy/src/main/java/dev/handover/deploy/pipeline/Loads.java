package dev.handover.deploy.pipeline;

import dev.handover.capture.engine.CaptureState;
import dev.handover.capture.engine.CapturedTables;
import dev.handover.capture.engine.LoadHold;
import dev.handover.capture.engine.Reload;
import dev.handover.capture.engine.TableLoad;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.deploy.config.Suggestion;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The loads of a pipeline's sources: how far they are, and that people want them to wait. */
public final class Loads {
    private final Assembly assembly;
    private final List<SourceConfig> sources;

    /**
     * The loads of one source, or of all.
     *
     * @param source its name; empty for all
     * @throws Fault {@code source-unknown}
     */
    public Loads(Assembly assembly, Optional<String> source) {
        this.assembly = assembly;
        this.sources = assembly.pipeline().sources().stream()
                .filter(each -> source.isEmpty() || each.name().equals(source.get()))
                .toList();
        if (sources.isEmpty()) {
            List<String> names = assembly.pipeline().sources().stream()
                    .map(SourceConfig::name)
                    .toList();
            throw Fault.of(
                    ExitCode.USAGE,
                    "source-unknown",
                    "no source is named '" + source.orElse("") + "'",
                    Suggestion.of(source.orElse(""), names)
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("sources are: " + String.join(", ", names)));
        }
    }

    /**
     * The load of one source.
     *
     * @param held why it waits; empty where it does not
     * @param again tables that people asked to be loaded again, the last time for each
     */
    public record OfSource(String source, Optional<LoadHold> held, List<OfTable> tables, List<Reload> again) {
        public OfSource {
            tables = List.copyOf(tables);
            again = List.copyOf(again);
        }
    }

    /** How far a table is. */
    public enum Stage {
        /** Nothing of it is loaded; or it goes through the log as a whole, and is not complete. */
        WAITING,
        /** Some of it is loaded. */
        LOADING,
        /** All of it is loaded. */
        LOADED,
        /** It is not complete, and the source's load waits. */
        PAUSED
    }

    /** How its rows went. */
    public enum Way {
        /** Nothing went yet. */
        NONE("-"),
        /** All past the log. */
        PAST("past the log"),
        /** All through the log, row by row. */
        THROUGH("through the log"),
        /** Some so, some so. */
        BOTH("both");

        private final String text;

        Way(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }

    /** The load of one table. */
    public record OfTable(TableId table, Stage stage, Way way, int chunksDone, int chunks, long rows) {
        /** Of what capture remembers of it; of nothing where it was not begun. */
        static OfTable of(TableId table, Optional<TableLoad> begun, boolean held) {
            TableLoad load = begun.orElseGet(() -> new TableLoad(table, 0, Set.of(), 0, 0, 0, false));
            Stage stage = load.complete()
                    ? Stage.LOADED
                    : held ? Stage.PAUSED : load.done().isEmpty() && load.byRows() == 0 ? Stage.WAITING : Stage.LOADING;
            boolean through = load.byRows() > 0
                    || load.complete() && (load.chunks() == 0 || load.done().size() < load.chunks());
            Way way = load.past() == 0 ? through ? Way.THROUGH : Way.NONE : through ? Way.BOTH : Way.PAST;
            return new OfTable(table, stage, way, load.done().size(), load.chunks(), load.rows());
        }
    }

    /** How far every captured table is. @throws Fault when a source or Kafka does not answer */
    public List<OfSource> read() {
        List<OfSource> loads = new ArrayList<>();
        for (SourceConfig source : sources) {
            CaptureState state = state(source);
            CapturedTables captured = state.tables(
                    Assembly.selection(source), assembly.inventory(source).tables());
            Set<TableId> tables = new TreeSet<>(captured.known().keySet());
            tables.addAll(captured.fresh().keySet());
            Map<TableId, TableLoad> begun =
                    state.loads().stream().collect(Collectors.toMap(TableLoad::table, load -> load));
            boolean held = state.held().isPresent();
            loads.add(new OfSource(
                    source.name(),
                    state.held(),
                    tables.stream()
                            .map(table -> OfTable.of(table, Optional.ofNullable(begun.get(table)), held))
                            .toList(),
                    state.reloads()));
        }
        return loads;
    }

    /**
     * What became of a wish.
     *
     * @param changed whether the source's load was otherwise before
     * @param since when it was paused; empty where it is not
     */
    public record Wish(String source, boolean changed, Optional<Instant> since) {}

    /** Asks loads to wait. @throws Fault when Kafka does not answer */
    public List<Wish> pause() {
        List<Wish> wishes = new ArrayList<>();
        for (SourceConfig source : sources) {
            CaptureState state = state(source);
            Optional<Instant> before = state.paused();
            Instant now = assembly.clock().instant();
            if (before.isEmpty()) {
                state.pause(assembly.captureConfig(source), now);
            }
            wishes.add(new Wish(source.name(), before.isEmpty(), Optional.of(before.orElse(now))));
        }
        return wishes;
    }

    /** Lets loads go on. @throws Fault when Kafka does not answer */
    public List<Wish> resume() {
        List<Wish> wishes = new ArrayList<>();
        for (SourceConfig source : sources) {
            CaptureState state = state(source);
            boolean paused = state.paused().isPresent();
            if (paused) {
                state.resume(assembly.captureConfig(source));
            }
            wishes.add(new Wish(source.name(), paused, Optional.empty()));
        }
        return wishes;
    }

    private CaptureState state(SourceConfig source) {
        return CaptureState.read(assembly.kafka(), assembly.topics(), source.name());
    }
}
