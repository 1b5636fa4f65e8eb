package dev.handover.row;

import java.util.List;

/**
 * An index of a source table beside its key, by columns in order; expressions and partial indexes are not carried over.
 */
public record Index(String name, List<String> columns, boolean unique) {
    public Index {
        columns = List.copyOf(columns);
    }
}
