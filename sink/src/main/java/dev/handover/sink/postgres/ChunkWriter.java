package dev.handover.sink.postgres;

import dev.handover.change.CanonicalChange;
import dev.handover.change.Provenance;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Cell;
import dev.handover.row.PostgresText;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.sink.batch.FindingTotal;
import dev.handover.sink.batch.Findings;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes the rows of a load's chunks to target tables past the log, by plain {@code COPY}: into tables that nothing
 * else writes to before their load is complete, so that no row can be there to be guarded. Should one be there all the
 * same, the primary key refuses the chunk, and nothing of it is written. Used by one thread.
 *
 * <p>A chunk is one transaction: its claim, its rows, what was found in them. Two writers of one chunk, or a chunk
 * whose commit was not answered and that is tried again, meet at the claim, and one of them is refused.
 */
public final class ChunkWriter implements AutoCloseable {
    private static final Duration READY_MAX = Duration.ofMinutes(1);
    private static final long READY_POLL_MILLIS = 100;
    private static final String CLAIM = "INSERT INTO handover.load_chunk (table_name, chunk, source_table,"
            + " mapping_version, position_text, rows, written_at) VALUES (?, ?, ?, ?, ?, 0, ?)";

    private final TargetDatabase target;
    private final int partitions;
    private final InstantSource clock;
    private final TargetTables tables;
    private final FindingBooks findings = new FindingBooks();
    private final CopyText text = new CopyText();
    private byte[] lastPosition = {};
    private byte[] lastPositionText = {};
    private @Nullable Session session;

    /** @param partitions of the topics of the pipeline */
    public ChunkWriter(TargetDatabase target, int partitions, InstantSource clock) {
        this.target = target;
        this.partitions = partitions;
        this.clock = clock;
        this.tables = new TargetTables(clock);
    }

    /** The target refuses a chunk, which has to go row by row. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /** Rows of a chunk, pushed one after the other. */
    @FunctionalInterface
    public interface Rows {
        /**
         * Hands all rows over.
         *
         * @return names of the objects that hold them as the source said them, which are safe by then; empty where rows
         *     are not archived
         * @throws SQLException of the target only
         */
        List<String> each(Row row) throws SQLException;

        /** Takes rows. */
        @FunctionalInterface
        interface Row {
            void take(CanonicalChange.Upsert upsert) throws SQLException;
        }
    }

    /**
     * Whether the target's control schema is there, waited for as long as a sink takes to make it.
     *
     * @throws Fault {@code target-unreachable}, {@code target-denied}
     */
    public boolean awaitReady() {
        Instant deadline = clock.instant().plus(READY_MAX);
        try {
            while (true) {
                Connection connection = session().connection();
                try (PreparedStatement statement =
                                connection.prepareStatement("SELECT to_regclass('handover.load_chunk') IS NOT NULL");
                        ResultSet row = statement.executeQuery()) {
                    if (row.next() && row.getBoolean(1)) {
                        return true;
                    }
                } finally {
                    connection.rollback();
                }
                if (clock.instant().isAfter(deadline)) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(READY_POLL_MILLIS);
            }
        } catch (SQLException e) {
            close();
            throw target.fault(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(
                    e, ExitCode.FAILED, "interrupted", "interrupted while waiting for the target", "start again");
        }
    }

    /**
     * Writes a chunk; it is committed when this returns.
     *
     * @param schema of the target table, which is made where it is missing
     * @param provenance of all rows
     * @param topic that the table's canonical changes go to
     * @return sums of what was found, with those of before
     * @throws Refused when the target refuses a row, or the chunk as a whole; nothing of it is there then, or all of it
     *     from before
     * @throws Fault {@code target-unreachable} and others of the target; whether the chunk is there is not known then
     */
    public List<FindingTotal> write(
            TableSchema schema, Provenance provenance, String topic, int number, String position, Rows rows)
            throws Refused {
        try {
            Connection connection = session().connection();
            var refusal = tables.settle(connection, schema, provenance, topic);
            if (refusal.isPresent()) {
                throw new Refused(refusal.get().where());
            }
            try {
                unlimited(connection);
                claim(connection, schema, provenance, number, position);
                Findings.Gathering found = new Findings.Gathering();
                List<String> objects = new ArrayList<>();
                long written = copy(connection, schema, rows, found, objects);
                session().checkConstraints();
                enter(connection, schema, number, written, objects);
                List<FindingTotal> totals = findings.write(connection, found.sum(topic, schema.table(), provenance));
                connection.commit();
                return totals;
            } catch (SQLException | RuntimeException e) {
                Rollbacks.quietly(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            if (SqlState.refusesRow(e)) {
                throw new Refused("SQLSTATE " + SqlState.of(e));
            }
            close();
            throw target.fault(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** A chunk takes as long as its source, and the archive that its rows go to on the way, take to tell it. */
    private static void unlimited(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = 0");
        }
    }

    private void claim(Connection connection, TableSchema schema, Provenance provenance, int number, String position)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setString(1, schema.table().shortText());
            statement.setInt(2, number);
            statement.setString(3, provenance.source().text());
            statement.setInt(4, provenance.mappingVersion());
            statement.setString(5, position);
            statement.setObject(6, clock.instant().atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }

    private static void enter(Connection connection, TableSchema schema, int number, long rows, List<String> objects)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE handover.load_chunk SET rows = ?, objects = ? WHERE table_name = ? AND chunk = ?")) {
            statement.setLong(1, rows);
            statement.setArray(2, connection.createArrayOf("text", objects.toArray()));
            statement.setString(3, schema.table().shortText());
            statement.setInt(4, number);
            statement.executeUpdate();
        }
    }

    private long copy(
            Connection connection, TableSchema schema, Rows rows, Findings.Gathering found, List<String> objects)
            throws SQLException {
        CopyIn copy =
                connection.unwrap(PGConnection.class).getCopyAPI().copyIn(new TableStatements(schema).copyTable());
        try {
            objects.addAll(rows.each(upsert -> {
                found.add(upsert.bucket().bucket().partition(partitions), upsert);
                line(copy, upsert);
            }));
            text.flush(copy);
            return copy.endCopy();
        } finally {
            text.clear();
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void line(CopyIn copy, CanonicalChange.Upsert upsert) throws SQLException {
        List<Cell> cells = upsert.row().cells();
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i) instanceof Value value) {
                text.text(PostgresText.format(value));
            } else {
                text.nothing();
            }
        }
        text.plain(position(upsert))
                .number(upsert.provenance().mappingVersion())
                .number(upsert.bucket().bucket().number())
                .number(upsert.fingerprint().lane1())
                .number(upsert.fingerprint().lane2())
                .number(upsert.fingerprint().lane3())
                .number(upsert.fingerprint().lane4());
        String raw = RowText.json(upsert.raw());
        if (raw == null) {
            text.nothing();
        } else {
            text.text(raw);
        }
        text.end(copy);
    }

    /** The rows of a chunk share their position. */
    private byte[] position(CanonicalChange.Upsert upsert) {
        byte[] bytes = upsert.position().bytes();
        if (!Arrays.equals(bytes, lastPosition)) {
            lastPosition = bytes;
            lastPositionText = ("\\" + RowText.bytea(bytes)).getBytes(StandardCharsets.US_ASCII);
        }
        return lastPositionText;
    }

    private Session session() throws SQLException {
        Session open = session;
        if (open == null) {
            open = Session.open(target, 0);
            session = open;
        }
        return open;
    }

    @Override
    public void close() {
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }
}
