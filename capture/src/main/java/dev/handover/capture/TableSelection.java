package dev.handover.capture;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which tables of a source to take, by patterns of {@code schema.table} in which {@code *} stands for any characters.
 *
 * @param include empty: every table of the database
 * @param exclude wins over include
 */
public record TableSelection(List<String> include, List<String> exclude) {
    /** Everything. */
    public static final TableSelection ALL = new TableSelection(List.of(), List.of());

    /** The table that our heartbeats are written to; never loaded or forwarded. */
    public static final String HEARTBEAT_TABLE = "handover_heartbeat";

    public TableSelection {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** Whether a table is to be taken. Never true for {@link #HEARTBEAT_TABLE}. */
    public boolean selects(String schema, String table) {
        if (table.equals(HEARTBEAT_TABLE)) {
            return false;
        }
        String name = schema + "." + table;
        return (include.isEmpty() || include.stream().anyMatch(pattern -> matches(pattern, name)))
                && exclude.stream().noneMatch(pattern -> matches(pattern, name));
    }

    private static boolean matches(String pattern, String name) {
        StringBuilder regex = new StringBuilder();
        for (String literal : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
        }
        return name.matches(regex.toString());
    }
}
