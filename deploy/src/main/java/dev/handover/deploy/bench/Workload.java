package dev.handover.deploy.bench;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Makes the rows and the changes of the benchmark at the source. Used by one thread. */
final class Workload {
    private static final long SEED = 1;
    private static final long FILL_ROWS = 20_000;

    private final Supplier<Connection> source;

    /** @param source opens a session of a user who may make a schema there */
    Workload(Supplier<Connection> source) {
        this.source = source;
    }

    /**
     * Makes the tables and so many rows.
     *
     * @param progress rows so far
     */
    void fill(long rows, LongConsumer progress) throws InterruptedException {
        try (Connection connection = source.get();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + BenchTable.SCHEMA);
            long done = 0;
            for (BenchTable table : BenchTable.values()) {
                statement.execute(table.ddl());
                long last = table.share(rows);
                try (PreparedStatement insert = connection.prepareStatement(table.insert())) {
                    for (long from = 1; from <= last; from += FILL_ROWS) {
                        requireGoingOn();
                        done += range(insert, from, Math.min(last, from + FILL_ROWS - 1));
                        progress.accept(done);
                    }
                }
                statement.execute("ANALYZE " + table.qualified());
            }
        } catch (SQLException e) {
            throw fault("rows cannot be made at the source", e);
        }
    }

    /**
     * Commits the changes of the delta.
     *
     * @return the number that the next new observation would have
     */
    long change(long rows, long changes) throws InterruptedException {
        Delta delta = new Delta(rows, changes, SEED);
        try (Connection connection = source.get()) {
            connection.setAutoCommit(false);
            while (delta.hasNext()) {
                requireGoingOn();
                Delta.Transaction transaction = delta.next();
                long changed = commit(connection, transaction);
                if (changed != transaction.changes()) {
                    throw Fault.of(
                            ExitCode.CONFLICT,
                            "workload-disturbed",
                            changed + " rows were changed at the source instead of " + transaction.changes(),
                            "nobody else may write schema " + BenchTable.SCHEMA + " meanwhile");
                }
            }
        } catch (SQLException e) {
            throw fault("rows cannot be changed at the source", e);
        }
        return delta.nextNumber(BenchTable.OBSERVATION);
    }

    /** The end of the source's log: beyond every change that is committed. */
    SourcePosition end(SourceId id) {
        try (Connection connection = source.get();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")) {
            row.next();
            return SourcePosition.postgres(id, row.getLong(1), 0);
        } catch (SQLException e) {
            throw fault("the end of the source's log cannot be read", e);
        }
    }

    static long range(PreparedStatement insert, long from, long to) throws SQLException {
        insert.setLong(1, from);
        insert.setLong(2, to);
        return insert.executeUpdate();
    }

    static Fault fault(String what, SQLException e) {
        return Fault.causedBy(
                e,
                ExitCode.FAILED,
                "bench-statement",
                what + " (SQLSTATE " + e.getSQLState() + ")",
                "the server's log names the statement; the user needs the right to make schemas and tables");
    }

    private static long commit(Connection connection, Delta.Transaction transaction) throws SQLException {
        BenchTable table = transaction.table();
        long changed = 0;
        if (transaction.inserts() > 0) {
            try (PreparedStatement insert = connection.prepareStatement(table.insert())) {
                changed +=
                        range(insert, transaction.insertFrom(), transaction.insertFrom() + transaction.inserts() - 1);
            }
        }
        for (long[] move : transaction.moves()) {
            try (PreparedStatement statement = connection.prepareStatement(table.move())) {
                changed += range(statement, move[0], move[1]);
            }
        }
        changed += numbered(connection, table.update(), transaction.updates());
        changed += numbered(connection, table.delete(), transaction.deletes());
        connection.commit();
        return changed;
    }

    private static long numbered(Connection connection, String sql, List<Long> numbers) throws SQLException {
        if (numbers.isEmpty()) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("bigint", numbers.toArray()));
            return statement.executeUpdate();
        }
    }

    private static void requireGoingOn() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
