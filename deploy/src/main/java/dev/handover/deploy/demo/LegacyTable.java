package dev.handover.deploy.demo;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One table of the legacy hospital and its first rows. Every cell is the text the engine itself would read; only bits
 * ({@code 0101}) and bytes (hexadecimal) need to be told from text, because MariaDB spells their literals differently.
 *
 * @param name as in the catalogue, not quoted
 * @param columns the columns that are filled, in the order of a row's cells; the others take their defaults
 * @param rows the same rows each time it is asked
 */
record LegacyTable(String name, List<Column> columns, Supplier<Stream<@Nullable String[]>> rows) {
    enum Kind {
        TEXT,
        BITS,
        BYTES
    }

    record Column(String name, Kind kind) {}

    /** Columns are separated by spaces; {@code name:bits} and {@code name:bytes} say the kind. */
    static LegacyTable of(String name, String columns, Supplier<Stream<@Nullable String[]>> rows) {
        return new LegacyTable(
                name,
                Stream.of(columns.trim().split("\\s+")).map(LegacyTable::column).toList(),
                rows);
    }

    private static Column column(String spelled) {
        int colon = spelled.indexOf(':');
        if (colon < 0) {
            return new Column(spelled, Kind.TEXT);
        }
        return new Column(spelled.substring(0, colon), spelled.endsWith(":bits") ? Kind.BITS : Kind.BYTES);
    }

    /** A row from anything whose {@code toString} the engine reads; null stays null. */
    static @Nullable String[] row(@Nullable Object... cells) {
        @Nullable String[] row = new @Nullable String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            Object cell = cells[i];
            row[i] = cell == null ? null : cell.toString();
        }
        return row;
    }
}
