package dev.handover.reconciler.watch;

import dev.handover.reconciler.read.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code handover.watch}: the last look at each table of the target. */
public final class WatchLedger {
    private static final String KEEP = "INSERT INTO handover.watch AS w (table_name, checked_at, rows, buckets, since,"
            + " took_millis, refused, failing, checks, round_page, round_begun, round_altered, whole_begun, whole_altered)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, '', 1, ?, ?, ?, ?, ?) ON CONFLICT (table_name) DO UPDATE SET"
            + " checked_at = excluded.checked_at, rows = excluded.rows, buckets = excluded.buckets,"
            + " since = CASE WHEN excluded.since IS NULL THEN NULL ELSE coalesce(w.since, excluded.since) END,"
            + " took_millis = excluded.took_millis, refused = excluded.refused, failing = '', checks = w.checks + 1, round_page = excluded.round_page,"
            + " round_begun = excluded.round_begun, round_altered = excluded.round_altered,"
            + " whole_begun = excluded.whole_begun, whole_altered = excluded.whole_altered"
            + " WHERE w.checked_at <= excluded.checked_at";

    private static final String FAIL = "INSERT INTO handover.watch AS w (table_name, checked_at, rows, buckets, since,"
            + " took_millis, refused, failing, checks, round_page, round_begun, round_altered, whole_begun, whole_altered)"
            + " VALUES (?, ?, 0, '{}', ?, 0, 0, ?, 0, 0, ?, 0, NULL, 0) ON CONFLICT (table_name) DO UPDATE SET"
            + " failing = excluded.failing, since = coalesce(w.since, excluded.since)";

    private final Connections target;

    /** A ledger at the target, written by a user who may write the control schema. */
    public WatchLedger(Connections target) {
        this.target = target;
    }

    /**
     * The last look at a table, and since when it found something.
     *
     * @param since when it was first seen that the rows are not what was applied, or cannot be read; empty where all is
     *     well
     * @param failing why the table cannot be looked at any more since the last look; empty where it can
     * @param checks how often the table was looked at
     * @param round how far its columns are
     */
    public record Entry(Checked last, Optional<Instant> since, String failing, long checks, Round round) {
        /** Whether all rows that were looked at are what was applied, to the column. */
        public boolean clean() {
            return !last.tampered() && failing.isEmpty() && round.found() == 0;
        }
    }

    void keep(Checked checked, Round round) throws SQLException {
        OffsetDateTime at = checked.at().atOffset(ZoneOffset.UTC);
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(KEEP)) {
            statement.setString(1, checked.table());
            statement.setObject(2, at);
            statement.setLong(3, checked.rows());
            statement.setArray(
                    4, connection.createArrayOf("int4", checked.buckets().toArray()));
            statement.setObject(5, checked.tampered() ? at : null, java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setLong(6, checked.tookMillis());
            statement.setLong(7, checked.refused());
            statement.setLong(8, round.page());
            statement.setObject(9, round.begun().atOffset(ZoneOffset.UTC));
            statement.setLong(10, round.altered());
            statement.setObject(
                    11,
                    round.whole().map(begun -> begun.atOffset(ZoneOffset.UTC)).orElse(null),
                    java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setLong(12, round.wholeAltered());
            statement.executeUpdate();
        }
    }

    /** The table cannot be looked at: what was last seen stays, and why it is old is said. */
    void fail(String table, Instant at, String why) throws SQLException {
        OffsetDateTime now = at.atOffset(ZoneOffset.UTC);
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(FAIL)) {
            statement.setString(1, table);
            statement.setObject(2, now);
            statement.setObject(3, now);
            statement.setString(4, why);
            statement.setObject(5, now);
            statement.executeUpdate();
        }
    }

    /** The last look at each table, by name; tables that were never looked at are absent. */
    public List<Entry> read() throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (Connection connection = target.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT table_name, checked_at, rows, buckets, since,"
                        + " took_millis, refused, failing, checks, round_page, round_begun, round_altered, whole_begun, whole_altered"
                        + " FROM handover.watch ORDER BY table_name")) {
            while (row.next()) {
                List<Integer> buckets = new ArrayList<>();
                for (Object bucket : (Object[]) row.getArray(4).getArray()) {
                    buckets.add((Integer) bucket);
                }
                entries.add(new Entry(
                        new Checked(
                                row.getString(1),
                                row.getObject(2, OffsetDateTime.class).toInstant(),
                                row.getLong(3),
                                buckets,
                                row.getLong(7),
                                row.getLong(6)),
                        instant(row, 5),
                        row.getString(8),
                        row.getLong(9),
                        new Round(
                                row.getLong(10),
                                instant(row, 11).orElse(Instant.EPOCH),
                                row.getLong(12),
                                instant(row, 13),
                                row.getLong(14))));
            }
        }
        return entries;
    }

    private static Optional<Instant> instant(ResultSet row, int place) throws SQLException {
        return Optional.ofNullable(row.getObject(place, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
