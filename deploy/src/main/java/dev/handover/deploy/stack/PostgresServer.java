package dev.handover.deploy.stack;

import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A PostgreSQL cluster with logical decoding, durable as in production: {@code fsync} and {@code synchronous_commit}
 * are on. Its one user is a superuser with a generated password; there is no socket and no trust.
 */
public final class PostgresServer {
    private static final String USER = "handover";
    private static final Launch.Limits LIMITS = new Launch.Limits(Duration.ofSeconds(90), Duration.ofSeconds(20));

    /**
     * What differs from PostgreSQL's defaults. They are written to a file the cluster includes, so that {@code ALTER
     * SYSTEM} still has the last word. Messages below FATAL quote rows and statements, which are patients, so they are
     * not logged.
     */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("full_page_writes", "on"),
            Map.entry("wal_level", "logical"),
            Map.entry("max_wal_senders", "20"),
            Map.entry("max_replication_slots", "20"),
            Map.entry("max_connections", "100"),
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("password_encryption", "scram-sha-256"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_min_messages", "log"),
            Map.entry("log_min_error_statement", "panic"),
            Map.entry("log_error_verbosity", "terse"));

    private PostgresServer() {}

    /** Starts the cluster of this name, creating it and a database of the same name when they are not there. */
    public static ServerProcess<Endpoints.Postgres> start(StateDirectory state, Artifacts artifacts, String name) {
        return start(state, artifacts, name, OptionalInt.empty(), Map.of());
    }

    /**
     * Starts a cluster.
     *
     * @param port the port to use, or empty for one of its own choice
     * @param settings server settings over the stack's own, for example a {@code wal_level} that a check must refuse
     * @throws dev.handover.fault.Fault when it cannot be started here
     */
    public static ServerProcess<Endpoints.Postgres> start(
            StateDirectory state, Artifacts artifacts, String name, OptionalInt port, Map<String, String> settings) {
        Path binaries = artifacts.home(Artifact.postgres()).resolve("bin");
        List<String> unprivileged = UnprivilegedUser.prefix(name);
        Settings kept = state.settings(name);
        Path data = state.home(name).resolve("data");
        Password password = kept.password("password");
        if (!Files.exists(data)) {
            initialize(state, name, binaries, unprivileged, data, password);
        }
        Map<String, String> all = new TreeMap<>(SETTINGS);
        all.putAll(settings);
        configure(data, all);
        ServerProcess<Endpoints.Postgres> server = ServerProcess.start(state, name, Signal.INT, () -> {
            int chosen = kept.port("port", port);
            Endpoints.Postgres endpoint = new Endpoints.Postgres("127.0.0.1", chosen, name, USER, password);
            List<String> command = new ArrayList<>(unprivileged);
            command.addAll(List.of(
                    binaries.resolve("postgres").toString(), "-D", data.toString(), "-p", Integer.toString(chosen)));
            return new Launch<>(
                    name, command, Map.of(), state.home(name), LIMITS, endpoint, () -> answers(maintenance(endpoint)));
        });
        try {
            createDatabase(server.endpoint());
        } catch (Fault e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Creates the cluster under another name and renames it, so that one that exists is whole. */
    private static void initialize(
            StateDirectory state, String name, Path binaries, List<String> unprivileged, Path data, Password password) {
        Path part = data.resolveSibling("data.part");
        Disk.delete(part);
        Path passwordFile = data.resolveSibling("initdb.password");
        Disk.writePrivate(passwordFile, password.text());
        List<String> command = new ArrayList<>(unprivileged);
        command.addAll(List.of(
                binaries.resolve("initdb").toString(),
                "--pgdata=" + part,
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions"));
        try {
            Preparation.run(state, name, command, input -> {});
            Files.writeString(
                    part.resolve("postgresql.conf"),
                    "\ninclude_if_exists = 'handover.conf'\n",
                    StandardOpenOption.APPEND);
            Disk.move(part, data);
            Files.delete(passwordFile);
        } catch (IOException e) {
            throw Disk.fault(data, e);
        }
    }

    private static void configure(Path data, Map<String, String> settings) {
        StringBuilder text = new StringBuilder();
        settings.forEach((key, value) ->
                text.append(key).append(" = '").append(value.replace("'", "''")).append("'\n"));
        Disk.writePrivate(data.resolve("handover.conf"), text.toString());
    }

    private static Endpoints.Postgres maintenance(Endpoints.Postgres endpoint) {
        return new Endpoints.Postgres(
                endpoint.host(), endpoint.port(), "postgres", endpoint.user(), endpoint.password());
    }

    private static Connection connect(Endpoints.Postgres endpoint) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", endpoint.user());
        properties.setProperty("password", endpoint.password().text());
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(endpoint.jdbcUrl(), properties);
    }

    private static boolean answers(Endpoints.Postgres endpoint) throws SQLException {
        try (Connection connection = connect(endpoint);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select 1")) {
            return row.next();
        }
    }

    private static void createDatabase(Endpoints.Postgres endpoint) {
        try (Connection connection = connect(maintenance(endpoint));
                Statement statement = connection.createStatement()) {
            try (ResultSet row =
                    statement.executeQuery("select 1 from pg_database where datname = '" + endpoint.database() + "'")) {
                if (row.next()) {
                    return;
                }
            }
            statement.execute("create database \"" + endpoint.database() + "\"");
        } catch (SQLException e) {
            throw StackFault.SERVER_FAILED.of(
                    endpoint.database() + ": the database cannot be created (SQLSTATE " + e.getSQLState() + ")",
                    "remove the state directory of this server and start again");
        }
    }
}
