package dev.handover.capture.load;

import dev.handover.capture.RowReader;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceSessions;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads single rows of PostgreSQL as a load reads them, on a connection that is kept. A commit is in the log before
 * others see it, and a state without it may hold an older row under the same key; so a row is read only when the
 * transaction that it is read for is visible. Used by one thread.
 */
public final class PostgresRowReader implements RowReader {
    private static final int TRIES = 2;
    private static final int LOOKS = 500;
    private static final int LOOK_MILLIS = 20;
    private static final long SPAN = 1L << 32;

    private final SourceConfig config;
    private final SourceSessions sessions;
    private @Nullable Connection kept;

    public PostgresRowReader(SourceConfig config) {
        this.config = config;
        this.sessions = new SourceSessions(config);
    }

    @Override
    public Optional<Row> read(TableSchema table, RowKey key, long transaction) {
        for (int left = TRIES; ; left--) {
            try {
                awaitVisible(connection(), transaction);
                return read(connection(), table, key);
            } catch (SQLException e) {
                close();
                String state = String.valueOf(e.getSQLState());
                if (state.startsWith("42")) {
                    // the table or a column of it is gone or not ours to read
                    return Optional.of(RowReader.unknown(table));
                }
                if (left == 1) {
                    throw sessions.fault(e);
                }
            }
        }
    }

    private Connection connection() throws SQLException {
        Connection open = kept;
        if (open == null) {
            open = sessions.open();
            open.setAutoCommit(false);
            kept = open;
        }
        return open;
    }

    private void awaitVisible(Connection connection, long transaction) throws SQLException {
        for (int left = LOOKS; !visible(connection, transaction); left--) {
            if (left == 1) {
                throw Fault.of(
                        ExitCode.TIMED_OUT,
                        "commit-invisible",
                        "a transaction is in the log of " + config + " and not visible there after "
                                + LOOKS * LOOK_MILLIS / 1_000 + " s",
                        "does it wait for a synchronous standby? Start again when that answers: it goes on from the last"
                                + " boundary");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.of(ExitCode.FAILED, "interrupted", "interrupted while a row was read", "start again");
            }
        }
    }

    /** The log says ids of 32 bits; the epoch is the one that brings it closest to now. */
    private static boolean visible(Connection connection, long transaction) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("WITH now AS (SELECT txid_current_snapshot() AS s),"
                        + " near AS (SELECT s, txid_snapshot_xmax(s) AS x, (? - txid_snapshot_xmax(s)) % " + SPAN
                        + " AS d FROM now) SELECT txid_visible_in_snapshot(x + CASE WHEN d >= " + SPAN / 2
                        + " THEN d - " + SPAN
                        + " WHEN d < -" + SPAN / 2 + " THEN d + " + SPAN + " ELSE d END, s) FROM near")) {
            statement.setLong(1, transaction);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        } finally {
            connection.rollback();
        }
    }

    private static Optional<Row> read(Connection connection, TableSchema table, RowKey key) throws SQLException {
        PostgresLoader.set(connection);
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < table.key().size(); i++) {
            String text = PostgresText.format(key.values().get(i));
            equal.add(PostgresLoader.quoted(table.key().get(i)) + " = '" + text.replace("'", "''") + "'");
        }
        String sql = "COPY (" + PostgresLoader.select(connection, table) + " WHERE " + String.join(" AND ", equal)
                + ") TO STDOUT";
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        CopyLine line = new CopyLine(table.content().size());
        Optional<Row> row = Optional.empty();
        for (byte[] next = copy.readFromCopy(); next != null; next = copy.readFromCopy()) {
            row = row.or(() -> Optional.of(RowReader.unknown(table)));
            Row read = new Row(table, cells(table.content(), line.split(next)));
            if (read.key().equals(key)) {
                row = Optional.of(read);
            }
        }
        connection.rollback();
        return row;
    }

    private static List<Cell> cells(List<Column> columns, @Nullable String[] texts) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            String text = texts[i];
            cells.add(text == null ? Cell.NULL : cell(columns.get(i), text));
        }
        return cells;
    }

    private static Cell cell(Column column, String text) {
        try {
            return PostgresText.parse(column.type(), text);
        } catch (IllegalArgumentException e) {
            return Cell.UNCHANGED;
        }
    }

    @Override
    public void close() {
        Connection open = kept;
        kept = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // nothing depends on it any more
                return;
            }
        }
    }
}
