package dev.handover.capture.load;

import dev.handover.capture.ChunkReader.ChunkPlan;
import dev.handover.row.Column;
import dev.handover.row.TableSchema;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chunks of MariaDB and MySQL tables: ranges of the key's first column, where that is an integer with an index; found
 * by stepping through the index, so they hold about as many rows as asked, gaps and skew or not. Rows of one value stay
 * together. Every other table is one chunk.
 *
 * <p>The chunks are the ranges up to each value and the one above the last, so every key there can be is in one.
 */
final class MariaDbChunks {
    private static final String WHOLE = "";
    private static final int CHUNKS_MAX = 10_000;

    private MariaDbChunks() {}

    static ChunkPlan plan(TableSchema table, Connection connection, int chunkRows) throws SQLException {
        Optional<String> column = column(table, connection);
        List<String> bounds = new ArrayList<>();
        if (column.isPresent()) {
            String name = MariaDbLoader.quoted(column.get());
            Optional<String> last = Optional.empty();
            do {
                last = step(table, connection, name, last, chunkRows);
                last.ifPresent(bounds::add);
            } while (last.isPresent() && bounds.size() < CHUNKS_MAX);
        }
        bounds.add(WHOLE);
        return new ChunkPlan("", false, bounds);
    }

    private static Optional<String> step(
            TableSchema table, Connection connection, String column, Optional<String> after, int rows)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + column + " FROM " + MariaDbLoader.name(table)
                        + after.map(value -> " WHERE " + column + " > " + number(value))
                                .orElse("") + " ORDER BY "
                        + column + " LIMIT 1 OFFSET " + (rows - 1))) {
            return row.next() ? Optional.of(number(row.getString(1))) : Optional.empty();
        }
    }

    /** The key's first column, where ranges of it can be selected without a look at the whole table. */
    private static Optional<String> column(TableSchema table, Connection connection) throws SQLException {
        Column first = table.keyColumns().get(0);
        boolean integer =
                switch (first.type().kind()) {
                    case INT16, INT32, INT64, UINT64 -> true;
                    default -> false;
                };
        if (!integer) {
            return Optional.empty();
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM information_schema.statistics WHERE table_schema = ? AND"
                        + " table_name = ? AND column_name = ? AND seq_in_index = 1 LIMIT 1")) {
            statement.setString(1, table.table().schema());
            statement.setString(2, table.table().name());
            statement.setString(3, first.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(first.name()) : Optional.empty();
            }
        }
    }

    /** What selects a chunk; empty where it is the whole table. */
    static String condition(TableSchema table, ChunkPlan plan, int chunk) {
        String column = MariaDbLoader.quoted(table.key().get(0));
        List<String> conditions = new ArrayList<>();
        if (chunk > 0) {
            conditions.add(column + " > " + number(plan.chunks().get(chunk - 1)));
        }
        if (chunk + 1 < plan.chunks().size()) {
            conditions.add(column + " <= " + number(plan.chunks().get(chunk)));
        }
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private static String number(String text) {
        return new BigInteger(text).toString();
    }
}
