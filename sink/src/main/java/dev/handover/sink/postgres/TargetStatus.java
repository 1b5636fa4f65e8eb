package dev.handover.sink.postgres;

import dev.handover.control.LagScale;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import dev.handover.sink.batch.Counts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the control schema says of a pipeline at one moment.
 *
 * @param tables in the order of their names
 * @param deadOpen dead letters of all stages that nobody has dealt with
 * @param lag how late changes were applied, over the window asked for
 */
public record TargetStatus(List<Table> tables, long deadOpen, Lag lag) {
    public TargetStatus {
        tables = List.copyOf(tables);
    }

    /**
     * A target table.
     *
     * @param name {@code schema.name} at the target
     * @param source {@code database.schema.name} at the source
     * @param partitions of its topic that a mark has passed
     * @param partitionsLoaded of these, how many have the table's load behind them
     * @param rows as the states of its buckets add them up
     * @param counts what became of its changes
     * @param deadOpen its dead letters, of all stages, that nobody has dealt with
     * @param position the lowest position among its partitions, as text; empty before the first mark
     * @param committedAt the source's time of that position
     * @param parked why its changes do not reach it, where they do not since that position
     */
    public record Table(
            String name,
            String source,
            int partitions,
            int partitionsLoaded,
            long rows,
            Counts counts,
            long deadOpen,
            Optional<String> position,
            Optional<Instant> committedAt,
            boolean constrained,
            Optional<String> parked) {
        /** Whether every partition has the load behind it. */
        public boolean loaded() {
            return partitions > 0 && partitions == partitionsLoaded;
        }
    }

    /** Milliseconds from the source's commit to the target's, within 10 %; over how many changes of the stream. */
    public record Lag(long changes, long p50Millis, long p99Millis) {}

    /** Sums over all tables. */
    public Counts total() {
        return tables.stream().map(Table::counts).reduce(Counts.NONE, Counts::plus);
    }

    /** Reads it, in one snapshot. @throws dev.handover.fault.Fault when the target does not answer */
    public static TargetStatus read(TargetDatabase target, InstantSource clock, Duration window) {
        try (Connection connection = target.open()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            TargetStatus status = new TargetStatus(
                    tables(connection),
                    deadOpen(connection),
                    lag(connection, clock.instant().minus(window)));
            connection.rollback();
            return status;
        } catch (SQLException e) {
            throw target.fault(e);
        }
    }

    private static final String TABLES = "SELECT t.table_name, t.source_table, t.constrained_at IS NOT NULL,"
            + " p.partitions, p.loaded, COALESCE(b.rows, 0), l.changes, l.loaded_rows, l.inserted, l.updated,"
            + " l.deleted, l.stale, l.dead, COALESCE(d.open, 0), lowest.position_text, lowest.committed_at,"
            + " held.place, held.position_text"
            + " FROM handover.target_table t"
            + " LEFT JOIN LATERAL (SELECT sum(rows) AS rows FROM handover.bucket_state b WHERE b.table_name ="
            + " t.table_name) b ON true"
            + " LEFT JOIN LATERAL (SELECT COALESCE(sum(changes), 0) AS changes, COALESCE(sum(loaded), 0) AS loaded_rows,"
            + " COALESCE(sum(inserted), 0) AS inserted, COALESCE(sum(updated), 0) AS updated, COALESCE(sum(deleted), 0)"
            + " AS deleted, COALESCE(sum(stale), 0) AS stale, COALESCE(sum(dead), 0) AS dead FROM handover.ledger l"
            + " WHERE l.table_name = t.table_name) l ON true"
            + " LEFT JOIN LATERAL (SELECT count(*) AS partitions, count(*) FILTER (WHERE loaded) AS loaded FROM"
            + " handover.applied a WHERE a.topic = t.topic AND a.position IS NOT NULL) p ON true"
            + " LEFT JOIN LATERAL (SELECT position_text, committed_at FROM handover.applied a WHERE a.topic = t.topic AND"
            + " a.position IS NOT NULL ORDER BY a.position LIMIT 1) lowest ON true"
            + " LEFT JOIN LATERAL (SELECT count(*) AS open FROM handover.dead_letter d WHERE d.table_name ="
            + " t.source_table AND d.state = 'open') d ON true"
            + " LEFT JOIN LATERAL (SELECT place, position_text FROM handover.dead_letter h WHERE h.table_name ="
            + " t.source_table AND h.state = 'open' AND h.reason = 'schema-mismatch' AND h.target_name IN ('',"
            + " t.table_name) ORDER BY h.id DESC LIMIT 1) held ON true ORDER BY t.table_name";

    private static List<Table> tables(Connection connection) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                tables.add(new Table(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(4),
                        row.getInt(5),
                        row.getLong(6),
                        new Counts(
                                row.getLong(7),
                                row.getLong(8),
                                row.getLong(9),
                                row.getLong(10),
                                row.getLong(11),
                                row.getLong(12),
                                row.getLong(13)),
                        row.getLong(14),
                        Optional.ofNullable(row.getString(15)),
                        Optional.ofNullable(row.getObject(16, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                        row.getBoolean(3),
                        parked(row)));
            }
        }
        return tables;
    }

    /** Marks pass what was dealt with, and stop before what parks a table. */
    private static Optional<String> parked(ResultSet row) throws SQLException {
        String why = row.getString(17);
        if (why == null) {
            return Optional.empty();
        }
        SourceId source = new SourceId(TableId.parse(row.getString(2)).database());
        Optional<SourcePosition> at = SourcePosition.parse(source, row.getString(18));
        Optional<SourcePosition> applied =
                Optional.ofNullable(row.getString(15)).flatMap(text -> SourcePosition.parse(source, text));
        boolean passed = at.isPresent() && applied.isPresent() && !at.get().isAfter(applied.get());
        return passed ? Optional.empty() : Optional.of(why);
    }

    private static long deadOpen(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT count(*) FROM handover.dead_letter WHERE state = 'open'")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static Lag lag(Connection connection, Instant since) throws SQLException {
        long[] counts = new long[LagScale.SLOTS];
        long changes = 0;
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT u.slot, sum(u.n) FROM handover.receipt r, unnest(r.lag_counts) WITH ORDINALITY AS u(n, slot)"
                        + " WHERE r.applied_at >= ? AND u.n > 0 GROUP BY u.slot")) {
            statement.setObject(1, since.atOffset(ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    counts[row.getInt(1) - 1] = row.getLong(2);
                    changes += row.getLong(2);
                }
            }
        }
        return new Lag(changes, LagScale.quantileMillis(counts, 0.5), LagScale.quantileMillis(counts, 0.99));
    }
}
