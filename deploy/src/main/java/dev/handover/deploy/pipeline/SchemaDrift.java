package dev.handover.deploy.pipeline;

import dev.handover.capture.SourceTable;
import dev.handover.capture.engine.CaptureState;
import dev.handover.capture.engine.CapturedTables;
import dev.handover.capture.engine.RecordedTable;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.drift.Difference;
import dev.handover.drift.DriftPolicy;
import dev.handover.drift.Evolution;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The schemas that capture remembers beside those that the sources have now: what changed, and what becomes of it.
 *
 * @param tables those that differ, by name
 * @param compared how many tables were compared
 */
public record SchemaDrift(List<Table> tables, int compared) {
    public SchemaDrift {
        tables = List.copyOf(tables);
    }

    /** What becomes of a table. */
    public enum Fate {
        /** Its changes go on under a schema that grows. */
        FOLLOWED,
        /** It is not captured yet. */
        NEW,
        /** It is no longer at the source. */
        GONE,
        /** The next change parks it. */
        PARKS,
        /** It is parked. */
        PARKED;

        /** Lower case. */
        public String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** Whether changes do not, or will not, reach the target. */
        public boolean stands() {
            return this == PARKS || this == PARKED;
        }
    }

    /**
     * A table whose schema changed.
     *
     * @param what for people, without a value
     * @param remedy empty where nothing needs to be done
     */
    public record Table(TableId table, DriftPolicy policy, Fate fate, String what, String remedy) {}

    /** Whether any table stands still, or will. */
    public boolean stands() {
        return tables.stream().anyMatch(table -> table.fate().stands());
    }

    /** Reads the state topic and the sources' catalogs. @throws dev.handover.fault.Fault when one does not answer */
    public static SchemaDrift read(Assembly assembly) {
        List<Table> tables = new ArrayList<>();
        int compared = 0;
        for (SourceConfig source : assembly.pipeline().sources()) {
            CaptureState state = CaptureState.read(assembly.kafka(), assembly.topics(), source.name());
            if (state.recorded().isEmpty()) {
                continue;
            }
            Map<TableId, SourceTable> live = new TreeMap<>();
            assembly.inventory(source).tables().forEach(table -> live.put(table.table(), table));
            CapturedTables captured = state.tables(Assembly.selection(source), List.copyOf(live.values()));
            compared += captured.known().size();
            captured.known().forEach((id, table) -> {
                DriftPolicy policy = assembly.pipeline().drift(id.text());
                of(table, Optional.ofNullable(live.get(id)), policy).ifPresent(tables::add);
            });
            for (TableId id : live.keySet()) {
                if (!captured.known().containsKey(id)) {
                    tables.add(new Table(
                            id,
                            assembly.pipeline().drift(id.text()),
                            Fate.NEW,
                            "the table is new",
                            "capture loads it when it starts the next time"));
                }
            }
        }
        tables.sort(Comparator.comparing(Table::table));
        return new SchemaDrift(tables, compared);
    }

    /**
     * The schema that a table's changes are written under once capture has seen the source's; empty where the table
     * does not go on. Pure.
     */
    static Optional<TableSchema> written(RecordedTable recorded, Optional<SourceTable> live, DriftPolicy policy) {
        if (recorded.standstill().isPresent()) {
            return Optional.empty();
        }
        return live.flatMap(SourceTable::schema)
                .map(schema -> new Evolution(policy, recorded.held(), recorded.known()).decide(schema))
                .filter(Evolution.Followed.class::isInstance)
                .map(decision -> ((Evolution.Followed) decision).held());
    }

    /** One table; empty where nothing changed. Pure. */
    static Optional<Table> of(RecordedTable recorded, Optional<SourceTable> live, DriftPolicy policy) {
        TableId id = recorded.held().table();
        if (recorded.standstill().isPresent()) {
            RecordedTable.Standstill still = recorded.standstill().get();
            Fate fate = still.cause() == RecordedTable.Cause.GONE ? Fate.GONE : Fate.PARKED;
            return Optional.of(new Table(id, policy, fate, still.why(), still.remedy()));
        }
        if (live.isEmpty()) {
            return Optional.of(new Table(
                    id,
                    policy,
                    Fate.GONE,
                    "the table is no longer at the source: dropped or renamed",
                    "exclude it if it was dropped on purpose"));
        }
        Optional<TableSchema> schema = live.get().schema();
        if (schema.isEmpty()) {
            return live.get()
                    .problem()
                    .map(problem -> new Table(id, policy, Fate.PARKS, problem.message(), problem.hint()));
        }
        Evolution.Decision decision = new Evolution(policy, recorded.held(), recorded.known()).decide(schema.get());
        if (decision instanceof Evolution.Parked parked) {
            return Optional.of(new Table(
                    id,
                    policy,
                    Fate.PARKS,
                    parked.why(),
                    "change it back at the source before a row changes, or give the table another policy"
                            + " (tables[].drift)"));
        }
        return decision.differences().isEmpty()
                ? Optional.empty()
                : Optional.of(new Table(id, policy, Fate.FOLLOWED, Difference.text(decision.differences()), ""));
    }
}
