package dev.handover.mapping;

import dev.handover.row.TableId;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * From one source table to one target table.
 *
 * @param version counts from 1; a higher version may rewrite what a lower one wrote
 * @param columns the columns that are declared, in their order at the target
 * @param rest whether every other column, neither declared as a source nor dropped, is copied by name
 * @param dropped source columns that are left behind on purpose
 */
public record TableMapping(
        TableId source, TableId target, int version, List<ColumnMapping> columns, boolean rest, Set<String> dropped) {
    public TableMapping {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        columns = List.copyOf(columns);
        dropped = Set.copyOf(dropped);
        if (version < 1) {
            throw new IllegalArgumentException("mapping versions count from 1, not " + version);
        }
    }

    /** Every column by name. */
    public static TableMapping copy(TableId source, TableId target, int version) {
        return new TableMapping(source, target, version, List.of(), true, Set.of());
    }
}
