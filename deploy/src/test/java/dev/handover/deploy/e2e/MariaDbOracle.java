package dev.handover.deploy.e2e;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says whether copied tables are equal, and shares nothing with the pipeline: both servers are asked for text, and the
 * sorted texts are compared.
 */
record MariaDbOracle(Connection source, Connection target) {
    private static final char BETWEEN = '\u0001';
    private static final String NULL = "\u0002";

    /** Tables that differ, each with the columns that do; a table or column that is not there fails. */
    List<String> differences(Collection<CatalogTable> tables) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute("SET SESSION time_zone = '+00:00'");
        }
        List<String> differences = new ArrayList<>();
        for (CatalogTable table : tables) {
            if (!whole(table, table.columns()).isEmpty()) {
                List<String> columns = new ArrayList<>();
                for (CatalogTable.Column column : table.columns()) {
                    if (!whole(table, List.of(column)).isEmpty()) {
                        columns.add(column.name() + " (" + column.typeName() + ")");
                    }
                }
                differences.add(table.name() + " " + columns);
            }
        }
        return differences;
    }

    private String whole(CatalogTable table, List<CatalogTable.Column> columns) throws SQLException {
        String here = columns.stream().map(MariaDbOracle::atSource).collect(Collectors.joining(", "));
        String there = columns.stream().map(MariaDbOracle::atTarget).collect(Collectors.joining(", "));
        List<String> left = rows(source, "SELECT " + here + " FROM `" + table.name() + "`", columns);
        List<String> right = rows(target, "SELECT " + there + " FROM clinical." + table.quoted(), columns);
        return left.equals(right) ? "" : "differ";
    }

    private static String atSource(CatalogTable.Column column) {
        return switch (column.type()) {
            case Types.DOUBLE, Types.REAL, Types.FLOAT -> "CAST(`" + column.name() + "` AS DOUBLE)";
            // a zero time has no place in PostgreSQL, and the mapping says that it is nothing there
            case Types.TIMESTAMP -> "NULLIF(CAST(`" + column.name() + "` AS CHAR), '0000-00-00 00:00:00')";
            default -> "CAST(`" + column.name() + "` AS CHAR)";
        };
    }

    private static String atTarget(CatalogTable.Column column) {
        return switch (column.type()) {
            case Types.DOUBLE, Types.REAL, Types.FLOAT -> column.quoted() + "::float8";
            case Types.TIMESTAMP ->
                column.typeName().equalsIgnoreCase("timestamp")
                        ? "(" + column.quoted() + " AT TIME ZONE 'UTC')::text"
                        : column.quoted() + "::text";
            default -> column.quoted() + "::text";
        };
    }

    private static List<String> rows(Connection connection, String sql, List<CatalogTable.Column> columns)
            throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                StringBuilder line = new StringBuilder();
                for (int i = 1; i <= columns.size(); i++) {
                    line.append(cell(row, i, columns.get(i - 1).type())).append(BETWEEN);
                }
                rows.add(line.toString());
            }
        }
        rows.sort(null);
        return rows;
    }

    private static String cell(ResultSet row, int place, int type) throws SQLException {
        String text = row.getString(place);
        if (text == null) {
            return NULL;
        }
        return switch (type) {
            case Types.DOUBLE, Types.REAL, Types.FLOAT -> Double.toString(row.getDouble(place));
            default -> text;
        };
    }
}
