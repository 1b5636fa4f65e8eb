package dev.handover.reconciler.tap;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.reconciler.read.Connections;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** The tap's slot at a PostgreSQL source, and the stream of messages from it. Used by one thread. */
final class TapLog implements AutoCloseable {
    private static final int STATUS_SECONDS = 5;
    private static final int MESSAGES_FROM = 140_000;

    /** So that values are printed as canonical text is. */
    private static final String OUTPUT = "SET DateStyle = 'ISO'; SET TimeZone = 'UTC'; SET IntervalStyle = 'iso_8601';"
            + " SET extra_float_digits = 1; SET bytea_output = 'hex'; SET lc_monetary = 'C'";

    private final Connection replication;
    private final PGReplicationStream stream;

    private TapLog(Connection replication, PGReplicationStream stream) {
        this.replication = replication;
        this.stream = stream;
    }

    /**
     * A slot as the source has it.
     *
     * @param confirmed what it may have forgotten is before this place
     * @param lost whether the source keeps its log no longer
     */
    record Slot(long confirmed, boolean lost) {}

    static Optional<Slot> slot(Connection source, String name) throws SQLException {
        try (PreparedStatement statement =
                source.prepareStatement("SELECT confirmed_flush_lsn::text, coalesce(wal_status, 'lost') IN ('lost',"
                        + " 'unreserved'), plugin = 'pgoutput' AND database = current_database()"
                        + " FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                if (!row.getBoolean(3)) {
                    throw Fault.of(
                            ExitCode.CONFLICT,
                            "tap-slot-foreign",
                            "replication slot \"" + name + "\" is not the tap's",
                            "drop it, or name another one in sources[].postgres.slot");
                }
                String confirmed = row.getString(1);
                return Optional.of(new Slot(confirmed == null ? 0 : lsn(confirmed), row.getBoolean(2)));
            }
        }
    }

    /** Whether the publication is there: without it a slot could not be read. */
    static boolean published(Connection source, String publication) throws SQLException {
        try (PreparedStatement statement = source.prepareStatement("SELECT 1 FROM pg_publication WHERE pubname = ?")) {
            statement.setString(1, publication);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Makes the slot; waits for every transaction that writes now. @return the place where it begins */
    static long create(Connections replications, String name) throws SQLException {
        try (Connection replication = replications.open();
                Statement statement = replication.createStatement();
                ResultSet slot = statement.executeQuery(
                        "CREATE_REPLICATION_SLOT \"" + name + "\" LOGICAL pgoutput NOEXPORT_SNAPSHOT")) {
            slot.next();
            return lsn(slot.getString("consistent_point"));
        }
    }

    /** Drops the slot where it is there and nobody reads it. @return whether it did */
    static boolean drop(Connection source, String name) throws SQLException {
        try (PreparedStatement statement =
                source.prepareStatement("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                        + " WHERE slot_name = ? AND NOT active AND plugin = 'pgoutput'"
                        + " AND database = current_database()")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Where the source's log ends now. */
    static long end(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()::text")) {
            row.next();
            return lsn(row.getString(1));
        }
    }

    /** Reads on after this place. */
    static TapLog open(Connections replications, TapConfig config, int serverVersion, long from) throws SQLException {
        Connection replication = replications.open();
        try {
            try (Statement statement = replication.createStatement()) {
                statement.execute(OUTPUT);
            }
            var builder = replication
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName(config.slot())
                    .withStartPosition(LogSequenceNumber.valueOf(from))
                    .withAutomaticFlush(false)
                    .withStatusInterval(STATUS_SECONDS, TimeUnit.SECONDS)
                    .withSlotOption("proto_version", 1)
                    .withSlotOption("publication_names", '"' + config.publication() + '"');
            if (serverVersion >= MESSAGES_FROM) {
                // capture reads them: a transaction of messages alone is one before the next for both, or for none
                builder.withSlotOption("messages", true);
            }
            return new TapLog(replication, builder.start());
        } catch (SQLException e) {
            replication.close();
            throw e;
        }
    }

    /** The next message, if one is there. */
    @Nullable ByteBuffer next() throws SQLException {
        return stream.readPending();
    }

    /** Lets the source forget what is before this place. */
    void confirm(long place) {
        LogSequenceNumber until = LogSequenceNumber.valueOf(place);
        stream.setFlushedLSN(until);
        stream.setAppliedLSN(until);
    }

    /** Shows the source that somebody is here, also while nothing is read. */
    void alive() throws SQLException {
        stream.forceUpdateStatus();
    }

    static long lsn(String text) {
        String[] halves = text.split("/");
        return Long.parseLong(halves[0], 16) << 32 | Long.parseLong(halves[1], 16);
    }

    @Override
    public void close() throws SQLException {
        try {
            stream.close();
        } finally {
            replication.close();
        }
    }
}
