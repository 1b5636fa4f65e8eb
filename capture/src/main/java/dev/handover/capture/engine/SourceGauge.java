package dev.handover.capture.engine;

import dev.handover.capture.LoadCondition.Measure;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.load.MariaDbLoader;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks a source how busy it is, over a connection that is opened at the first question. Used by one thread. */
public final class SourceGauge implements LoadGate.Gauge, AutoCloseable {
    private static final int ANSWER_SECONDS_MAX = 5;

    /** What a statement ends with that took too long: PostgreSQL, MariaDB. */
    private static final Set<String> TIMED_OUT = Set.of("57014", "70100");

    private static final String POSTGRES_SESSIONS = "SELECT count(*) FROM pg_stat_activity"
            + " WHERE state = 'active' AND backend_type = 'client backend' AND application_name <> 'handover'";
    private static final String POSTGRES_LAG =
            "SELECT coalesce(max(extract(epoch FROM replay_lag) * 1000), 0)::bigint FROM pg_stat_replication"
                    // the tap's reader is ours too, and goes no further than the change log
                    + " WHERE application_name <> 'handover' AND pid NOT IN (SELECT active_pid FROM pg_replication_slots"
                    + " WHERE slot_name = ? AND active_pid IS NOT NULL)";
    private static final String BINLOG_SESSIONS = "SELECT count(*) FROM information_schema.processlist"
            + " WHERE command NOT IN ('Sleep', 'Daemon') AND command NOT LIKE 'Binlog Dump%'"
            + " AND command NOT LIKE 'Slave%' AND id <> connection_id() AND coalesce(info, '') NOT LIKE '"
            + MariaDbLoader.OURS + "%'";

    private final SourceConfig config;
    private final SourceSessions sessions;
    private @Nullable Connection connection;

    public SourceGauge(SourceConfig config) {
        this.config = config;
        this.sessions = new SourceSessions(config);
    }

    /** @throws Fault {@code source-unreachable}, {@code source-denied} where the user may not see sessions of others */
    @Override
    public OptionalLong read(Measure measure) {
        try {
            Connection open = connection;
            if (open == null) {
                open = sessions.open();
                connection = open;
                requirePrivilege(open);
            }
            return OptionalLong.of(ask(measure, open));
        } catch (SQLException e) {
            if (e instanceof SQLTimeoutException || TIMED_OUT.contains(String.valueOf(e.getSQLState()))) {
                return OptionalLong.empty();
            }
            throw sessions.fault(e);
        }
    }

    private long ask(Measure measure, Connection open) throws SQLException {
        boolean postgres = config.engine() == SourceEngine.POSTGRESQL;
        String question =
                switch (measure) {
                    case ACTIVE_SESSIONS -> postgres ? POSTGRES_SESSIONS : BINLOG_SESSIONS;
                    case REPLICA_LAG -> POSTGRES_LAG;
                };
        try (PreparedStatement statement = open.prepareStatement(question)) {
            statement.setQueryTimeout(ANSWER_SECONDS_MAX);
            if (measure == Measure.REPLICA_LAG) {
                statement.setString(1, config.slot());
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Without it the server hides what sessions of others do, and no condition would ever be true. */
    private void requirePrivilege(Connection open) throws SQLException {
        boolean postgres = config.engine() == SourceEngine.POSTGRESQL;
        if (postgres ? !seesPostgresSessions(open) : !seesProcesses(open)) {
            throw Fault.of(
                    ExitCode.DENIED,
                    "source-denied",
                    "user \"" + config.user() + "\" of " + config
                            + " may not see sessions of others, which load.pauseWhen asks for",
                    postgres
                            ? "run there: GRANT pg_read_all_stats TO \"" + config.user() + "\""
                            : "run there: GRANT PROCESS ON *.* TO '" + config.user() + "'");
        }
    }

    private static boolean seesPostgresSessions(Connection open) throws SQLException {
        try (Statement statement = open.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static boolean seesProcesses(Connection open) throws SQLException {
        try (Statement statement = open.createStatement();
                ResultSet row = statement.executeQuery("SHOW GRANTS")) {
            while (row.next()) {
                String grant = row.getString(1).toUpperCase(Locale.ROOT);
                if (grant.contains(" ON *.* ") && (grant.contains("ALL PRIVILEGES") || grant.contains("PROCESS"))) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // what it was asked for is answered
            connection = null;
        }
    }
}
