package dev.handover.reconciler.read;

import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.judge.Stamp;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A PostgreSQL source.
 *
 * <p><b>How the place of a snapshot is known.</b> A commit becomes visible a little after it is logged, and with
 * synchronous replication long after; so no position read beside a snapshot is safe for it. Instead, before the
 * snapshot: {@code L}, the end of the log; then the transaction ids that are locked; then {@code X}, above all of these
 * and above the last one completed. A transaction that logged its commit before {@code L} had its id, and the lock on
 * it, before; it lets go of the lock only after it became visible to new snapshots. So when the locks were read it
 * either still held its lock, and its id is below {@code X}, or it was visible, and its id is below {@code X} by the
 * completed ones. A snapshot whose {@code xmin} is at least {@code X} therefore shows it. ({@code xmax} of a snapshot
 * alone would not do for {@code X}: it counts completed transactions, not those that were given an id.)
 *
 * <p>{@code settled} is the last boundary that the target knew before {@code L} was read; see
 * {@link dev.handover.reconciler.judge.Judge} for why it must be a boundary. {@code high} is the end of the log
 * inserted after the snapshot was taken: with {@code synchronous_commit = off} a visible commit need not be flushed.
 */
public final class PostgresSource implements SourceDatabase {
    private static final long TRY_MILLIS = 20;
    private static final long XID_SPAN = 1L << 32;

    private final SourceId id;
    private final Connections connections;
    private final int fetchRows;
    private final int snapshotTries;

    /**
     * A source that is read through these connections, by a user who may SELECT its tables.
     *
     * @param snapshotTries how often a snapshot is taken anew until it shows all that was committing
     */
    public PostgresSource(SourceId id, Connections connections, int fetchRows, int snapshotTries) {
        this.id = Objects.requireNonNull(id, "id");
        this.connections = Objects.requireNonNull(connections, "connections");
        this.fetchRows = fetchRows;
        this.snapshotTries = snapshotTries;
    }

    @Override
    public SourceId id() {
        return id;
    }

    @Override
    public List<String> columns(TableId table) {
        try (Connection connection = connections.open()) {
            return List.copyOf(PostgresSession.columns(connection, table).keySet());
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    @Override
    public SortedSet<TableId> tables(Set<String> schemas) {
        SortedSet<TableId> tables = new TreeSet<>();
        try (Connection connection = connections.open();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT s.nspname, c.relname FROM pg_catalog.pg_class c"
                                + " JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace"
                                + " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND s.nspname = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("text", schemas.toArray()));
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    tables.add(new TableId(id.name(), results.getString(1), results.getString(2)));
                }
            }
        } catch (SQLException e) {
            throw fault(e);
        }
        return tables;
    }

    @Override
    public SourceSnapshot open(SortedSet<SourcePosition> boundaries) {
        try {
            Sample sample = sample();
            Connection connection = connections.open();
            try {
                boolean showsAll = begin(connection, sample.nextXid());
                long high = Long.parseLong(Sql.text(
                        connection,
                        "SELECT pg_catalog.pg_current_wal_insert_lsn() OPERATOR(pg_catalog.-)"
                                + " '0/0'::pg_catalog.pg_lsn"));
                Optional<SourcePosition> settled = showsAll ? lastBelow(boundaries, sample.lsn()) : Optional.empty();
                return new Snapshot(connection, new Stamp(settled, SourcePosition.postgres(id, high, 0)));
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** The end of the log, and an id above every transaction's that could have logged its commit before it. */
    private record Sample(long lsn, long nextXid) {}

    private Sample sample() throws SQLException {
        try (Connection connection = connections.open()) {
            connection.setAutoCommit(true);
            long lsn = Long.parseLong(
                    Sql.text(connection, "SELECT pg_catalog.pg_current_wal_lsn() - '0/0'::pg_catalog.pg_lsn"));
            long[] locked = lockedXids(connection);
            long next = Long.parseLong(
                    Sql.text(connection, "SELECT pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())"));
            for (long xid : locked) {
                next = Math.max(next, widened(xid, next) + 1);
            }
            return new Sample(lsn, next);
        }
    }

    private static long[] lockedXids(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(
                        "SELECT transactionid::text FROM pg_catalog.pg_locks WHERE locktype = 'transactionid'")) {
            java.util.stream.LongStream.Builder locked = java.util.stream.LongStream.builder();
            while (results.next()) {
                locked.add(Long.parseLong(results.getString(1)));
            }
            return locked.build().toArray();
        }
    }

    /** A transaction id of 32 bits with the epoch that brings it closest to one of 64 bits. */
    static long widened(long xid, long near) {
        long widened = near - Math.floorMod(near, XID_SPAN) + xid;
        if (widened - near > XID_SPAN / 2) {
            return widened - XID_SPAN;
        }
        return near - widened > XID_SPAN / 2 ? widened + XID_SPAN : widened;
    }

    /** Takes a snapshot; whether it shows every transaction below the id, after as many tries as are allowed. */
    private boolean begin(Connection connection, long nextXid) throws SQLException {
        for (int left = snapshotTries; ; left--) {
            PostgresSession.begin(connection);
            long xmin = Long.parseLong(
                    Sql.text(connection, "SELECT pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot())"));
            if (xmin >= nextXid) {
                return true;
            }
            if (left <= 1) {
                return false;
            }
            connection.rollback();
            Pause.millis(TRY_MILLIS);
        }
    }

    /** The last boundary that is not above the end of the log. */
    private Optional<SourcePosition> lastBelow(SortedSet<SourcePosition> boundaries, long lsn) {
        Optional<SourcePosition> last = Optional.empty();
        for (SourcePosition position : boundaries) {
            SourcePosition boundary = boundary(position);
            if (boundary.compareTo(SourcePosition.postgres(id, lsn, 0)) <= 0) {
                last = Optional.of(boundary);
            }
        }
        return last;
    }

    /** The place just after the transaction that a position's first part names. */
    static SourcePosition boundary(SourcePosition position) {
        return SourcePosition.postgres(
                position.source(),
                ByteBuffer.wrap(position.bytes(), 1, Long.BYTES).getLong(),
                0);
    }

    private dev.handover.fault.Fault fault(SQLException e) {
        return Sql.fault("source \"" + id + "\"", e);
    }

    /** A repeatable read. */
    private final class Snapshot implements SourceSnapshot {
        private final Connection connection;
        private final Stamp stamp;

        Snapshot(Connection connection, Stamp stamp) {
            this.connection = connection;
            this.stamp = stamp;
        }

        @Override
        public void scan(TableSchema table, List<? extends Scanned> readers) {
            List<PageScan.Reader> reading = new ArrayList<>();
            for (Scanned scanned : readers) {
                SourceRows rows = new SourceRows(table, scanned);
                reading.add(results -> PostgresSession.read(table, results, rows));
            }
            String select = "SELECT " + PostgresSession.cells(table.content()) + " FROM ";
            try {
                new PageScan(connections, table.table(), select, fetchRows).read(connection, reading);
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
            try {
                Map<String, String> types = PostgresSession.columns(connection, table.table());
                String sql = "SELECT " + PostgresSession.cells(table.content()) + " FROM "
                        + PostgresSession.from(connection, table.table()) + " AS t"
                        + PostgresSession.keyed(table, types, keys.size());
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    PostgresSession.bind(statement, keys);
                    try (ResultSet results = statement.executeQuery()) {
                        while (results.next()) {
                            PostgresSession.read(table, results, rows);
                        }
                    }
                }
            } catch (SQLException e) {
                throw fault(e);
            }
        }

        @Override
        public Stamp stamp(TableSchema table) {
            return stamp;
        }

        @Override
        public Answer ask(String sql, Duration longest) {
            return PostgresSession.ask(connection, "source \"" + id + "\"", sql, longest);
        }

        @Override
        public String table(TableId table) {
            try {
                return PostgresSession.from(connection, table);
            } catch (SQLException e) {
                throw fault(e);
            }
        }

        @Override
        public String column(String name) {
            return Sql.quoted(name);
        }

        @Override
        public void close() {
            try (connection) {
                connection.rollback();
            } catch (SQLException e) {
                throw fault(e);
            }
        }
    }
}
