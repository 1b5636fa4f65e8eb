package dev.handover.row;

import java.util.List;
import java.util.Objects;

/** The cells of one row, in the order of the schema's columns. Its text form names no value. */
public record Row(TableSchema schema, List<Cell> cells) {
    public Row {
        Objects.requireNonNull(schema, "schema");
        cells = List.copyOf(cells);
        if (cells.size() != schema.columns().size()) {
            throw new IllegalArgumentException("table " + schema.table() + " has "
                    + schema.columns().size() + " columns, the row " + cells.size() + " cells");
        }
    }

    /** The cell of a column. @throws IllegalArgumentException when there is no such column */
    public Cell cell(String column) {
        return cells.get(schema.ordinal(column));
    }

    /** Whether every cell holds a value or null. */
    public boolean complete() {
        return !cells.contains(Cell.UNCHANGED);
    }

    /** The key of this row. */
    public RowKey key() {
        return schema.keyOf(this);
    }

    @Override
    public String toString() {
        return "row of " + schema.table();
    }
}
