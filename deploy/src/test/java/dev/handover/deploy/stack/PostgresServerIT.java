package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {
    private static final Artifacts ARTIFACTS = Caches.shared();

    @Test
    void isDurableAndDecodesItsLog(@TempDir Path directory) throws SQLException {
        try (StateDirectory state = StateDirectory.open(directory);
                ServerProcess<Endpoints.Postgres> server = PostgresServer.start(state, ARTIFACTS, "source")) {
            assertThat(rows(
                            server,
                            "select name || '=' || setting from pg_settings where name in ('wal_level', 'fsync',"
                                    + " 'synchronous_commit', 'full_page_writes', 'listen_addresses',"
                                    + " 'max_replication_slots', 'unix_socket_directories') order by name"))
                    .containsExactly(
                            "fsync=on",
                            "full_page_writes=on",
                            "listen_addresses=127.0.0.1",
                            "max_replication_slots=20",
                            "synchronous_commit=on",
                            "unix_socket_directories=",
                            "wal_level=logical");
            execute(server, "create table visit (id int primary key, note text)");
            rows(server, "select lsn from pg_create_logical_replication_slot('slot', 'test_decoding')");
            execute(server, "insert into visit values (1, 'first')");
            assertThat(rows(server, "select data from pg_logical_slot_get_changes('slot', null, null)"))
                    .anyMatch(change -> change.contains("visit: INSERT"));
        }
    }

    @Test
    void keepsWhatWasCommittedThroughSigkillAndANewStart(@TempDir Path directory) throws SQLException {
        int port;
        try (StateDirectory state = StateDirectory.open(directory)) {
            try (ServerProcess<Endpoints.Postgres> server = PostgresServer.start(state, ARTIFACTS, "source")) {
                port = server.endpoint().port();
                long firstPid = server.pid();
                execute(server, "create table visit (id int primary key)");
                execute(server, "insert into visit values (1)");

                server.kill();
                assertThat(server.isRunning()).isFalse();
                server.restart();

                assertThat(server.pid()).isNotEqualTo(firstPid);
                assertThat(rows(server, "select id from visit")).containsExactly("1");
            }
        }
        try (StateDirectory state = StateDirectory.open(directory);
                ServerProcess<Endpoints.Postgres> server = PostgresServer.start(state, ARTIFACTS, "source")) {
            assertThat(server.endpoint().port()).isEqualTo(port);
            assertThat(rows(server, "select id from visit")).containsExactly("1");
        }
    }

    @Test
    void asksForThePasswordAndKeepsRowsOutOfItsLog(@TempDir Path directory) throws Exception {
        try (StateDirectory state = StateDirectory.open(directory);
                ServerProcess<Endpoints.Postgres> server = PostgresServer.start(state, ARTIFACTS, "source")) {
            Endpoints.Postgres endpoint = server.endpoint();
            assertThatThrownBy(() -> DriverManager.getConnection(endpoint.jdbcUrl(), endpoint.user(), "wrong")
                            .close())
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
            assertThat(endpoint.toString()).doesNotContain(endpoint.password().text());

            execute(server, "create table patient (name text primary key)");
            execute(server, "insert into patient values ('Canary')");
            assertThatThrownBy(() -> execute(server, "insert into patient values ('Canary')"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> execute(server, "select 'Canary'::int")).isInstanceOf(SQLException.class);
            assertThat(Files.readString(state.log("source"))).doesNotContain("Canary");
        }
    }

    @Test
    void takesSettingsOfTheCallerAndSaysWhyItDoesNotStart(@TempDir Path directory) throws SQLException {
        try (StateDirectory state = StateDirectory.open(directory)) {
            assertThatThrownBy(() -> PostgresServer.start(
                            state, ARTIFACTS, "source", OptionalInt.empty(), Map.of("no_such_setting", "1")))
                    .isInstanceOfSatisfying(Fault.class, fault -> {
                        assertThat(fault.code()).isEqualTo("server-failed");
                        assertThat(fault.hint()).contains("source.log");
                    });
            assertThat(state.pidFile("source")).doesNotExist();
            try (ServerProcess<Endpoints.Postgres> server = PostgresServer.start(
                    state, ARTIFACTS, "source", OptionalInt.empty(), Map.of("wal_level", "replica"))) {
                assertThat(rows(server, "show wal_level")).containsExactly("replica");
            }
        }
    }

    private static void execute(ServerProcess<Endpoints.Postgres> server, String sql) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> rows(ServerProcess<Endpoints.Postgres> server, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    private static Connection connect(ServerProcess<Endpoints.Postgres> server) throws SQLException {
        Endpoints.Postgres endpoint = server.endpoint();
        return DriverManager.getConnection(
                endpoint.jdbcUrl(), endpoint.user(), endpoint.password().text());
    }
}
