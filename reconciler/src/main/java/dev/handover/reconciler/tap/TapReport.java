package dev.handover.reconciler.tap;

import dev.handover.reconciler.Finding;
import dev.handover.reconciler.Verdict;
import dev.handover.reconciler.read.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the tap of one source has found so far, as the target's control schema has it.
 *
 * @param state {@code comparing}, or {@code failing} for the reason in {@code detail}
 * @param logPosition how far the log was read
 * @param verified how far every table that is compared is compared; empty before the first
 * @param verifiedAt the source's time of that place
 * @param tables that are compared
 * @param waiting names of tables that are not: they load, are parked, or got no marks
 * @param transactions that were compared, counted once a table, with {@code events} changes of rows
 * @param byKey transactions of which only numbers and keys could be
 * @param disagreements that are open
 * @param gaps how often something was not compared; {@code lastGap} why the last time
 * @param lookedAt when the tap last worked
 * @param named open disagreements, the oldest first
 */
public record TapReport(
        String source,
        String slot,
        String state,
        String detail,
        String logPosition,
        Optional<String> verified,
        Optional<Instant> verifiedAt,
        long tables,
        List<String> waiting,
        long transactions,
        long events,
        long byKey,
        long disagreements,
        long gaps,
        String lastGap,
        Instant lookedAt,
        List<Named> named) {
    private static final int NAMED_MAX = 20;

    public TapReport {
        waiting = List.copyOf(waiting);
        named = List.copyOf(named);
    }

    /** An open disagreement. */
    public record Named(
            String table, String kind, String position, long transaction, long logEvents, long capturedEvents) {}

    /** Of every source that was ever tapped; none before the control schema is there. */
    public static List<TapReport> read(Connections target) throws SQLException {
        List<TapReport> reports = new ArrayList<>();
        try (Connection connection = target.open();
                Statement statement = connection.createStatement()) {
            try (ResultSet present =
                    statement.executeQuery("SELECT to_regclass('handover.tap_disagreement') IS NOT NULL")) {
                if (!present.next() || !present.getBoolean(1)) {
                    return reports;
                }
            }
            try (ResultSet rows = statement.executeQuery(
                    "SELECT s.source, s.slot, s.state, s.detail, s.log_position, greatest(s.gaps, coalesce(t.gaps, 0)),"
                            + " s.last_gap, s.looked_at, coalesce(t.tables, 0), t.waiting, coalesce(t.transactions, 0),"
                            + " coalesce(t.events, 0), coalesce(t.by_key, 0),"
                            + " (SELECT count(*) FROM handover.tap_disagreement d"
                            + " WHERE d.source = s.source AND d.settled_at IS NULL), t.verified_text, t.verified_at"
                            + " FROM handover.tap s LEFT JOIN (SELECT source, sum(gaps)::bigint AS gaps,"
                            + " count(*) FILTER (WHERE comparing) AS tables,"
                            + " array_agg(table_name ORDER BY table_name) FILTER (WHERE NOT comparing) AS waiting,"
                            + " sum(transactions)::bigint AS transactions, sum(events)::bigint AS events,"
                            + " sum(by_key)::bigint AS by_key,"
                            + " (array_agg(verified_text ORDER BY verified) FILTER (WHERE comparing))[1]"
                            + " AS verified_text, min(verified_at) FILTER (WHERE comparing) AS verified_at"
                            + " FROM handover.tap_table GROUP BY source) t ON t.source = s.source"
                            + " ORDER BY s.source")) {
                while (rows.next()) {
                    reports.add(report(connection, rows));
                }
            }
        }
        return reports;
    }

    private static TapReport report(Connection connection, ResultSet row) throws SQLException {
        java.sql.Array waiting = row.getArray(10);
        Timestamp verifiedAt = row.getTimestamp(16);
        return new TapReport(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                Optional.ofNullable(row.getString(15)),
                Optional.ofNullable(verifiedAt).map(Timestamp::toInstant),
                row.getLong(9),
                waiting == null ? List.of() : List.of((String[]) waiting.getArray()),
                row.getLong(11),
                row.getLong(12),
                row.getLong(13),
                row.getLong(14),
                row.getLong(6),
                row.getString(7),
                row.getTimestamp(8).toInstant(),
                named(connection, row.getString(1)));
    }

    private static List<Named> named(Connection connection, String source) throws SQLException {
        List<Named> named = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT table_name, kind, position_text, transaction, log_events,"
                        + " captured_events FROM handover.tap_disagreement WHERE source = ? AND settled_at IS NULL"
                        + " ORDER BY position, table_name LIMIT " + NAMED_MAX)) {
            statement.setString(1, source);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    named.add(new Named(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getLong(4),
                            rows.getLong(5),
                            rows.getLong(6)));
                }
            }
        }
        return named;
    }

    /**
     * What it means for a run that compared these source tables.
     *
     * @param compared names of source tables
     */
    public List<Finding> findings(Set<String> compared) {
        List<Finding> findings = new ArrayList<>();
        for (Named each : named) {
            if (compared.contains(each.table())) {
                findings.add(new Finding(
                        Verdict.DIVERGED,
                        "tap-disagreement",
                        "stage capture: " + each.kind() + " in table " + each.table() + ", transaction "
                                + each.transaction() + " at " + each.position() + ": the log has " + each.logEvents()
                                + " changes, the change log " + each.capturedEvents()));
            }
        }
        if (disagreements > named.size()) {
            findings.add(new Finding(
                    Verdict.DIVERGED,
                    "tap-disagreement",
                    "stage capture: the tap of source " + source + " has " + disagreements
                            + " disagreements, of which the first " + named.size() + " are named"));
        }
        if (gaps > 0) {
            findings.add(new Finding(
                    Verdict.CONVERGED,
                    "tap-gap",
                    "the tap of source " + source + " left something out " + gaps + " times"
                            + (lastGap.isEmpty() ? "" : ": " + lastGap)));
        }
        if (state.equals("failing")) {
            findings.add(new Finding(
                    Verdict.CONVERGED, "tap-failing", "the tap of source " + source + " stands still: " + detail));
        }
        return findings;
    }
}
