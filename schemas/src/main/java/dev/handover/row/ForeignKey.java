package dev.handover.row;

import java.util.List;

/** A foreign key of a source table: its columns, and the table and columns they refer to, in the same order. */
public record ForeignKey(String name, List<String> columns, TableId referenced, List<String> referencedColumns) {
    public ForeignKey {
        columns = List.copyOf(columns);
        referencedColumns = List.copyOf(referencedColumns);
        if (columns.size() != referencedColumns.size()) {
            throw new IllegalArgumentException("foreign key \"" + name + "\" pairs unequal numbers of columns");
        }
    }
}
