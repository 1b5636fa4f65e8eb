package dev.handover.sink.postgres;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * How the target database is reached.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, without user and password
 * @param properties of the driver, such as {@code sslmode}, beside those that Handover needs and sets itself
 * @param statementTimeout longest that one statement may take
 * @param lockTimeout longest that a statement waits for a lock
 */
public record TargetDatabase(
        String url,
        String user,
        String password,
        Map<String, String> properties,
        Duration statementTimeout,
        Duration lockTimeout) {
    /** Longest that one statement takes where nothing else is said. */
    public static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(5);

    /** Longest that a statement waits for a lock where nothing else is said. */
    public static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SOCKET_GRACE = Duration.ofSeconds(30);

    public TargetDatabase {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        properties = Map.copyOf(properties);
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("the target's address starts with jdbc:postgresql:");
        }
        if (statementTimeout.isNegative() || statementTimeout.isZero() || lockTimeout.isNegative()) {
            throw new IllegalArgumentException("timeouts of the target are positive");
        }
    }

    /** With the usual timeouts and no further properties. */
    public static TargetDatabase of(String url, String user, String password) {
        return new TargetDatabase(url, user, password, Map.of(), STATEMENT_TIMEOUT, LOCK_TIMEOUT);
    }

    /** The same, with another bound on statements. */
    TargetDatabase withStatementTimeout(Duration timeout) {
        return new TargetDatabase(url, user, password, properties, timeout, lockTimeout);
    }

    /**
     * A session in which text has the one form that {@link dev.handover.row.PostgresText} writes, and which commits
     * durably. The caller closes it.
     */
    public Connection open() throws SQLException {
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty("user", user);
        all.setProperty("password", password);
        all.setProperty("ApplicationName", "handover-sink");
        all.setProperty("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
        all.setProperty(
                "socketTimeout",
                Long.toString(statementTimeout.plus(SOCKET_GRACE).toSeconds()));
        all.setProperty("tcpKeepAlive", "true");
        all.setProperty("logServerErrorDetail", "false");
        Connection connection = DriverManager.getConnection(url, all);
        try (Statement statement = connection.createStatement()) {
            for (String setting : settings()) {
                statement.addBatch("SET " + setting);
            }
            statement.executeBatch();
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private List<String> settings() {
        return List.of(
                "DateStyle = 'ISO, YMD'",
                "TimeZone = 'UTC'",
                "IntervalStyle = 'postgres'",
                "extra_float_digits = 1",
                "bytea_output = 'hex'",
                "standard_conforming_strings = on",
                "search_path = public",
                "synchronous_commit = on",
                "jit = off",
                "default_transaction_isolation = 'read committed'",
                "default_transaction_read_only = off",
                "statement_timeout = " + statementTimeout.toMillis(),
                "lock_timeout = " + lockTimeout.toMillis(),
                "idle_in_transaction_session_timeout = " + statementTimeout.toMillis());
    }

    /** The fault that ends work on this target, from what the driver threw; the cause is for a debugger. */
    public Fault fault(SQLException e) {
        if (SqlState.of(e).equals("3D000")) {
            return Fault.causedBy(
                    e,
                    ExitCode.USAGE,
                    "target-missing",
                    "the target " + url + " has no database of that name",
                    "Create it there with ENCODING 'UTF8', or correct sinks[].");
        }
        if (SqlState.deniesAccess(e)) {
            return Fault.causedBy(
                    e,
                    ExitCode.DENIED,
                    "target-denied",
                    "the target " + url + " refuses user \"" + user + "\" (SQLSTATE " + SqlState.of(e) + ")",
                    "Check the password and the user's privileges; \"handover doctor\" lists what is needed.");
        }
        if (SqlState.isTransient(e)) {
            return Fault.causedBy(
                    e,
                    ExitCode.UNREACHABLE,
                    "target-unreachable",
                    "the target " + url + " does not answer, or cannot go on (SQLSTATE " + SqlState.of(e) + ")",
                    "See that the server runs, accepts connections from here and has room on its disk; then start again.");
        }
        return Fault.causedBy(
                e,
                ExitCode.FAILED,
                "target-failed",
                "the target " + url + " refused a statement (SQLSTATE " + SqlState.of(e) + ")",
                "The server's log names the statement; look the code up in PostgreSQL's list of error codes.");
    }

    @Override
    public String toString() {
        return "target " + url + " as " + user;
    }
}
