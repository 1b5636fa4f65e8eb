package dev.handover.capture;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * Opens connections to a source under the settings that make its text output canonical: for PostgreSQL ISO dates, UTC,
 * ISO 8601 intervals, shortest exact floats and hexadecimal bytes; for MariaDB and MySQL UTC and UTF-8 of four bytes.
 */
public final class SourceSessions {
    /**
     * Statements after which a PostgreSQL session prints values in canonical form. They cannot travel with the start-up
     * packet, in which the driver puts the zone of the Java process after them.
     */
    public static final List<String> POSTGRES_OUTPUT = List.of(
            "SET DateStyle = 'ISO'",
            "SET TimeZone = 'UTC'",
            "SET IntervalStyle = 'iso_8601'",
            "SET extra_float_digits = 1",
            "SET bytea_output = 'hex'",
            "SET lc_monetary = 'C'");

    private static final int CONNECT_SECONDS_MAX = 10;
    /** Class 28 and MariaDB's and MySQL's own codes for "access denied". */
    private static final Set<String> DENIED = Set.of("28000", "28P01", "42501");
    /** MariaDB and MySQL say "syntax error or access violation" of these: database, table, column, privilege denied. */
    private static final Set<Integer> DENIED_CODES = Set.of(1044, 1142, 1143, 1227);

    private final SourceConfig config;

    public SourceSessions(SourceConfig config) {
        this.config = config;
    }

    /**
     * A connection with auto-commit on; the caller closes it.
     *
     * @throws Fault {@code source-unreachable} (try again), {@code source-denied}, {@code source-missing}
     */
    public Connection open() {
        try {
            Connection connection = DriverManager.getConnection(url(), properties());
            if (config.engine() == SourceEngine.POSTGRESQL) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(String.join("; ", POSTGRES_OUTPUT));
                } catch (SQLException e) {
                    connection.close();
                    throw e;
                }
            }
            return connection;
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** A replication connection to the PostgreSQL database; the caller closes it. @throws Fault as {@link #open()} */
    public Connection openReplication() {
        Properties properties = properties();
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "10");
        try {
            return DriverManager.getConnection(url(), properties);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** What a failure to talk to the source means; the driver's own message is not repeated. */
    public Fault fault(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (DENIED.contains(state) || config.engine().binlog() && DENIED_CODES.contains(e.getErrorCode())) {
            return Fault.causedBy(
                    e,
                    ExitCode.DENIED,
                    "source-denied",
                    config + " refused user \"" + config.user() + "\" (SQLSTATE " + state + ")",
                    "check the user, the password, and the user's privileges at the source");
        }
        if (state.equals("3D000") || state.equals("42000") && e.getErrorCode() == 1049) {
            return Fault.causedBy(
                    e,
                    ExitCode.USAGE,
                    "source-missing",
                    config + " has no database \"" + config.database() + "\"",
                    "check sources[].database");
        }
        return Fault.causedBy(
                e,
                ExitCode.UNREACHABLE,
                "source-unreachable",
                config + " does not answer (SQLSTATE " + state + ")",
                "check that the server runs and that host, port and tls are right");
    }

    private String url() {
        return switch (config.engine()) {
            case POSTGRESQL -> "jdbc:postgresql://" + config.host() + ":" + config.port() + "/" + config.database();
            case MARIADB, MYSQL -> "jdbc:mariadb://" + config.host() + ":" + config.port() + "/" + config.database();
            case SQL_SERVER, ORACLE ->
                throw Fault.of(
                        ExitCode.USAGE,
                        "engine-unsupported",
                        config + ": " + config.engine().text() + " cannot be read by this build",
                        "take a build that brings the driver of "
                                + config.engine().text());
        };
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", config.user());
        properties.setProperty("password", config.password());
        if (config.engine() == SourceEngine.POSTGRESQL) {
            postgres(properties);
        } else {
            mariadb(properties);
        }
        return properties;
    }

    private void postgres(Properties properties) {
        properties.setProperty("ApplicationName", "handover");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS_MAX));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty(
                "sslmode",
                switch (config.tls()) {
                    case DISABLED -> "disable";
                    case REQUIRED -> "require";
                    case VERIFY_CA -> "verify-ca";
                    case VERIFY_FULL -> "verify-full";
                });
        if (!config.caFile().isEmpty()) {
            properties.setProperty("sslrootcert", config.caFile());
        }
    }

    private void mariadb(Properties properties) {
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS_MAX * 1_000));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("sessionVariables", "time_zone='+00:00',sql_mode='',character_set_results='utf8mb4'");
        properties.setProperty(
                "sslMode",
                switch (config.tls()) {
                    case DISABLED -> "disable";
                    case REQUIRED -> "trust";
                    case VERIFY_CA -> "verify-ca";
                    case VERIFY_FULL -> "verify-full";
                });
        if (!config.caFile().isEmpty()) {
            properties.setProperty("serverSslCert", config.caFile());
        }
    }
}
