package dev.handover.row;

import java.util.ArrayList;
import java.util.List;

/**
 * Tables without a key, as multisets. What such a table has instead of a key is how often each row is in it. So each of
 * {@code n} equal rows gets a key made of what it holds and of a number from 1 to {@code n}: the table then is as any
 * other, and every row that is more or less at one end has a name.
 *
 * <p>A row is known by the hash of its content, in a column that is added, as is its number. All copies of a row are in
 * one bucket, so that one task counts them. A change log does not say numbers, because no log knows which of equal rows
 * it is about: there every change has number {@value #UNNUMBERED}, and says "one more" or "one less".
 */
public final class Keyless {
    /** {@link Kind#BYTES}: the hash of the row's content. */
    public static final String ROW = "_handover_row";

    /** {@link Kind#INT32}: the number of the copy, from 1. */
    public static final String COPY = "_handover_copy";

    /** The added columns, which are the key. */
    public static final List<String> KEY = List.of(ROW, COPY);

    /** The number of a copy where none is known. */
    public static final int UNNUMBERED = 0;

    private Keyless() {}

    /** The schema of a table without a key: its own columns, and the added ones after them. */
    public static TableSchema schema(TableId table, List<Column> content) {
        List<Column> columns = new ArrayList<>(content);
        columns.add(new Column(ROW, ColumnType.of(Kind.BYTES), false));
        columns.add(new Column(COPY, ColumnType.of(Kind.INT32), false));
        return new TableSchema(table, columns, KEY);
    }

    /** The key of a copy. */
    public static RowKey key(byte[] hash, int copy) {
        return RowKey.of(new Value.Bytes(hash), new Value.Int(copy));
    }

    /** The key of another copy of the same row. */
    public static RowKey key(RowKey any, int copy) {
        return RowKey.of(any.values().get(0), new Value.Int(copy));
    }

    /** The number of the copy that a key names. */
    public static int copy(RowKey key) {
        return (int) ((Value.Int) key.values().get(1)).value();
    }

    /** The row as the copy of that number. */
    public static Row row(Row row, int copy) {
        List<Cell> cells = new ArrayList<>(row.cells());
        cells.set(row.schema().ordinal(COPY), new Value.Int(copy));
        return new Row(row.schema(), cells);
    }
}
