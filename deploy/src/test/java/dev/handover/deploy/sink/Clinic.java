package dev.handover.deploy.sink;

import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.PostgresServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.fault.Retry;
import dev.handover.sink.batch.History;
import dev.handover.sink.postgres.ControlTables;
import dev.handover.sink.postgres.PostgresSink;
import dev.handover.sink.postgres.TargetDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A target server with the control schema, and eyes on it that are not the sink's. */
final class Clinic implements AutoCloseable {
    static final Retry RETRY = new Retry(20, Duration.ofMillis(50), Duration.ofMillis(500));

    private final StateDirectory state;
    private final ServerProcess<Endpoints.Postgres> server;
    private int schemas;

    Clinic(Path directory) {
        state = StateDirectory.open(directory);
        try {
            server = PostgresServer.start(
                    state, Artifacts.in(Artifacts.sharedCache(System.getenv()), System.out::println), "target");
        } catch (RuntimeException e) {
            state.close();
            throw e;
        }
        ControlTables.migrate(target());
    }

    ServerProcess<Endpoints.Postgres> server() {
        return server;
    }

    TargetDatabase target() {
        Endpoints.Postgres endpoint = server.endpoint();
        return TargetDatabase.of(
                endpoint.jdbcUrl(), endpoint.user(), endpoint.password().text());
    }

    PostgresSink sink(int copyRowsMin) {
        return new PostgresSink(target(), RETRY, copyRowsMin, InstantSource.system());
    }

    /** A schema that nothing was written to. */
    String schema() {
        return "clinic " + schemas++;
    }

    Map<Long, String> names(History history) throws SQLException {
        Map<Long, String> names = new HashMap<>();
        for (List<String> row : rows("SELECT id, \"na\"\"me\" FROM \""
                + history.schema().table().schema() + "\".\""
                + history.schema().table().name() + "\"")) {
            names.put(Long.parseLong(row.get(0)), row.get(1));
        }
        return names;
    }

    Connection connect() throws SQLException {
        Endpoints.Postgres endpoint = server.endpoint();
        return DriverManager.getConnection(
                endpoint.jdbcUrl(), endpoint.user(), endpoint.password().text());
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String one(String sql) throws SQLException {
        return rows(sql).get(0).get(0);
    }

    List<List<String>> rows(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    @Override
    public void close() {
        server.close();
        state.close();
    }
}
