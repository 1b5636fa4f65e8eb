package dev.handover.sink.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Texts by column and row, sent as one array for each column. */
final class TextArrays {
    private final List<Column> columns;

    TextArrays(int columns, int rows) {
        this.columns =
                IntStream.range(0, columns).mapToObj(column -> new Column(rows)).toList();
    }

    private static final class Column {
        private final @Nullable String[] texts;

        Column(int rows) {
            texts = new String[rows];
        }
    }

    void set(int column, int row, @Nullable String text) {
        columns.get(column).texts[row] = text;
    }

    /** @return the parameter after the last one that was bound */
    int bind(Connection connection, PreparedStatement statement, int first) throws SQLException {
        int next = first;
        for (Column column : columns) {
            statement.setArray(next++, connection.createArrayOf("text", column.texts));
        }
        return next;
    }
}
