package dev.handover.sink.postgres;

import dev.handover.row.TableSchema;
import dev.handover.sink.batch.TableWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of the sink and what lives as long as it does: whether it is exempt from triggers and foreign keys, and
 * a writer for each schema.
 */
final class Session implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    private final Connection connection;
    private final boolean exempt;
    private final int copyRowsMin;
    private final Map<TableSchema, TableWriter> writers = new HashMap<>(); // sink thread only

    private Session(Connection connection, boolean exempt, int copyRowsMin) {
        this.connection = connection;
        this.exempt = exempt;
        this.copyRowsMin = copyRowsMin;
    }

    static Session open(TargetDatabase target, int copyRowsMin) throws SQLException {
        Connection connection = target.open();
        try {
            boolean exempt = exempted(connection);
            if (!exempt) {
                log.atWarn()
                        .addKeyValue("user", target.user())
                        .log(
                                "the sink may not set session_replication_role: the target's triggers and foreign keys act on"
                                        + " every batch");
            }
            connection.setAutoCommit(false);
            return new Session(connection, exempt, copyRowsMin);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Takes the role of a replica, as PostgreSQL's own apply worker does: triggers and foreign keys did their work at
     * the source, and tables arrive in no order that foreign keys could be checked in.
     *
     * @return whether the user may
     */
    static boolean exempted(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            return true;
        } catch (SQLException e) {
            if (SqlState.deniesAccess(e)) {
                return false;
            }
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    int copyRowsMin() {
        return copyRowsMin;
    }

    void write(TableWork work, Instant now, TableWriter.Written written) throws SQLException {
        TableWriter writer = writers.get(work.schema());
        if (writer == null) {
            writer = new TableWriter(this, work.schema(), writers.size());
            writers.put(work.schema(), writer);
        }
        writer.write(work, now, written);
    }

    /** Has deferred constraints speak now, where a row can still be found, and not at the commit. */
    void checkConstraints() throws SQLException {
        if (!exempt) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
                statement.execute("SET CONSTRAINTS ALL DEFERRED");
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            log.atDebug().addKeyValue("sqlState", SqlState.of(e)).log("closing a connection failed");
        }
    }
}
