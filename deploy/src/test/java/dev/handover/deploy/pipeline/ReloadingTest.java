package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.SourceTable;
import dev.handover.capture.TableSelection;
import dev.handover.capture.engine.CapturedTables;
import dev.handover.capture.engine.RecordedTable;
import dev.handover.capture.engine.RecordedTable.Cause;
import dev.handover.capture.engine.RecordedTable.Standstill;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Keyless;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tables can be loaded again. */
final class ReloadingTest {
    private static final TableSelection SELECTION = new TableSelection(List.of(), List.of("public.excluded"));
    private static final CapturedTables CAPTURED = new CapturedTables(
            new TreeMap<>(Map.of(
                    id("visit"), recorded("visit", Optional.empty()),
                    id("parked"), recorded("parked", Optional.of(new Standstill(Cause.TRUNCATED, "it was truncated"))),
                    id("excluded"), recorded("excluded", Optional.empty()),
                    id("keyless"), keyless())),
            new TreeMap<>(Map.of(id("fresh"), schema("fresh"))),
            new TreeMap<>(
                    Map.of(id("refused"), new SourceTable.Problem("no-key", "table refused has no key", "add one"))));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pas.public.visit    |                  |",
                "pas.public.vist     | table-unknown    | did you mean 'pas.public.visit'?",
                "pas.visit           | table-unknown    | handover snapshot status",
                "pas.public.excluded | table-excluded   | sources[].include",
                "pas.public.keyless  | table-keyless    | add a primary key",
                "pas.public.parked   | table-parked     | a truncate names no rows",
                "pas.public.fresh    | table-not-loaded | wait for its first load",
                "pas.public.refused  | no-key           | add one",
            })
    void aTableIsRefusedByName(String name, String code, String hint) {
        var refusal = Reloading.refusal(name, SELECTION, CAPTURED);

        assertThat(refusal.map(fault -> fault.code())).isEqualTo(Optional.ofNullable(code));
        refusal.ifPresent(fault -> assertThat(fault.hint()).contains(hint));
    }

    private static TableId id(String name) {
        return new TableId("pas", "public", name);
    }

    private static TableSchema schema(String name) {
        return new TableSchema(id(name), List.of(new Column("id", ColumnType.of(Kind.INT32), false)), List.of("id"));
    }

    private static RecordedTable recorded(String name, Optional<Standstill> still) {
        return new RecordedTable(schema(name), schema(name), still);
    }

    private static RecordedTable keyless() {
        TableSchema schema = Keyless.schema(id("keyless"), List.of(new Column("v", ColumnType.of(Kind.INT32), false)));
        return new RecordedTable(schema, schema, Optional.empty());
    }
}
