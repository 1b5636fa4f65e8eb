package dev.handover.deploy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.CaptureConfig;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.TableSelection;
import dev.handover.capture.catalog.MariaDbCatalog;
import dev.handover.capture.load.MariaDbLoader;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Capture from a real MariaDB to a real Kafka. */
class MariaDbCaptureIT {
    @SuppressWarnings("NullAway.Init") // by start
    private static EmbeddedStack stack;

    @BeforeAll
    static void start(@TempDir Path directory) {
        stack = EmbeddedStack.start(
                StackConfig.of(directory.resolve("state"), EnumSet.of(Service.MARIADB, Service.KAFKA)), line -> {});
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private static SourceConfig source(String database) throws Exception {
        var server = stack.endpoints().mariadb();
        SourceConfig admin = new SourceConfig(
                database,
                SourceEngine.MARIADB,
                server.host(),
                server.port(),
                "mysql",
                server.admin().user(),
                server.admin().password().text(),
                SourceConfig.Tls.DISABLED,
                "",
                "",
                "",
                4711,
                0,
                ZoneOffset.UTC,
                TableSelection.ALL,
                Map.of());
        sql(admin, "CREATE DATABASE " + database + " CHARACTER SET utf8mb4");
        return new SourceConfig(
                database,
                SourceEngine.MARIADB,
                server.host(),
                server.port(),
                database,
                server.admin().user(),
                server.admin().password().text(),
                SourceConfig.Tls.DISABLED,
                "",
                "",
                "",
                4711,
                0,
                ZoneOffset.UTC,
                TableSelection.ALL,
                Map.of());
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
    void everyTypeTravelsAsMariaDbPrintsIt() throws Exception {
        SourceConfig source = source("zoo");
        int number = 0;
        for (TypeZoo.Animal animal : MariaDbZoo.ANIMALS) {
            number++;
            sql(
                    source,
                    "CREATE TABLE zoo_" + number + " (id integer PRIMARY KEY, c" + number + " " + animal.type() + ")",
                    "INSERT INTO zoo_" + number + " VALUES (1, "
                            + animal.literals().get(0) + ")");
        }
        InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
        CaptureConfig config =
                CaptureFixture.config("zoo", source, stack.endpoints().kafka(), 64);
        SourceEvents events = new SourceEvents(config.topics(), CaptureFixture.PARTITIONS, registry);
        MariaDbCatalog catalog = new MariaDbCatalog(source, Map.of());
        try (CaptureFixture.Running capture =
                new CaptureFixture.Running(config, catalog, new MariaDbLoader(source), registry)) {
            int table = 0;
            for (TypeZoo.Animal animal : MariaDbZoo.ANIMALS) {
                table++;
                for (int i = 1; i < animal.literals().size(); i++) {
                    sql(
                            source,
                            "INSERT INTO zoo_" + table + " VALUES (" + (i + 1) + ", "
                                    + animal.literals().get(i) + ")");
                }
                sql(source, "UPDATE zoo_" + table + " SET id = -id WHERE id = 1");
            }
            StringBuilder wrong = new StringBuilder();
            for (var found : catalog.tables()) {
                TableSchema schema = found.schema().orElseThrow();
                Map<RowKey, Row> expected = rows(source, schema);
                Map<RowKey, Row> state = state(capture, config, events, schema, expected);
                expected.forEach((key, row) -> {
                    if (!row.equals(state.get(key))) {
                        wrong.append(schema.columns().get(1))
                                .append(" ")
                                .append(shown(row))
                                .append(" streamed as ")
                                .append(shown(state.get(key)))
                                .append("\n");
                    }
                });
            }
            assertThat(wrong.toString()).isEmpty();
        }
    }

    private static String shown(@org.jspecify.annotations.Nullable Row row) {
        return row == null
                ? "nothing"
                : row.cells().stream()
                        .map(cell ->
                                cell instanceof Value value ? dev.handover.row.PostgresText.format(value) : "" + cell)
                        .map(text -> text.length() > 80 ? text.substring(0, 80) : text)
                        .toList()
                        .toString();
    }

    private static Map<RowKey, Row> rows(SourceConfig source, TableSchema schema) throws Exception {
        Map<RowKey, Row> rows = new HashMap<>();
        try (Connection connection = new SourceSessions(source).open()) {
            connection.setAutoCommit(false);
            new MariaDbLoader(source)
                    .load(
                            schema,
                            new LoadSnapshot(
                                    connection,
                                    SourcePosition.mariadb(new SourceId(source.name()), 0, 1, 1, 0),
                                    Instant.EPOCH),
                            row -> rows.put(row.key(), row.after()));
        }
        return rows;
    }

    /** What the change log says the table holds, waited for until it has the same keys. */
    private static Map<RowKey, Row> state(
            CaptureFixture.Running capture,
            CaptureConfig config,
            SourceEvents events,
            TableSchema schema,
            Map<RowKey, Row> expected) {
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

    private static Map<RowKey, Row> folded(List<SourceEvent> events) {
        Map<RowKey, Row> state = new HashMap<>();
        for (SourceEvent event : events) {
            if (event instanceof SourceChange.Upsert upsert) {
                state.put(upsert.key(), upsert.after());
            } else if (event instanceof SourceChange.Delete delete) {
                state.remove(delete.key());
            }
        }
        return state;
    }
}
