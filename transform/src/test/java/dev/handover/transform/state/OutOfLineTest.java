package dev.handover.transform.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutOfLineTest {
    @ParameterizedTest
    @CsvSource({
        "TEXT, 20, false", "TEXT, 21, true", "JSON, 20, false", "JSON, 21, true",
        "JSONB, 2, true", "NATIVE, 3, true", "VARBITS, 120, false", "VARBITS, 136, true",
        "DATE, 40, false", "UUID, 36, false", "TIMESTAMPTZ, 40, false",
    })
    void aTextIsKeptWhereItMayNeedMoreThanAPointer(Kind kind, int length, boolean kept) {
        assertKept(ColumnType.of(kind), new Value.Text("1".repeat(length)), kept);
    }

    @Test
    void bytesOfATextCountNotItsCharacters() {
        assertKept(ColumnType.of(Kind.TEXT), new Value.Text("é".repeat(11)), true);
    }

    @Test
    void aPaddedTextIsAsLongAsItsColumn() {
        assertKept(new ColumnType(Kind.CHAR, 200, 0, "char"), new Value.Text("a"), true);
        assertKept(new ColumnType(Kind.CHAR, 10, 0, "char"), new Value.Text("a"), false);
    }

    @Test
    void longNumbersAndBytesAreKept() {
        assertKept(ColumnType.decimal(40, 0), Value.Decimal.parse("1".repeat(40)), true);
        assertKept(ColumnType.decimal(10, 2), Value.Decimal.parse("12345678.90"), false);
        assertKept(ColumnType.of(Kind.BYTES), new Value.Bytes(new byte[21]), true);
        assertKept(ColumnType.of(Kind.BYTES), new Value.Bytes(new byte[20]), false);
        assertKept(ColumnType.of(Kind.INT64), new Value.Int(Long.MAX_VALUE), false);
    }

    @Test
    void whatCameAsUnchangedIsKeptHoweverShort() {
        TableSchema schema = schema(ColumnType.of(Kind.TEXT));
        Row told = new Row(schema, List.of(new Value.Int(1), Cell.UNCHANGED));
        Row completed = new Row(schema, List.of(new Value.Int(1), new Value.Text("a")));
        assertThat(OutOfLine.kept(told, completed)).containsOnlyKeys("c");
    }

    private static void assertKept(ColumnType type, Value value, boolean kept) {
        Row row = new Row(schema(type), List.of(new Value.Int(1), value));
        assertThat(OutOfLine.kept(row, row).containsKey("c")).isEqualTo(kept);
    }

    private static TableSchema schema(ColumnType type) {
        return new TableSchema(
                TableId.parse("pas.public.t"),
                List.of(new Column("id", ColumnType.of(Kind.INT64), false), new Column("c", type, true)),
                List.of("id"));
    }
}
