package dev.handover.deploy.pipeline;

import dev.handover.capture.SourceTable;
import dev.handover.capture.TableSelection;
import dev.handover.capture.engine.CaptureState;
import dev.handover.capture.engine.CapturedTables;
import dev.handover.capture.engine.RecordedTable;
import dev.handover.capture.engine.Reload;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.deploy.config.Suggestion;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Asks for tables to be loaded again that are loaded. */
public final class Reloading {
    private final Assembly assembly;

    public Reloading(Assembly assembly) {
        this.assembly = assembly;
    }

    /**
     * What became of the wish for one table.
     *
     * @param changed whether it was not asked for before
     * @param reload what is to be done now; what was asked before, where it is still open
     */
    public record Asked(boolean changed, Reload reload) {}

    /** One source, as it is when somebody asks. */
    private record Source(SourceConfig config, CaptureState state, CapturedTables captured) {}

    /**
     * Asks for all of these tables, or for none where one of them cannot be loaded again.
     *
     * @param names each as {@code source.schema.table}
     * @param reason in the words of who asks; may be empty
     * @throws Fault {@code table-unknown}, {@code table-excluded}, {@code table-keyless}, {@code table-parked},
     *     {@code table-not-loaded}, or the code of the table's own problem; when a source or Kafka does not answer
     */
    public List<Asked> ask(Collection<String> names, String reason) {
        Map<String, Source> sources = new TreeMap<>();
        Map<TableId, Source> asked = new TreeMap<>();
        for (String name : new TreeSet<>(names)) {
            SourceConfig config = config(name);
            Source source = sources.computeIfAbsent(config.name(), key -> read(config));
            refusal(name, Assembly.selection(config), source.captured()).ifPresent(fault -> {
                throw fault;
            });
            asked.put(TableId.parse(name), source);
        }
        Instant now = assembly.clock().instant();
        List<Asked> answers = new ArrayList<>();
        asked.forEach((table, source) -> answers.add(ask(table, source, now, reason)));
        return answers;
    }

    private Asked ask(TableId table, Source source, Instant now, String reason) {
        return source.state().reloads().stream()
                .filter(reload -> reload.table().equals(table) && reload.open())
                .findFirst()
                .map(open -> new Asked(false, open))
                .orElseGet(() -> new Asked(
                        true, source.state().reload(assembly.captureConfig(source.config()), table, now, reason)));
    }

    private SourceConfig config(String name) {
        List<SourceConfig> sources = assembly.pipeline().sources();
        return sources.stream()
                .filter(source -> name.startsWith(source.name() + "."))
                .findFirst()
                .orElseThrow(() -> Fault.of(
                        ExitCode.USAGE,
                        "table-unknown",
                        "table '" + name + "' is of no source of this pipeline",
                        "name it source.schema.table; sources are: "
                                + String.join(
                                        ", ",
                                        sources.stream().map(SourceConfig::name).toList())));
    }

    private Source read(SourceConfig config) {
        CaptureState state = CaptureState.read(assembly.kafka(), assembly.topics(), config.name());
        return new Source(
                config,
                state,
                state.tables(
                        Assembly.selection(config), assembly.inventory(config).tables()));
    }

    /** Why a table cannot be loaded again; empty where it can. Pure. */
    static Optional<Fault> refusal(String name, TableSelection selection, CapturedTables captured) {
        if (name.split("\\.", 3).length != 3) {
            return Optional.of(unknown(name, captured));
        }
        TableId table = TableId.parse(name);
        if (!selection.selects(table.schema(), table.name())) {
            return Optional.of(Fault.of(
                    ExitCode.USAGE,
                    "table-excluded",
                    "table " + name + " is not captured: include and exclude of its source leave it out",
                    "change sources[].include or exclude and start capture again: it is loaded then"));
        }
        RecordedTable known = captured.known().get(table);
        if (known != null) {
            return refusal(table, known);
        }
        SourceTable.Problem problem = captured.refused().get(table);
        if (problem != null) {
            return Optional.of(Fault.of(ExitCode.CONFLICT, problem.code(), problem.message(), problem.hint()));
        }
        return Optional.of(
                captured.fresh().containsKey(table)
                        ? Fault.of(
                                ExitCode.CONFLICT,
                                "table-not-loaded",
                                "table " + name + " is not loaded yet",
                                "wait for its first load: handover snapshot status; a table that is new at the source is"
                                        + " loaded when capture starts again")
                        : unknown(name, captured));
    }

    private static Optional<Fault> refusal(TableId table, RecordedTable known) {
        if (known.held().keyless()) {
            return Optional.of(Fault.of(
                    ExitCode.CONFLICT,
                    "table-keyless",
                    "table " + table + " has no key: copies of its rows that are loaded again would be counted again",
                    "add a primary key at the source, or declare tables[].key, and load the table under a new pipeline"
                            + " name"));
        }
        return known.standstill()
                .map(still -> Fault.of(
                        ExitCode.CONFLICT,
                        "table-parked",
                        "table " + table + " stands still: " + still.why(),
                        still.remedy()));
    }

    private static Fault unknown(String name, CapturedTables captured) {
        Set<TableId> tables = new HashSet<>(captured.known().keySet());
        tables.addAll(captured.fresh().keySet());
        return Fault.of(
                ExitCode.USAGE,
                "table-unknown",
                "no table of a source is named '" + name + "'",
                Suggestion.of(name, tables.stream().map(TableId::text).toList())
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("see: handover snapshot status"));
    }
}
