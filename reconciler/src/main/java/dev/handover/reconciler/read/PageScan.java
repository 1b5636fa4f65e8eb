package dev.handover.reconciler.read;

import dev.handover.row.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole table of PostgreSQL in the snapshot of one connection, with several connections that share it: each
 * takes the next range of the table's pages until none is left. A lock that is held from before the pages are counted
 * keeps the table's file the same; rows that the snapshot sees were there before it, so none is beyond the last page,
 * and the last range has no end.
 *
 * <p>Ranges of pages are cheap to find since PostgreSQL 14; older servers, partitioned tables and small ones are read
 * by one connection.
 */
final class PageScan {
    /** So many ranges a reader, that they end at about the same time. */
    private static final int RANGES_A_READER = 16;

    /** Of a range at most, 256 MiB: a reader that has none left waits for the others. */
    private static final long RANGE_PAGES_MAX = 32_768;

    /** With fewer pages, another connection costs more than it brings. */
    private static final long PAGES_MIN = 512;

    private static final long TID_RANGE_SCANS_SINCE = 140_000;

    private final Connections connections;
    private final TableId table;
    private final String select;
    private final int fetchRows;

    /**
     * A scan of one table.
     *
     * @param connections to the same server, for readers beside the first
     * @param select up to and with FROM
     * @param fetchRows rows that a cursor brings at a time
     */
    PageScan(Connections connections, TableId table, String select, int fetchRows) {
        this.connections = connections;
        this.table = table;
        this.select = select;
        this.fetchRows = fetchRows;
    }

    /** Takes the row that the results are at; each is used by one thread. */
    @FunctionalInterface
    interface Reader {
        void read(ResultSet results) throws SQLException;
    }

    /**
     * Reads all rows.
     *
     * @param snapshot a connection within a repeatable read, which stays open
     * @param readers of which the first always reads, and the others where it pays
     */
    void read(Connection snapshot, List<? extends Reader> readers) throws SQLException {
        String from = PostgresSession.from(snapshot, table) + " AS t";
        long pages = readers.size() < 2 ? 0 : pages(snapshot);
        if (pages < PAGES_MIN) {
            rows(snapshot, select + from, readers.get(0));
            return;
        }
        Ranges ranges = new Ranges(
                pages, Math.max(1, Math.min(RANGE_PAGES_MAX, pages / ((long) readers.size() * RANGES_A_READER))));
        String shared = Sql.text(snapshot, "SELECT pg_catalog.pg_export_snapshot()");
        ExecutorService others = Executors.newFixedThreadPool(readers.size() - 1);
        try {
            List<Future<?>> reading = new ArrayList<>();
            for (Reader reader : readers.subList(1, readers.size())) {
                reading.add(others.submit(() -> {
                    try (Connection connection = connections.open()) {
                        PostgresSession.begin(connection);
                        Sql.execute(connection, "SET TRANSACTION SNAPSHOT '" + shared + "'");
                        ranges(connection, from, ranges, reader);
                        connection.rollback();
                    } catch (SQLException | RuntimeException e) {
                        ranges.stop();
                        throw e;
                    }
                    return null;
                }));
            }
            ranges(snapshot, from, ranges, readers.get(0));
            for (Future<?> work : reading) {
                Pause.await(work);
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            ranges.stop();
            others.shutdown();
            Pause.ended(others);
        }
    }

    private static SQLException failure(@Nullable Throwable cause) {
        if (cause instanceof SQLException of) {
            return of;
        }
        if (cause instanceof RuntimeException of) {
            throw of;
        }
        throw new IllegalStateException("a reader ended as none should", cause);
    }

    /** Pages that are read by ranges, 0 for a table that is not; the table's file stays what it is from here on. */
    long pages(Connection snapshot) throws SQLException {
        Sql.execute(snapshot, "SELECT 1 FROM " + PostgresSession.from(snapshot, table) + " LIMIT 0");
        try (PreparedStatement statement = Sql.prepared(
                        snapshot,
                        "SELECT pg_catalog.pg_relation_size(c.oid)"
                                + " / pg_catalog.current_setting('block_size')::pg_catalog.int8"
                                + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace"
                                + " JOIN pg_catalog.pg_am a ON a.oid = c.relam WHERE s.nspname = ? AND c.relname = ?"
                                + " AND c.relkind = 'r' AND a.amname = 'heap'"
                                + " AND pg_catalog.current_setting('server_version_num')::pg_catalog.int8 >= "
                                + TID_RANGE_SCANS_SINCE,
                        table.schema(),
                        table.name());
                ResultSet results = statement.executeQuery()) {
            return results.next() ? results.getLong(1) : 0;
        }
    }

    private void ranges(Connection connection, String from, Ranges ranges, Reader reader) throws SQLException {
        for (String range = ranges.next(); !range.isEmpty(); range = ranges.next()) {
            rows(connection, select + from + " WHERE " + range, reader);
        }
    }

    private void rows(Connection connection, String sql, Reader reader) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(fetchRows);
            try (ResultSet results = statement.executeQuery(sql)) {
                while (results.next()) {
                    reader.read(results);
                }
            }
        }
    }

    /** Hands out each range once. Safe for many threads. */
    static final class Ranges {
        private final long pages;
        private final long step;
        private final AtomicLong next = new AtomicLong();

        Ranges(long pages, long step) {
            this.pages = pages;
            this.step = step;
        }

        /** A condition for the pages from the last range's end on, empty when all are handed out. */
        String next() {
            long first = next.getAndAdd(step);
            if (first >= pages) {
                return "";
            }
            String from = "t.ctid >= '(" + first + ",0)'";
            return first + step >= pages ? from : from + " AND t.ctid < '(" + (first + step) + ",0)'";
        }

        /** No more. */
        void stop() {
            next.set(pages);
        }
    }
}
