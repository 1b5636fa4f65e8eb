package dev.handover.capture.catalog;

import java.util.List;

/**
 * An index over plain columns that allows no two equal rows.
 *
 * @param primary whether it is the primary key
 * @param identity PostgreSQL: whether it was chosen as the replica identity
 * @param total whether every column refuses null, and every row is in it at once: only then it identifies rows
 */
record UniqueIndex(String name, List<String> columns, boolean primary, boolean identity, boolean total) {
    UniqueIndex {
        columns = List.copyOf(columns);
    }
}
