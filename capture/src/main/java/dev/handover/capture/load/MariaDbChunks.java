package dev.handover.capture.load;

import dev.handover.capture.ChunkReader.ChunkPlan;
import dev.handover.capture.text.TextDecoder;
import dev.handover.row.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Cuts a table into ranges of its key: of as many of its columns, from the first on, as an index begins with and as
 * have values that are written back to the server exactly. Each range ends at a row's values, which are in it; the last
 * one has no end. So every key there is, and every one that may come, is in one range, however the server's collation
 * sorts: the server alone compares. A table without such a column is one chunk.
 *
 * <p>A range is told column by column ({@code a > 1 OR a = 1 AND b > 2}): the server would look at the whole table for
 * a comparison of rows ({@code (a, b) > (1, 2)}).
 */
final class MariaDbChunks {
    private static final String WHOLE = "";
    private static final int CHUNKS_MAX = 10_000;

    /**
     * Of a plan, which is one record of a topic that takes records of a megabyte; with more, chunks are made larger.
     */
    private static final long BOUNDS_CHARS_MAX = 400_000;

    private static final String SEPARATOR = ",";
    private static final Set<String> NUMBERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year");
    private static final Set<String> TIMES = Set.of("date", "datetime", "timestamp");
    private static final Set<String> TEXTS = Set.of("char", "varchar");
    private static final Set<String> BYTES = Set.of("binary", "varbinary");

    /** What a bound may be made of: nothing that a statement could be ended with. */
    private static final Pattern LITERAL =
            Pattern.compile("-?[0-9]+(\\.[0-9]+)?|'[-0-9: .]+'|(_utf8mb4 )?x'[0-9a-f]*'");

    private MariaDbChunks() {}

    /** A column of a key, and how its values are selected to be told again. */
    private record Part(String name, String selected) {}

    static ChunkPlan plan(TableSchema table, Connection connection, int chunkRows) throws SQLException {
        List<Part> parts = parts(table, connection);
        List<String> bounds = new ArrayList<>();
        if (!parts.isEmpty()) {
            int rows = chunkRows;
            long chars = 0;
            Optional<String> last = step(table, connection, parts, Optional.empty(), rows);
            while (last.isPresent()) {
                bounds.add(last.get());
                chars += last.get().length();
                if (bounds.size() >= CHUNKS_MAX || chars > BOUNDS_CHARS_MAX) {
                    rows = Math.multiplyExact(rows, 2);
                    chars = halve(bounds);
                }
                last = step(table, connection, parts, last, rows);
            }
        }
        bounds.add(WHOLE);
        return new ChunkPlan("", false, bounds);
    }

    /** Leaves every second bound, the last one too. @return characters of those that are left */
    static long halve(List<String> bounds) {
        for (int i = bounds.size() - 2; i >= 0; i -= 2) {
            bounds.remove(i);
        }
        return bounds.stream().mapToLong(String::length).sum();
    }

    private static Optional<String> step(
            TableSchema table, Connection connection, List<Part> parts, Optional<String> after, int rows)
            throws SQLException {
        List<String> columns =
                parts.stream().map(part -> MariaDbLoader.quoted(part.name())).toList();
        String sql = "SELECT " + parts.stream().map(Part::selected).collect(Collectors.joining(", ")) + " FROM "
                + MariaDbLoader.name(table)
                + after.map(bound -> " WHERE " + beyond(columns, literals(bound)))
                        .orElse("") + " ORDER BY " + String.join(", ", columns) + " LIMIT 1 OFFSET " + (rows - 1);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            if (!row.next()) {
                return Optional.empty();
            }
            List<String> bound = new ArrayList<>();
            for (int i = 1; i <= parts.size(); i++) {
                bound.add(row.getString(i));
            }
            return Optional.of(String.join(SEPARATOR, bound));
        }
    }

    /** The columns that ranges are made of, empty where none will do. */
    private static List<Part> parts(TableSchema table, Connection connection) throws SQLException {
        Map<String, String> told = told(table, connection);
        List<String> usable = new ArrayList<>();
        for (String column : table.key()) {
            if (!told.containsKey(column)) {
                break;
            }
            usable.add(column);
        }
        int indexed = indexes(table, connection).stream()
                .mapToInt(index -> (int) IntStream.range(0, Math.min(index.size(), usable.size()))
                        .takeWhile(i -> index.get(i).equals(usable.get(i)))
                        .count())
                .max()
                .orElse(0);
        List<Part> parts = new ArrayList<>();
        for (String column : usable.subList(0, indexed)) {
            parts.add(new Part(column, told.getOrDefault(column, "")));
        }
        return parts;
    }

    /** By column of the key, an expression that is a literal of its value; columns that have none are absent. */
    private static Map<String, String> told(TableSchema table, Connection connection) throws SQLException {
        Map<String, String> told = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT column_name, data_type, coalesce(character_set_name, '')"
                        + " FROM information_schema.columns WHERE table_schema = ? AND table_name = ?")) {
            statement.setString(1, table.table().schema());
            statement.setString(2, table.table().name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String column = MariaDbLoader.quoted(row.getString(1));
                    String type = row.getString(2).toLowerCase(java.util.Locale.ROOT);
                    if (NUMBERS.contains(type)) {
                        told.put(row.getString(1), "CAST(" + column + " AS CHAR)");
                    } else if (TIMES.contains(type)) {
                        told.put(row.getString(1), "CONCAT('''', CAST(" + column + " AS CHAR), '''')");
                    } else if (BYTES.contains(type)) {
                        told.put(row.getString(1), "CONCAT('x''', LOWER(HEX(" + column + ")), '''')");
                    } else if (TEXTS.contains(type)
                            && TextDecoder.exact(row.getString(3)).isPresent()) {
                        told.put(
                                row.getString(1),
                                "CONCAT('_utf8mb4 x''', LOWER(HEX(CONVERT(" + column + " USING utf8mb4))), '''')");
                    }
                }
            }
        }
        return told;
    }

    /** The columns of each index, up to the first that is there with its beginning alone. */
    private static List<List<String>> indexes(TableSchema table, Connection connection) throws SQLException {
        Map<String, Map<Integer, String>> indexes = new LinkedHashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT index_name, seq_in_index, column_name, sub_part IS NULL"
                        + " FROM information_schema.statistics WHERE table_schema = ? AND table_name = ?"
                        + " AND index_type = 'BTREE'")) {
            statement.setString(1, table.table().schema());
            statement.setString(2, table.table().name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    indexes.computeIfAbsent(row.getString(1), name -> new TreeMap<>())
                            .put(row.getInt(2), row.getBoolean(4) && row.getString(3) != null ? row.getString(3) : "");
                }
            }
        }
        return indexes.values().stream()
                .map(columns -> List.copyOf(columns.values()))
                .toList();
    }

    /** What selects a chunk; empty where it is the whole table. */
    static String condition(TableSchema table, ChunkPlan plan, int chunk) {
        List<String> conditions = new ArrayList<>();
        if (chunk > 0) {
            List<String> from = literals(plan.chunks().get(chunk - 1));
            conditions.add(beyond(columns(table, from), from));
        }
        if (chunk + 1 < plan.chunks().size()) {
            List<String> to = literals(plan.chunks().get(chunk));
            conditions.add(upTo(columns(table, to), to));
        }
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private static List<String> columns(TableSchema table, List<String> bound) {
        return table.key().subList(0, bound.size()).stream()
                .map(MariaDbLoader::quoted)
                .toList();
    }

    /** Keys above a bound. */
    private static String beyond(List<String> columns, List<String> bound) {
        return ordered(columns, bound, " > ", " > ", " >= ");
    }

    /** Keys up to and with a bound. */
    private static String upTo(List<String> columns, List<String> bound) {
        return ordered(columns, bound, " < ", " <= ", " <= ");
    }

    /** @param first what an index is looked up by: it says nothing that the rest does not */
    private static String ordered(List<String> columns, List<String> bound, String strict, String last, String first) {
        int end = columns.size() - 1;
        String condition = columns.get(end) + last + bound.get(end);
        for (int i = end - 1; i >= 0; i--) {
            String at = columns.get(i);
            condition = at + strict + bound.get(i) + " OR " + at + " = " + bound.get(i) + " AND (" + condition + ")";
        }
        return "(" + columns.get(0) + first + bound.get(0) + " AND (" + condition + "))";
    }

    /** The values of a bound. @throws IllegalArgumentException when it is none; the message holds no value */
    static List<String> literals(String bound) {
        List<String> literals = List.of(bound.split(SEPARATOR, -1));
        if (!literals.stream().allMatch(literal -> LITERAL.matcher(literal).matches())) {
            throw new IllegalArgumentException("not a bound of a chunk");
        }
        return literals;
    }
}
