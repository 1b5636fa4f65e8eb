package dev.handover.deploy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says whether two queries on two servers answer alike, and shares nothing with the pipeline: each query gives one text
 * a row, in an order by bytes, and all of them are hashed.
 */
record PostgresOracle(Connection source, Connection target) {
    /** What a server answered. */
    record Answer(long rows, String hash) {}

    /** The query for a table that is copied: every column as the server prints it. */
    static String copy(String schema, String table, List<String> columns) {
        return rows(
                columns.stream()
                        .map(column -> CatalogTable.quote(column) + "::text")
                        .toList(),
                CatalogTable.quote(schema) + "." + CatalogTable.quote(table));
    }

    /** One text a row, from expressions that are text. */
    static String rows(List<String> expressions, String from) {
        return "SELECT r FROM (SELECT ROW(" + expressions.stream().collect(Collectors.joining(", "))
                + ")::text AS r FROM " + from + ") q ORDER BY r COLLATE \"C\"";
    }

    /** Whether both answer alike. */
    boolean equal(String atSource, String atTarget) throws SQLException {
        return answer(source, atSource).equals(answer(target, atTarget));
    }

    /** Fails where they do not. */
    void requireEqual(String atSource, String atTarget) throws SQLException {
        Answer here = answer(source, atSource);
        Answer there = answer(target, atTarget);
        if (!here.equals(there)) {
            throw new AssertionError("source " + here + ", target " + there + " for " + atTarget);
        }
    }

    static Answer answer(Connection connection, String sql) throws SQLException {
        MessageDigest digest = sha256();
        long rows = 0;
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL TimeZone = 'UTC'");
            statement.execute("SET LOCAL extra_float_digits = 1");
            statement.setFetchSize(5_000);
            try (ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    digest.update(row.getString(1).getBytes(UTF_8));
                    digest.update((byte) 0);
                    rows++;
                }
            }
        } finally {
            connection.rollback();
        }
        return new Answer(rows, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
