package dev.handover.deploy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.CaptureConfig;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.TableSelection;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Capture from a real PostgreSQL to a real Kafka. */
class PostgresCaptureIT {
    @SuppressWarnings("NullAway.Init") // by start
    private static EmbeddedStack stack;

    @BeforeAll
    static void start(@TempDir Path directory) {
        stack = EmbeddedStack.start(
                StackConfig.of(directory.resolve("state"), EnumSet.of(Service.SOURCE, Service.KAFKA)), line -> {});
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private static SourceConfig source(String name, TableSelection selection) throws Exception {
        var server = stack.endpoints().source();
        SourceConfig any = CaptureFixture.postgres(server, server.database(), name, selection);
        try (Connection connection = new SourceSessions(any).open();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return CaptureFixture.postgres(server, name, name, selection);
    }

    private static void sql(SourceConfig source, String... statements) throws Exception {
        try (Connection connection = new SourceSessions(source).open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void everyTypeTravelsAsPostgresPrintsIt() throws Exception {
        SourceConfig source = source("zoo", TableSelection.ALL);
        sql(source, TypeZoo.SETUP);
        int number = 0;
        for (TypeZoo.Animal animal : TypeZoo.POSTGRES) {
            number++;
            sql(
                    source,
                    "CREATE TABLE zoo_" + number + " (id integer PRIMARY KEY, c" + number + " " + animal.type() + ")");
            sql(
                    source,
                    "INSERT INTO zoo_" + number + " VALUES (1, "
                            + animal.literals().get(0) + ")");
        }
        InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
        CaptureConfig config =
                CaptureFixture.config("zoo", source, stack.endpoints().kafka(), 64);
        SourceEvents events = new SourceEvents(config.topics(), CaptureFixture.PARTITIONS, registry);
        PostgresTables tables = new PostgresTables(source);
        try (CaptureFixture.Running capture = new CaptureFixture.Running(config, tables, tables, registry)) {
            awaitStream(capture, source);
            int table = 0;
            for (TypeZoo.Animal animal : TypeZoo.POSTGRES) {
                table++;
                for (int i = 1; i < animal.literals().size(); i++) {
                    sql(
                            source,
                            "INSERT INTO zoo_" + table + " VALUES (" + (i + 1) + ", "
                                    + animal.literals().get(i) + ")");
                }
                sql(source, "UPDATE zoo_" + table + " SET id = -id WHERE id = 1");
            }
            for (var found : tables.tables()) {
                TableSchema schema = found.schema().orElseThrow();
                assertThat(state(capture, config, events, schema, source))
                        .as(schema.columns().get(1).toString())
                        .isEqualTo(rows(source, schema));
            }
        }
    }

    private static Map<RowKey, Row> rows(SourceConfig source, TableSchema schema) throws Exception {
        Map<RowKey, Row> rows = new HashMap<>();
        try (Connection connection = new SourceSessions(source).open()) {
            PostgresTables.read(connection, schema).forEach(row -> rows.put(row.key(), row));
        }
        return rows;
    }

    /** What the change log says the table holds, waited for until it has as many rows. */
    private static Map<RowKey, Row> state(
            CaptureFixture.Running capture,
            CaptureConfig config,
            SourceEvents events,
            TableSchema schema,
            SourceConfig source)
            throws Exception {
        Map<RowKey, Row> expected = rows(source, schema);
        try (ChangeLogReader reader = new ChangeLogReader(
                stack.endpoints().kafka().bootstrap(),
                config.topics().source(schema.table()),
                CaptureFixture.PARTITIONS,
                events)) {
            Map<RowKey, Row> state = new HashMap<>();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                capture.requireAlive();
                state.clear();
                state.putAll(folded(reader.all()));
                return state.keySet().equals(expected.keySet());
            });
            return state;
        }
    }

    /** Heartbeats begin when the load is done. */
    private static void awaitStream(CaptureFixture.Running capture, SourceConfig source) {
        Awaitility.await("heartbeat")
                .ignoreExceptionsInstanceOf(SQLException.class)
                .atMost(Duration.ofSeconds(90))
                .until(() -> {
                    capture.requireAlive();
                    try (Connection connection = new SourceSessions(source).open();
                            Statement statement = connection.createStatement();
                            ResultSet rows = statement.executeQuery(
                                    "SELECT 1 FROM public.handover_heartbeat WHERE counter > 2")) {
                        return rows.next();
                    }
                });
    }

    private static Map<RowKey, Row> folded(List<SourceEvent> events) {
        Map<RowKey, Row> state = new HashMap<>();
        for (SourceEvent event : events) {
            if (event instanceof SourceChange.Upsert upsert) {
                // Only what was streamed counts: the row that was loaded is changed afterwards.
                if (upsert.lineage().origin() == Origin.STREAM) {
                    state.put(upsert.key(), upsert.after());
                }
            } else if (event instanceof SourceChange.Delete delete) {
                state.remove(delete.key());
            }
        }
        return state;
    }
}
