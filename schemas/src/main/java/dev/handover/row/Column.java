package dev.handover.row;

import java.util.Objects;

/** A column of a table: its exact name, its type, and whether it may be null. */
public record Column(String name, ColumnType type, boolean nullable) {
    public Column {
        Objects.requireNonNull(type, "type");
        if (Objects.requireNonNull(name, "name").isEmpty()) {
            throw new IllegalArgumentException("a column has a name");
        }
    }
}
