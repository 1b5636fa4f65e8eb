package dev.handover.deploy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.CaptureConfig;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.Loader;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.TableSelection;
import dev.handover.capture.catalog.Inventory;
import dev.handover.capture.load.Loaders;
import dev.handover.change.DeadLetter;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourcePosition;
import dev.handover.row.Keyless;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.wire.DeadLetters;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table without a key, whose load breaks off in its middle and is done again later, while transactions that it sees
 * and transactions that it does not see commit around it. The change log then must add up to what the source holds: a
 * change that is counted twice, or not at all, is a row too many or too few for ever.
 */
class KeylessCaptureIT {
    private static final String TABLE = "click";
    private static final int BREAKS_AFTER = 150;

    @SuppressWarnings("NullAway.Init") // by start
    private static EmbeddedStack stack;

    @BeforeAll
    static void start(@TempDir Path directory) {
        stack = EmbeddedStack.start(
                StackConfig.of(directory.resolve("state"), EnumSet.of(Service.SOURCE, Service.MARIADB, Service.KAFKA)),
                line -> {});
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void aLoadThatBrokeOffIsCountedOnceOnPostgres() throws Exception {
        var server = stack.endpoints().source();
        sql(CaptureFixture.postgres(server, server.database(), "x", TableSelection.ALL), "CREATE DATABASE keyless");
        SourceConfig source = CaptureFixture.postgres(server, "keyless", "keyless", TableSelection.ALL);
        sql(
                source,
                "CREATE TABLE a_keyed (id integer PRIMARY KEY, v text)",
                "INSERT INTO a_keyed VALUES (1, 'a')",
                "CREATE TABLE click (who text, what integer NOT NULL, long text)",
                "ALTER TABLE click REPLICA IDENTITY FULL",
                "INSERT INTO click SELECT 'w' || g % 7, g % 3, NULL FROM generate_series(1, 300) g",
                "INSERT INTO click SELECT 'long', 1, repeat(md5('x'), 3000) FROM generate_series(1, 3)");
        addsUp(
                source,
                new TableId("keyless", "public", TABLE),
                "DELETE FROM click WHERE ctid = (SELECT ctid FROM click WHERE %s LIMIT 1)",
                "UPDATE click SET what = what + 1 WHERE ctid = (SELECT ctid FROM click WHERE %s LIMIT 1)");
    }

    @Test
    void aLoadThatBrokeOffIsCountedOnceOnMariaDb() throws Exception {
        var server = stack.endpoints().mariadb();
        sql(mariadb("mysql", server), "CREATE DATABASE keyless CHARACTER SET utf8mb4");
        SourceConfig source = mariadb("keyless", server);
        sql(
                source,
                "CREATE TABLE a_keyed (id integer PRIMARY KEY, v text)",
                "INSERT INTO a_keyed VALUES (1, 'a')",
                "CREATE TABLE click (who varchar(20), what integer NOT NULL, `long` mediumtext)",
                "INSERT INTO click SELECT concat('w', seq % 7), seq % 3, NULL FROM seq_1_to_300",
                "INSERT INTO click SELECT 'long', 1, repeat(md5('x'), 3000) FROM seq_1_to_3");
        addsUp(
                source,
                new TableId("keyless", "keyless", TABLE),
                "DELETE FROM click WHERE %s LIMIT 1",
                "UPDATE click SET what = what + 1 WHERE %s LIMIT 1");
    }

    private static void addsUp(SourceConfig source, TableId table, String delete, String update) throws Exception {
        CaptureConfig config = CaptureFixture.config(
                "keyless-" + source.engine().text(), source, stack.endpoints().kafka(), 64);
        InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
        Inventory catalog = Inventory.of(source, Map.of());
        Loader loader = Loaders.of(source);
        SourceEvents events = new SourceEvents(config.topics(), CaptureFixture.PARTITIONS, registry);
        CaptureFixture.Running first =
                new CaptureFixture.Running(config, catalog, new BreaksOff(loader, TABLE), registry);
        assertThat(first.fault().orElseThrow().code()).isEqualTo("broke-off");
        // what the second load sees, and what the log tells again
        sql(
                source,
                "INSERT INTO click VALUES ('between', 1, NULL), ('between', 1, NULL), ('w1', 1, NULL)",
                delete.formatted("who = 'w2' AND what = 0"),
                delete.formatted("who = 'w2' AND what = 0"),
                update.formatted("who = 'w3'"),
                update.formatted("who = 'long'"),
                delete.formatted("who = 'between'"),
                "UPDATE click SET who = 'gone' WHERE who = 'w5'",
                "DELETE FROM click WHERE who = 'gone'");
        try (Connection open = new SourceSessions(source).open();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            // what the second load does not see, although it began before
            statement.execute("INSERT INTO click VALUES ('open', 1, NULL), ('open', 1, NULL), ('w1', 1, NULL)");
            sql(source, "INSERT INTO a_keyed VALUES (2, 'b')", "INSERT INTO click VALUES ('late', 1, NULL)");
            Loader second = new DuringLoad(loader, TABLE, () -> {
                open.commit();
                sql(
                        source,
                        "INSERT INTO click VALUES ('during', 1, NULL), ('w1', 1, NULL)",
                        delete.formatted("who = 'w4' AND what = 1"),
                        update.formatted("who = 'w6'"));
            });
            try (CaptureFixture.Running capture = new CaptureFixture.Running(config, catalog, second, registry)) {
                await(capture, config, events, table, source);
                change(source, delete, update);
                await(capture, config, events, table, source);
            }
        }
        // a later run knows what the load saw
        try (CaptureFixture.Running third = new CaptureFixture.Running(config, catalog, loader, registry)) {
            change(source, delete, update);
            sql(source, "DELETE FROM click WHERE who = 'w0'");
            await(third, config, events, table, source);
        }
        // with other columns none of the rows that were loaded is known: the table is parked, and nothing is lost
        sql(
                source,
                "ALTER TABLE click ADD COLUMN more integer DEFAULT 5",
                "INSERT INTO click (who, what) VALUES ('after', 1)");
        try (CaptureFixture.Running changed = new CaptureFixture.Running(config, catalog, loader, registry)) {
            awaitParked(changed, config, registry, table);
        }
    }

    private static void awaitParked(
            CaptureFixture.Running capture, CaptureConfig config, InMemorySchemaRegistry registry, TableId table) {
        DeadLetters letters = new DeadLetters(config.topics(), registry);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.endpoints().kafka().bootstrap(), "isolation.level", "read_committed"),
                bytes,
                bytes)) {
            TopicPartition partition = new TopicPartition(config.topics().deadLetter(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<DeadLetter> found = new ArrayList<>();
            Awaitility.await("a change of the table among the dead letters")
                    .atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> {
                        capture.requireAlive();
                        consumer.poll(Duration.ofMillis(200)).forEach(record -> letters.decode(record.value())
                                .fold(found::add, rejection -> false));
                        assertThat(found)
                                .anySatisfy(letter -> assertThat(letter.table()).isEqualTo(table.text()));
                    });
        }
    }

    private static void change(SourceConfig source, String delete, String update) throws Exception {
        sql(
                source,
                "INSERT INTO click VALUES ('w1', 1, NULL), ('w1', 1, NULL)",
                update.formatted("who = 'w1' AND what = 1"),
                delete.formatted("who = 'w1' AND what = 2"),
                update.formatted("who = 'long'"),
                "UPDATE click SET what = what WHERE who = 'w3'");
    }

    /** Ends a load, as a killed process does, after some of the rows of one table. */
    private record BreaksOff(Loader loader, String table) implements Loader {
        @Override
        public void load(TableSchema schema, LoadSnapshot snapshot, Consumer<SourceChange.Upsert> rows) {
            int[] seen = {0};
            loader.load(schema, snapshot, row -> {
                if (schema.table().name().equals(table) && ++seen[0] > BREAKS_AFTER) {
                    throw Fault.of(ExitCode.FAILED, "broke-off", "broke-off", "none");
                }
                rows.accept(row);
            });
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Does something in the middle of the load of one table. */
    private record DuringLoad(Loader loader, String table, Work work) implements Loader {
        @Override
        public void load(TableSchema schema, LoadSnapshot snapshot, Consumer<SourceChange.Upsert> rows) {
            int[] seen = {0};
            loader.load(schema, snapshot, row -> {
                if (schema.table().name().equals(table) && ++seen[0] == BREAKS_AFTER) {
                    try {
                        work.run();
                    } catch (Exception e) {
                        throw new AssertionError("the work during the load failed", e);
                    }
                }
                rows.accept(row);
            });
        }
    }

    private static void await(
            CaptureFixture.Running capture,
            CaptureConfig config,
            SourceEvents events,
            TableId table,
            SourceConfig source)
            throws Exception {
        try (ChangeLogReader reader = new ChangeLogReader(
                stack.endpoints().kafka().bootstrap(),
                config.topics().source(table),
                CaptureFixture.PARTITIONS,
                events)) {
            Awaitility.await("the log adds up to what the source holds")
                    .atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> {
                        capture.requireAlive();
                        // asked again each time: a load may still be about to change the source
                        assertThat(multiplicities(reader.all())).isEqualTo(multiplicities(source));
                    });
        }
    }

    /** How many different rows are there once, twice, and so on. */
    private static Map<Integer, Integer> multiplicities(SourceConfig source) throws SQLException {
        Map<Integer, Integer> multiplicities = new TreeMap<>();
        try (Connection connection = new SourceSessions(source).open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM click GROUP BY who, what, "
                        + (source.engine() == SourceEngine.MARIADB ? "`long`" : "long"))) {
            while (row.next()) {
                multiplicities.merge(row.getInt(1), 1, Integer::sum);
            }
        }
        return multiplicities;
    }

    private static Map<Integer, Integer> multiplicities(List<SourceEvent> events) {
        Map<RowKey, Integer> counts = new HashMap<>();
        Map<RowKey, SourcePosition> newest = new HashMap<>();
        for (SourceEvent event : events) {
            if (event instanceof SourceChange change) {
                assertThat(Keyless.copy(change.key())).isEqualTo(Keyless.UNNUMBERED);
                SourcePosition before = newest.get(change.key());
                if (before == null || change.position().isAfter(before)) {
                    newest.put(change.key(), change.position());
                    counts.merge(change.key(), change instanceof SourceChange.Upsert ? 1 : -1, Integer::sum);
                } else {
                    assertThat(change.lineage().origin()).isEqualTo(Origin.STREAM);
                }
            }
        }
        assertThat(counts.values()).as("never below nothing").allMatch(count -> count >= 0);
        Map<Integer, Integer> multiplicities = new TreeMap<>();
        counts.values().stream()
                .filter(count -> count > 0)
                .forEach(count -> multiplicities.merge(count, 1, Integer::sum));
        return multiplicities;
    }

    private static void sql(SourceConfig source, String... statements) throws SQLException {
        try (Connection connection = new SourceSessions(source).open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static SourceConfig mariadb(String database, dev.handover.deploy.stack.Endpoints.MariaDb server) {
        return new SourceConfig(
                "keyless",
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
                4713,
                0,
                ZoneOffset.UTC,
                TableSelection.ALL,
                Map.of());
    }
}
