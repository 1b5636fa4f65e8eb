package dev.handover.deploy.demo;

import dev.handover.deploy.demo.LegacyTable.Column;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Writes a table's first rows the fast way of the engine: COPY on PostgreSQL, multi-row INSERT on MariaDB. */
final class BulkLoad {
    /** Characters of SQL or COPY text sent at once; far below MariaDB's default packet of 16 MiB. */
    private static final int CHUNK_CHARACTERS = 512 * 1024;

    private final Connection connection;
    private final LegacyEngine engine;

    BulkLoad(Connection connection, LegacyEngine engine) {
        this.connection = connection;
        this.engine = engine;
    }

    /** Loads the rows in the connection's transaction and tells {@code loaded} the count so far after each chunk. */
    long load(LegacyTable table, LongConsumer loaded) throws SQLException {
        try (var rows = table.rows().get()) {
            return engine == LegacyEngine.POSTGRES
                    ? copy(table, rows.iterator(), loaded)
                    : insert(table, rows.iterator(), loaded);
        }
    }

    private static String columns(LegacyTable table, String quote) {
        return table.columns().stream()
                .map(column -> quote + column.name() + quote)
                .collect(Collectors.joining(", ", " (", ")"));
    }

    private long copy(LegacyTable table, Iterator<@Nullable String[]> rows, LongConsumer loaded) throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY \"" + table.name() + "\"" + columns(table, "\"") + " FROM STDIN");
        try {
            StringBuilder text = new StringBuilder(CHUNK_CHARACTERS + 65_536);
            long count = 0;
            while (rows.hasNext()) {
                copyLine(text, table.columns(), rows.next());
                count++;
                if (text.length() >= CHUNK_CHARACTERS || !rows.hasNext()) {
                    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
                    copy.writeToCopy(bytes, 0, bytes.length);
                    text.setLength(0);
                    loaded.accept(count);
                }
            }
            copy.endCopy();
            return count;
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static void copyLine(StringBuilder text, List<Column> columns, @Nullable String[] row) {
        for (int i = 0; i < row.length; i++) {
            if (i > 0) {
                text.append('\t');
            }
            String cell = row[i];
            if (cell == null) {
                text.append("\\N");
                continue;
            }
            switch (columns.get(i).kind()) {
                case TEXT, BITS -> copyText(text, cell);
                case BYTES -> text.append("\\\\x").append(cell);
            }
        }
        text.append('\n');
    }

    private static void copyText(StringBuilder text, String cell) {
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                default -> text.append(c);
            }
        }
    }

    private long insert(LegacyTable table, Iterator<@Nullable String[]> rows, LongConsumer loaded) throws SQLException {
        String head = "INSERT INTO `" + table.name() + "`" + columns(table, "`") + " VALUES ";
        StringBuilder sql = new StringBuilder(CHUNK_CHARACTERS + 65_536);
        long count = 0;
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            while (rows.hasNext()) {
                sql.append(sql.isEmpty() ? head : ",");
                insertTuple(sql, table.columns(), rows.next());
                count++;
                if (sql.length() >= CHUNK_CHARACTERS || !rows.hasNext()) {
                    statement.executeUpdate(sql.toString());
                    sql.setLength(0);
                    loaded.accept(count);
                }
            }
        }
        return count;
    }

    private static void insertTuple(StringBuilder sql, List<Column> columns, @Nullable String[] row) {
        for (int i = 0; i < row.length; i++) {
            sql.append(i == 0 ? '(' : ',');
            String cell = row[i];
            if (cell == null) {
                sql.append("NULL");
                continue;
            }
            switch (columns.get(i).kind()) {
                case BITS -> sql.append("b'").append(cell).append('\'');
                case BYTES -> sql.append("x'").append(cell).append('\'');
                case TEXT -> insertText(sql, cell);
            }
        }
        sql.append(')');
    }

    private static void insertText(StringBuilder sql, String cell) {
        sql.append('\'');
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (c == '\'' || c == '\\') {
                sql.append('\\');
            }
            sql.append(c);
        }
        sql.append('\'');
    }
}
