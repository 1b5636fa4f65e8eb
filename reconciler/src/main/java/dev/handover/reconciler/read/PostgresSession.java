package dev.handover.reconciler.read;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads rows of PostgreSQL as the text that {@link PostgresText} knows. */
final class PostgresSession {
    private PostgresSession() {}

    /** Begins a read-only repeatable read with the settings that text is parsed under; it takes no snapshot yet. */
    static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        Sql.execute(
                connection,
                "SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL TimeZone = 'UTC'; SET LOCAL IntervalStyle = 'iso_8601';"
                        + " SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex';"
                        + " SET LOCAL client_min_messages = 'error'; SET LOCAL search_path = pg_catalog;"
                        + " SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;"
                        + " SET LOCAL row_security = off");
    }

    /**
     * Virtual columns are in no log, stored generated ones only from version 18 on: they hold nothing that could be
     * lost.
     */
    private static final String LOGGED = "NOT (a.attgenerated = 'v' OR a.attgenerated = 's'"
            + " AND current_setting('server_version_num')::int < 180000)";

    /** The columns of a table or partitioned table, each with its type by its unambiguous name; empty where none. */
    static Map<String, String> columns(Connection connection, TableId table) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = Sql.prepared(
                        connection,
                        "SELECT a.attname, quote_ident(n.nspname) || '.' || quote_ident(t.typname)"
                                + " FROM pg_catalog.pg_attribute a"
                                + " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
                                + " JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace"
                                + " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
                                + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
                                + " WHERE s.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')"
                                + " AND a.attnum > 0 AND NOT a.attisdropped AND " + LOGGED + " ORDER BY a.attnum",
                        table.schema(),
                        table.name());
                ResultSet results = statement.executeQuery()) {
            while (results.next()) {
                columns.put(results.getString(1), results.getString(2));
            }
        }
        return columns;
    }

    /** The table as a query names it: without the tables that inherit from it, unless they are its partitions. */
    static String from(Connection connection, TableId table) throws SQLException {
        try (PreparedStatement statement = Sql.prepared(
                        connection,
                        "SELECT c.relkind = 'p' FROM pg_catalog.pg_class c"
                                + " JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace"
                                + " WHERE s.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')",
                        table.schema(),
                        table.name());
                ResultSet results = statement.executeQuery()) {
            boolean partitioned = results.next() && results.getBoolean(1);
            return (partitioned ? "" : "ONLY ") + Sql.quoted(table);
        }
    }

    /** Asks a statement within a savepoint, which also ends the limit of its time. */
    static Answer ask(Connection connection, String database, String sql, Duration longest) {
        try {
            Sql.execute(
                    connection, "SAVEPOINT asked; SET LOCAL statement_timeout = " + Math.max(1, longest.toMillis()));
            Answer answer;
            try {
                answer = Sql.answer(connection, sql);
            } catch (SQLException e) {
                answer = Sql.refused(database, e, longest);
            }
            Sql.execute(connection, "ROLLBACK TO SAVEPOINT asked; RELEASE SAVEPOINT asked");
            return answer;
        } catch (SQLException e) {
            throw Sql.fault(database, e);
        }
    }

    /** The cells of these columns as text, in this order, of a table called {@code t}. */
    static String cells(List<Column> columns) {
        List<String> cells = new ArrayList<>();
        for (Column column : columns) {
            String cell = "t." + Sql.quoted(column.name());
            // A cast of inet to text appends its netmask; what travels is what the type's output function prints.
            cells.add(
                    column.type().kind() == Kind.NATIVE
                            ? "CASE WHEN " + cell + " IS NOT NULL THEN pg_catalog.format('%s', " + cell + ") END"
                            : cell + "::text");
        }
        return String.join(", ", cells);
    }

    /** A join of {@code t} to as many keys as there are, each key's texts in the places of a statement. */
    static String keyed(TableSchema schema, Map<String, String> types, int keys) {
        List<String> casts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < schema.key().size(); i++) {
            String column = schema.key().get(i);
            String type = types.getOrDefault(column, "pg_catalog.text");
            casts.add("CAST(? AS " + type + ")");
            names.add("k" + i);
            equal.add("t." + Sql.quoted(column) + " = k.k" + i);
        }
        List<String> tuples = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            tuples.add("(" + String.join(", ", casts) + ")");
        }
        return " JOIN (VALUES " + String.join(", ", tuples) + ") AS k(" + String.join(", ", names) + ") ON "
                + String.join(" AND ", equal);
    }

    static void bind(PreparedStatement statement, List<RowKey> keys) throws SQLException {
        int place = 1;
        for (RowKey key : keys) {
            for (Value value : key.values()) {
                statement.setObject(place++, keyText(value), java.sql.Types.OTHER);
            }
        }
    }

    /** As PostgreSQL reads it; a canonical interval is text that it reads as well. */
    private static String keyText(Value value) {
        return PostgresText.format(value);
    }

    /** Reads the row of the target that the results are at, whose cells begin at column 1. */
    static void read(TableSchema schema, ResultSet results, Scanned rows) throws SQLException {
        List<Cell> cells = new ArrayList<>(schema.columns().size());
        String unreadable = cells(schema.columns(), results, cells);
        Row row = new Row(schema, cells);
        rows.row(
                row.key(),
                unreadable.isEmpty() ? Outcome.accepted(row) : Outcome.rejected(Reason.UNDECODABLE, unreadable));
    }

    /** Reads the row of a source that the results are at, whose cells begin at column 1. */
    static void read(TableSchema schema, ResultSet results, SourceRows rows) throws SQLException {
        List<Cell> cells = new ArrayList<>(schema.columns().size());
        String unreadable = cells(schema.content(), results, cells);
        rows.take(cells, unreadable);
    }

    /** Adds the cells of these columns; answers with the last that is unreadable, which is unchanged, or nothing. */
    private static String cells(List<Column> columns, ResultSet results, List<Cell> cells) throws SQLException {
        String unreadable = "";
        for (int i = 0; i < columns.size(); i++) {
            String text = results.getString(i + 1);
            if (text == null) {
                cells.add(Cell.NULL);
            } else {
                try {
                    cells.add(PostgresText.parse(columns.get(i).type(), text));
                } catch (IllegalArgumentException e) {
                    unreadable = columns.get(i).name();
                    cells.add(Cell.UNCHANGED);
                }
            }
        }
        return unreadable;
    }
}
