package dev.handover.reconciler;

import dev.handover.mapping.TableMapping;
import dev.handover.row.TableSchema;
import java.util.Objects;

/** A source table as its catalog described it, and the mapping that it travels by. */
public record TablePair(TableSchema source, TableMapping mapping) {
    public TablePair {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(mapping, "mapping");
        if (!source.table().equals(mapping.source())) {
            throw new IllegalArgumentException(
                    "mapping of " + mapping.source() + " does not fit table " + source.table());
        }
    }
}
