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
            + " took_millis, checks) VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (table_name) DO UPDATE SET"
            + " checked_at = excluded.checked_at, rows = excluded.rows, buckets = excluded.buckets,"
            + " since = CASE WHEN excluded.since IS NULL THEN NULL ELSE coalesce(w.since, excluded.since) END,"
            + " took_millis = excluded.took_millis, checks = w.checks + 1";

    private final Connections target;

    /** A ledger at the target, written by a user who may write the control schema. */
    public WatchLedger(Connections target) {
        this.target = target;
    }

    /**
     * The last look at a table, and since when it found something.
     *
     * @param since empty where the rows are what was applied
     * @param checks how often the table was looked at
     */
    public record Entry(Checked last, Optional<Instant> since, long checks) {}

    void keep(Checked checked) throws SQLException {
        OffsetDateTime at = checked.at().atOffset(ZoneOffset.UTC);
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(KEEP)) {
            statement.setString(1, checked.table());
            statement.setObject(2, at);
            statement.setLong(3, checked.rows());
            statement.setArray(
                    4, connection.createArrayOf("int4", checked.buckets().toArray()));
            statement.setObject(5, checked.clean() ? null : at, java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setLong(6, checked.tookMillis());
            statement.executeUpdate();
        }
    }

    /** The last look at each table, by name; tables that were never looked at are absent. */
    public List<Entry> read() throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (Connection connection = target.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT table_name, checked_at, rows, buckets, since,"
                        + " took_millis, checks FROM handover.watch ORDER BY table_name")) {
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
                                row.getLong(6)),
                        Optional.ofNullable(row.getObject(5, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                        row.getLong(7)));
            }
        }
        return entries;
    }
}
