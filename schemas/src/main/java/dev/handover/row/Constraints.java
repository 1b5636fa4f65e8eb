package dev.handover.row;

import java.util.List;
import java.util.Map;

/**
 * What a source table has beside columns and key, applied to the target as a step of its own after the load.
 *
 * @param defaults by column, the default as an SQL expression that PostgreSQL understands; others are left out
 */
public record Constraints(
        TableId table, List<Index> indexes, List<ForeignKey> foreignKeys, Map<String, String> defaults) {
    public Constraints {
        indexes = List.copyOf(indexes);
        foreignKeys = List.copyOf(foreignKeys);
        defaults = Map.copyOf(defaults);
    }
}
