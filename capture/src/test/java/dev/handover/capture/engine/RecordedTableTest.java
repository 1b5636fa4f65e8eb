package dev.handover.capture.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordedTableTest {
    private static final TableId TABLE = new TableId("pas", "public", "odd \"name\"");
    private static final TableSchema KNOWN = new TableSchema(
            TABLE,
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("a,b", ColumnType.decimal(10, 2), true)),
            List.of("id"));

    @Test
    void comesBackFromTheStateTopicWithItsSchemasAndItsStandstill() {
        TableSchema held = new TableSchema(
                TABLE,
                List.of(
                        KNOWN.columns().get(0),
                        KNOWN.columns().get(1),
                        new Column("gone", ColumnType.postgres("inet"), true)),
                List.of("id"));
        for (RecordedTable.Cause cause : RecordedTable.Cause.values()) {
            RecordedTable table = new RecordedTable(
                    held, KNOWN, Optional.of(new RecordedTable.Standstill(cause, "column \"x\" is gone")));
            assertThat(RecordedTable.parse(TABLE, table.json())).isEqualTo(table);
        }
        RecordedTable loaded = RecordedTable.loaded(KNOWN);
        assertThat(RecordedTable.parse(TABLE, loaded.json())).isEqualTo(loaded);
    }

    @Test
    void whatIsNoEntryIsRefused() {
        assertThatThrownBy(() -> RecordedTable.parse(TABLE, "{\"rows\":1}")).isInstanceOf(RuntimeException.class);
    }
}
