package dev.handover.capture.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.SourceTable;
import dev.handover.capture.SourceTable.ReplicaIdentity;
import dev.handover.capture.TableSelection;
import dev.handover.position.SourceId;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Constraints;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CapturedTablesTest {
    private static final SourceId SOURCE = new SourceId("pas");
    private static final TableId LOADED = new TableId("pas", "public", "loaded");
    private static final TableId EXCLUDED = new TableId("pas", "public", "excluded");
    private static final TableId DROPPED = new TableId("pas", "public", "dropped");
    private static final TableId UNFINISHED = new TableId("pas", "public", "unfinished");
    private static final TableId BEFORE = new TableId("pas", "public", "loaded_before_schemas_were_kept");
    private static final TableId FRESH = new TableId("pas", "public", "fresh");
    private static final TableId KEYLESS = new TableId("pas", "public", "keyless");

    private static TableSchema schema(TableId table, Kind kind) {
        return new TableSchema(table, List.of(new Column("id", ColumnType.of(kind), false)), List.of("id"));
    }

    private static SourceTable live(TableId table, Optional<SourceTable.Problem> problem) {
        return new SourceTable(
                table,
                problem.isPresent() ? Optional.empty() : Optional.of(schema(table, Kind.INT64)),
                new Constraints(table, List.of(), List.of(), Map.of()),
                -1,
                -1,
                ReplicaIdentity.KEY,
                problem);
    }

    private static Ledger ledger() {
        Ledger keys = new Ledger(SOURCE, Map.of());
        Map<String, String> entries = new HashMap<>();
        for (TableId table : List.of(LOADED, EXCLUDED, DROPPED, UNFINISHED)) {
            entries.put(
                    keys.schemaKey(table),
                    RecordedTable.loaded(schema(table, Kind.INT32)).json());
        }
        for (TableId table : List.of(LOADED, EXCLUDED, DROPPED, BEFORE)) {
            entries.put(keys.loadedKey(table), "{}");
        }
        return new Ledger(SOURCE, entries);
    }

    @Test
    void aTableIsKnownFromItsLoadOnWhileItIsSelected() {
        SourceTable.Problem problem = new SourceTable.Problem("type-unsupported", "it has an odd column", "drop it");

        CapturedTables captured = CapturedTables.of(
                ledger(),
                new TableSelection(List.of(), List.of("public.excluded")),
                List.of(
                        live(LOADED, Optional.empty()),
                        live(UNFINISHED, Optional.empty()),
                        live(BEFORE, Optional.empty()),
                        live(FRESH, Optional.empty()),
                        live(KEYLESS, Optional.of(problem))));

        assertThat(captured.known())
                .containsOnly(
                        Map.entry(LOADED, RecordedTable.loaded(schema(LOADED, Kind.INT32))),
                        Map.entry(DROPPED, RecordedTable.loaded(schema(DROPPED, Kind.INT32))),
                        Map.entry(BEFORE, RecordedTable.loaded(schema(BEFORE, Kind.INT64))));
        assertThat(captured.fresh()).containsOnlyKeys(UNFINISHED, FRESH);
        assertThat(captured.refused()).containsExactly(Map.entry(KEYLESS, problem));
    }
}
