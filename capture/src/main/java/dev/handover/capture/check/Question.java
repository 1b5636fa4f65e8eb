package dev.handover.capture.check;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Short questions to a source, answered as text. */
final class Question {
    private final Connection connection;

    Question(Connection connection) {
        this.connection = connection;
    }

    /** Every row's columns; a null is the empty text. */
    List<List<String>> rows(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<List<String>> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                int columns = row.getMetaData().getColumnCount();
                while (row.next()) {
                    List<String> texts = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        String text = row.getString(i);
                        texts.add(text == null ? "" : text);
                    }
                    rows.add(texts);
                }
            }
            return rows;
        }
    }

    /** The first column of the first row; nothing when there is no row. */
    Optional<String> one(String sql, Object... parameters) throws SQLException {
        return rows(sql, parameters).stream().findFirst().map(row -> row.get(0));
    }

    /** The first column of the first row as a number; 0 when there is none. */
    long number(String sql, Object... parameters) throws SQLException {
        return one(sql, parameters)
                .filter(text -> !text.isEmpty())
                .map(Long::parseLong)
                .orElse(0L);
    }

    /** Whether there is a row at all. */
    boolean any(String sql, Object... parameters) throws SQLException {
        return !rows(sql, parameters).isEmpty();
    }
}
