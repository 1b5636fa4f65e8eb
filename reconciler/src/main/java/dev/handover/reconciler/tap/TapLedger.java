package dev.handover.reconciler.tap;

import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.read.Connections;
import dev.handover.row.TableId;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a tap remembers, in the target's control schema. Used by one thread. */
final class TapLedger {
    /** Most disagreements of a table that are named; the others are counted. */
    private static final int NAMED_MAX = 1_000;

    private final SourceId source;
    private final String slot;
    private final Connections target;

    TapLedger(SourceId source, String slot, Connections target) {
        this.source = source;
        this.slot = slot;
        this.target = target;
    }

    /** A table that was compared. */
    record Known(TableId table, List<String> key, long verified, List<Long> offsets) {
        Known {
            key = List.copyOf(key);
            offsets = List.copyOf(offsets);
        }
    }

    /** Whether the control schema is there; a sink makes it. */
    boolean present() throws SQLException {
        try (Connection connection = target.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('handover.tap_table') IS NOT NULL")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Whether the slot is one that this tap made, or was about to. */
    boolean owned() throws SQLException {
        try (Connection connection = target.open();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT 1 FROM handover.tap WHERE source = ? AND slot = ?")) {
            statement.setString(1, source.name());
            statement.setString(2, slot);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** The source's time up to which every table is compared; empty where none is. */
    Optional<Instant> verifiedAt() throws SQLException {
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT min(verified_at) FROM handover.tap_table WHERE source = ? AND comparing")) {
            statement.setString(1, source.name());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getTimestamp(1)).map(java.sql.Timestamp::toInstant);
            }
        }
    }

    List<Known> tables() throws SQLException {
        List<Known> tables = new ArrayList<>();
        try (Connection connection = target.open();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT table_name, key_columns, verified, offsets"
                                + " FROM handover.tap_table WHERE source = ? AND comparing")) {
            statement.setString(1, source.name());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tables.add(new Known(
                            TableId.parse(rows.getString(1)),
                            List.of(strings(rows.getArray(2))),
                            ByteBuffer.wrap(rows.getBytes(3)).getLong(1),
                            Arrays.asList(longs(rows.getArray(4)))));
                }
            }
        }
        return tables;
    }

    private static String[] strings(Array array) throws SQLException {
        return (String[]) array.getArray();
    }

    private static Long[] longs(Array array) throws SQLException {
        return (Long[]) array.getArray();
    }

    /** Keeps what was compared, all or nothing. */
    void keep(Collection<Compared> compared, Tap tap, Instant now) throws SQLException {
        try (Connection connection = target.open()) {
            connection.setAutoCommit(false);
            for (Compared one : compared) {
                table(connection, one, offsets(tap, one.table()));
                disagreements(connection, one, now);
            }
            setAside(connection, tap);
            state(connection, "comparing", "", Optional.of(SourcePosition.lsn(tap.passed())), now);
            connection.commit();
        }
    }

    private static List<Long> offsets(Tap tap, TableId table) {
        return tap.tables().stream()
                .filter(views -> views.table().equals(table))
                .map(TableViews::resumeAt)
                .findFirst()
                .orElse(List.of());
    }

    private void table(Connection connection, Compared one, List<Long> offsets) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO handover.tap_table AS t (source, table_name, key_columns, verified, verified_text,"
                        + " verified_at, offsets, comparing, since_text, transactions, events, by_key, disagreements,"
                        + " gaps) VALUES (?, ?, ?, ?, ?, ?, ?, true, ?, ?, ?, ?, ?, 0)"
                        + " ON CONFLICT (source, table_name) DO UPDATE SET key_columns = excluded.key_columns,"
                        + " verified = excluded.verified, verified_text = excluded.verified_text,"
                        + " verified_at = excluded.verified_at, offsets = excluded.offsets,"
                        // after a gap it is compared from here on
                        + " since_text = CASE WHEN t.comparing AND NOT ? THEN t.since_text"
                        + " ELSE excluded.verified_text END,"
                        + " gaps = t.gaps + CASE WHEN t.comparing AND NOT ? THEN 0 ELSE 1 END, comparing = true,"
                        + " transactions = t.transactions + excluded.transactions, events = t.events + excluded.events,"
                        + " by_key = t.by_key + excluded.by_key,"
                        + " disagreements = t.disagreements + excluded.disagreements")) {
            SourcePosition verified = SourcePosition.postgres(source, one.verified(), 0);
            int place = 1;
            statement.setString(place++, source.name());
            statement.setString(place++, one.table().text());
            statement.setArray(
                    place++, connection.createArrayOf("text", one.key().toArray()));
            statement.setBytes(place++, verified.bytes());
            statement.setString(place++, verified.text());
            statement.setObject(place++, one.at().atOffset(ZoneOffset.UTC));
            statement.setArray(place++, connection.createArrayOf("bigint", offsets.toArray()));
            statement.setString(place++, verified.text());
            statement.setLong(place++, one.transactions());
            statement.setLong(place++, one.events());
            statement.setLong(place++, one.byKey());
            statement.setLong(place++, one.disagreed());
            statement.setBoolean(place++, one.skipped());
            statement.setBoolean(place, one.skipped());
            statement.executeUpdate();
        }
    }

    private void disagreements(Connection connection, Compared one, Instant now) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO handover.tap_disagreement (source, table_name, position, position_text, transaction, kind,"
                        + " log_events, captured_events, committed_at, found_at)"
                        + " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM handover.tap_disagreement"
                        + " WHERE source = ? AND table_name = ?) < " + NAMED_MAX + " ON CONFLICT DO NOTHING")) {
            for (Disagreement each : one.disagreements()) {
                int place = 1;
                statement.setString(place++, source.name());
                statement.setString(place++, each.table().text());
                statement.setBytes(place++, each.position().bytes());
                statement.setString(place++, each.position().text());
                statement.setLong(place++, each.transaction());
                statement.setString(place++, each.kind().code());
                statement.setLong(place++, each.logEvents());
                statement.setLong(place++, each.capturedEvents());
                statement.setObject(
                        place++,
                        each.committedAt()
                                .map(at -> at.atOffset(ZoneOffset.UTC))
                                .orElse(null),
                        java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
                statement.setObject(place++, now.atOffset(ZoneOffset.UTC));
                statement.setString(place++, source.name());
                statement.setString(place, each.table().text());
                statement.executeUpdate();
            }
        }
    }

    /** Tables that wait for the place where they begin anew. */
    private void setAside(Connection connection, Tap tap) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE handover.tap_table SET comparing = false WHERE source = ? AND table_name = ANY (?)"
                        + " AND comparing")) {
            statement.setString(1, source.name());
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", tap.waiting().stream().map(TableId::text).toArray()));
            statement.executeUpdate();
        }
    }

    /** Nothing that was compared can be gone on with: the slot or the change log is not there any more. */
    void gap(String why, Instant now) throws SQLException {
        try (Connection connection = target.open()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement =
                    connection.prepareStatement("UPDATE handover.tap_table SET comparing = false WHERE source = ?")) {
                statement.setString(1, source.name());
                statement.executeUpdate();
            }
            state(connection, "comparing", "", Optional.empty(), now);
            try (PreparedStatement statement = connection.prepareStatement(
                    "UPDATE handover.tap SET gaps = gaps + 1, last_gap = ? WHERE source = ?")) {
                statement.setString(1, why);
                statement.setString(2, source.name());
                statement.executeUpdate();
            }
            connection.commit();
        }
    }

    /** The tap cannot go on for now; it goes on trying. */
    void failing(String why, Instant now) throws SQLException {
        try (Connection connection = target.open()) {
            state(connection, "failing", why, Optional.empty(), now);
        }
    }

    private void state(Connection connection, String state, String detail, Optional<String> passed, Instant now)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO handover.tap AS t (source, slot, state, detail, log_position, gaps, last_gap, looked_at)"
                        + " VALUES (?, ?, ?, ?, ?, 0, '', ?) ON CONFLICT (source) DO UPDATE SET slot = excluded.slot,"
                        + " state = excluded.state, detail = excluded.detail, log_position ="
                        + " CASE WHEN excluded.log_position = '' THEN t.log_position ELSE excluded.log_position END,"
                        // how long ago the change log was read is asked of it
                        + " looked_at = CASE WHEN excluded.state = 'comparing' THEN excluded.looked_at"
                        + " ELSE t.looked_at END")) {
            statement.setString(1, source.name());
            statement.setString(2, slot);
            statement.setString(3, state);
            statement.setString(4, detail);
            statement.setString(5, passed.orElse(""));
            statement.setObject(6, now.atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }
}
