package dev.handover.reconciler.read;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.judge.Stamp;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A MariaDB source. {@code START TRANSACTION WITH CONSISTENT SNAPSHOT} takes the snapshot and the place in the binary
 * log under one lock of the server, so that the transactions before the place are those in the snapshot, and both ends
 * of the {@link Stamp} are that place: a change before it has a position below it, a change after it one above, because
 * the event that begins a transaction is in between.
 *
 * <p>Tables of an engine without transactions have no snapshot. A row of theirs becomes visible when its statement
 * unlocks the table, which is after it was logged; so for these the upper end is the end of the log after the reading,
 * which takes the privilege {@code BINLOG MONITOR}, while the lower end stays.
 */
public final class MariaDbSource implements SourceDatabase {
    private final SourceId id;
    private final Connections connections;
    private final int epoch;
    private final int fetchRows;

    /**
     * A source that is read through these connections, by a user who may SELECT its tables.
     *
     * @param epoch the one that capture writes into positions
     */
    public MariaDbSource(SourceId id, Connections connections, int epoch, int fetchRows) {
        this.id = Objects.requireNonNull(id, "id");
        this.connections = Objects.requireNonNull(connections, "connections");
        this.epoch = epoch;
        this.fetchRows = fetchRows;
    }

    @Override
    public SourceId id() {
        return id;
    }

    @Override
    public List<String> columns(TableId table) {
        List<String> columns = new ArrayList<>();
        try (Connection connection = connections.open();
                PreparedStatement statement = Sql.prepared(
                        connection,
                        "SELECT c.COLUMN_NAME FROM information_schema.COLUMNS c JOIN information_schema.TABLES t"
                                + " ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME"
                                + " WHERE c.TABLE_SCHEMA = ? AND c.TABLE_NAME = ? AND t.TABLE_TYPE <> 'VIEW'"
                                // a virtual column is in no log and holds nothing that could be lost
                                + " AND c.EXTRA NOT LIKE '%VIRTUAL%' ORDER BY c.ORDINAL_POSITION",
                        table.schema(),
                        table.name());
                ResultSet results = statement.executeQuery()) {
            while (results.next()) {
                columns.add(results.getString(1));
            }
        } catch (SQLException e) {
            throw fault(e);
        }
        return columns;
    }

    @Override
    public SortedSet<TableId> tables(Set<String> schemas) {
        SortedSet<TableId> tables = new TreeSet<>();
        if (schemas.isEmpty()) {
            return tables;
        }
        String places = String.join(", ", Collections.nCopies(schemas.size(), "?"));
        try (Connection connection = connections.open();
                PreparedStatement statement = Sql.prepared(
                        connection,
                        "SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES"
                                + " WHERE TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND TABLE_SCHEMA IN ("
                                + places + ")",
                        schemas.toArray(String[]::new));
                ResultSet results = statement.executeQuery()) {
            while (results.next()) {
                tables.add(new TableId(id.name(), results.getString(1), results.getString(2)));
            }
        } catch (SQLException e) {
            throw fault(e);
        }
        return tables;
    }

    @Override
    public SourceSnapshot open(SortedSet<SourcePosition> boundaries) {
        try {
            Connection connection = connections.open();
            try {
                Sql.execute(
                        connection,
                        "SET SESSION time_zone = '+00:00', sql_mode = '', character_set_results = 'utf8mb4',"
                                + " max_statement_time = 0");
                Sql.execute(connection, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                Sql.execute(connection, "START TRANSACTION READ ONLY, WITH CONSISTENT SNAPSHOT");
                Map<String, String> place = new HashMap<>();
                try (Statement statement = connection.createStatement();
                        ResultSet results = statement.executeQuery("SHOW STATUS LIKE 'binlog_snapshot_%'")) {
                    while (results.next()) {
                        place.put(results.getString(1).toLowerCase(java.util.Locale.ROOT), results.getString(2));
                    }
                }
                return new Snapshot(
                        connection,
                        position(
                                place.getOrDefault("binlog_snapshot_file", ""),
                                place.getOrDefault("binlog_snapshot_position", "")));
            } catch (SQLException | Fault e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** The place just after what is in the log up to there. */
    private SourcePosition position(String file, String position) {
        try {
            int number = Integer.parseInt(file.substring(file.lastIndexOf('.') + 1));
            return SourcePosition.mariadb(id, epoch, number, Long.parseLong(position), 0);
        } catch (NumberFormatException e) {
            throw Fault.of(
                    ExitCode.FAILED,
                    "recon-no-binlog-place",
                    "source \"" + id + "\" does not say where in its binary log a consistent snapshot is",
                    "Switch the binary log on (log_bin); the server must be MariaDB 5.3 or later.");
        }
    }

    private Fault fault(SQLException e) {
        return Sql.fault("source \"" + id + "\"", e);
    }

    /** A consistent snapshot. */
    private final class Snapshot implements SourceSnapshot {
        private final Connection connection;
        private final SourcePosition place;
        private final Map<TableId, Boolean> transactional = new HashMap<>();

        Snapshot(Connection connection, SourcePosition place) {
            this.connection = connection;
            this.place = place;
        }

        @Override
        public void scan(TableSchema table, List<? extends Scanned> readers) {
            // nobody can begin another transaction with the snapshot of this one
            SourceRows rows = new SourceRows(table, readers.get(0));
            try (Statement statement =
                    connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
                statement.setFetchSize(fetchRows);
                try (ResultSet results = statement.executeQuery(MariaDbRows.select(table))) {
                    while (results.next()) {
                        MariaDbRows.read(table, results, rows);
                    }
                }
            } catch (SQLException e) {
                throw fault(e);
            }
        }

        @Override
        public void rows(TableSchema table, List<RowKey> keys, Scanned scanned) {
            if (table.keyless()) {
                scan(table, SourceRows.copies(keys, scanned));
                return;
            }
            SourceRows rows = new SourceRows(table, scanned);
            try (PreparedStatement statement =
                    connection.prepareStatement(MariaDbRows.select(table) + MariaDbRows.keyed(table, keys.size()))) {
                MariaDbRows.bind(statement, table, keys);
                try (ResultSet results = statement.executeQuery()) {
                    while (results.next()) {
                        MariaDbRows.read(table, results, rows);
                    }
                }
            } catch (SQLException e) {
                throw fault(e);
            }
        }

        @Override
        public Stamp stamp(TableSchema table) {
            try {
                return new Stamp(Optional.of(place), transactional(table.table()) ? place : endOfLog());
            } catch (SQLException e) {
                throw fault(e);
            }
        }

        @Override
        public Answer ask(String sql, Duration longest) {
            try {
                Sql.execute(connection, "SET SESSION max_statement_time = " + Math.max(1, longest.toMillis()) / 1e3);
                Answer answer;
                try {
                    answer = Sql.answer(connection, sql);
                } catch (SQLException e) {
                    answer = Sql.refused("source \"" + id + "\"", e, longest);
                }
                Sql.execute(connection, "SET SESSION max_statement_time = 0");
                return answer;
            } catch (SQLException e) {
                throw fault(e);
            }
        }

        @Override
        public String table(TableId table) {
            return MariaDbRows.quoted(table);
        }

        @Override
        public String column(String name) {
            return MariaDbRows.quoted(name);
        }

        private boolean transactional(TableId table) throws SQLException {
            Boolean known = transactional.get(table);
            if (known == null) {
                try (PreparedStatement statement = Sql.prepared(
                                connection,
                                "SELECT ENGINE = 'InnoDB' FROM information_schema.TABLES"
                                        + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
                                table.schema(),
                                table.name());
                        ResultSet results = statement.executeQuery()) {
                    known = results.next() && results.getBoolean(1);
                }
                transactional.put(table, known);
            }
            return known;
        }

        private SourcePosition endOfLog() throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet results = statement.executeQuery("SHOW MASTER STATUS")) {
                return results.next() ? position(results.getString(1), results.getString(2)) : position("", "");
            }
        }

        @Override
        public void close() {
            try (connection) {
                Sql.execute(connection, "ROLLBACK");
            } catch (SQLException e) {
                throw fault(e);
            }
        }
    }
}
