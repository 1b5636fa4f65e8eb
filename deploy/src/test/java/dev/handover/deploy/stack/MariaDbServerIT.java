package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MariaDbServerIT {
    @Test
    void logsRowsDurablyAndKeepsThemThroughSigkill(@TempDir Path directory) throws SQLException {
        // A path as people have them: with a space, and longer than a socket's may be.
        Path nested = directory.resolve("a state directory").resolve("x".repeat(120));
        try (StateDirectory state = StateDirectory.open(nested);
                ServerProcess<Endpoints.MariaDb> server = MariaDbServer.start(state, Caches.shared())) {
            Endpoints.Login admin = server.endpoint().admin();
            assertThat(one(
                            server,
                            admin,
                            "select concat_ws(' ', @@binlog_format, @@binlog_row_image, @@gtid_strict_mode, @@sync_binlog,"
                                    + " @@innodb_flush_log_at_trx_commit, @@log_bin, @@bind_address)"))
                    .isEqualTo("ROW FULL ON 1 1 ON 127.0.0.1");
            execute(server, admin, "create database lab");
            execute(server, admin, "create table lab.result (id int primary key)");
            execute(server, admin, "insert into lab.result values (1)");
            String position = one(server, admin, "select @@gtid_binlog_pos");

            server.kill();
            server.restart();

            assertThat(one(server, admin, "select id from lab.result")).isEqualTo("1");
            assertThat(one(server, admin, "select @@gtid_binlog_pos")).isEqualTo(position);
        }
    }

    @Test
    void letsTheReplicationUserReadAndNoStrangerIn(@TempDir Path directory) throws SQLException {
        try (StateDirectory state = StateDirectory.open(directory);
                ServerProcess<Endpoints.MariaDb> server = MariaDbServer.start(state, Caches.shared())) {
            Endpoints.Login replication = server.endpoint().replication();
            assertThat(one(server, replication, "show master status")).startsWith("binlog.");
            assertThatThrownBy(() -> execute(server, replication, "create database lab"))
                    .isInstanceOf(SQLException.class);
            for (String user : new String[] {"root", "handover", ""}) {
                assertThatThrownBy(() -> execute(server, new Endpoints.Login(user, new Password("")), "select 1"))
                        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState())
                                .isEqualTo("28000"));
            }
        }
    }

    private static void execute(ServerProcess<Endpoints.MariaDb> server, Endpoints.Login login, String sql)
            throws SQLException {
        try (Connection connection = connect(server, login);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(ServerProcess<Endpoints.MariaDb> server, Endpoints.Login login, String sql)
            throws SQLException {
        try (Connection connection = connect(server, login);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static Connection connect(ServerProcess<Endpoints.MariaDb> server, Endpoints.Login login)
            throws SQLException {
        return DriverManager.getConnection(
                server.endpoint().jdbcUrl(), login.user(), login.password().text());
    }
}
