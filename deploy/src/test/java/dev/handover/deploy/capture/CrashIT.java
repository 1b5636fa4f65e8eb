package dev.handover.deploy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.TableSelection;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import dev.handover.position.SourcePosition;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.Value;
import dev.handover.wire.HttpSchemaRegistry;
import dev.handover.wire.SourceEvents;
import dev.handover.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Capture killed, stopped and lied to: nothing is lost, and a gap is refused. */
class CrashIT {
    private static final int ROWS = 3_000;

    /** Every process of this test, so that a failed one leaves none behind. */
    private static final List<Process> STARTED = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // by start
    private static EmbeddedStack stack;

    @SuppressWarnings("NullAway.Init") // by start
    private static Path logs;

    @BeforeAll
    static void start(@TempDir Path directory) {
        logs = directory;
        stack = EmbeddedStack.start(
                StackConfig.of(
                        directory.resolve("state"),
                        EnumSet.of(Service.SOURCE, Service.MARIADB, Service.KAFKA, Service.REGISTRY)),
                line -> {});
    }

    @AfterAll
    static void stop() {
        STARTED.forEach(Process::destroyForcibly);
        stack.close();
    }

    @Test
    void losesNothingOfCopiesWhenKilledAgainAndAgain() throws Exception {
        SourceConfig source = postgres("copies");
        sql(
                source,
                "CREATE TABLE t (id integer PRIMARY KEY, v text)",
                "INSERT INTO t SELECT g, 'loaded' FROM generate_series(1, 2000) g");
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        Path log = logs.resolve("copies.log");
        int kills = 0;
        for (int round = 0; round < 5; round++) {
            Process capture = capture(log, source, 64);
            try {
                // The first is killed while it loads or just after, the others while they stream a copy.
                if (round > 0) {
                    awaitSlot(source);
                    copy(source, round * 10_000);
                }
                long wait = round == 0 ? 5_000 : random.nextInt(700);
                if (!capture.waitFor(wait, TimeUnit.MILLISECONDS)) {
                    capture.destroyForcibly().waitFor();
                    kills++;
                } else {
                    throw new AssertionError("ended by itself: " + CaptureProcess.tail(log));
                }
            } finally {
                capture.destroyForcibly();
            }
        }
        assertThat(kills).isEqualTo(5);
        assertComplete(log, source, "public");
    }

    @Test
    void losesNothingOfATransactionThatWasOpenDuringARestart() throws Exception {
        SourceConfig source = postgres("restart");
        sql(
                source,
                "CREATE TABLE t (id integer PRIMARY KEY, v text)",
                "CREATE TABLE u (id integer PRIMARY KEY, v text)");
        Path log = logs.resolve("restart.log");
        Process first = capture(log, source, 64);
        awaitSlot(source);
        try (Connection open = new SourceSessions(source).open();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO t SELECT g, 'a' FROM generate_series(1, 5) g");
            sql(source, "INSERT INTO u VALUES (90, 'B')");
            statement.execute("INSERT INTO t SELECT g, 'b' FROM generate_series(6, 10) g");
            awaitKeys(log, source, "public", "u", Set.of(90L));
            first.getOutputStream().close();
            assertThat(first.waitFor(60, TimeUnit.SECONDS))
                    .as(CaptureProcess.tail(log))
                    .isTrue();
            open.commit();
        }
        assertComplete(log, source, "public");
    }

    @Test
    void refusesASlotThatWasMadeAnew() throws Exception {
        SourceConfig source = postgres("slot");
        sql(source, "CREATE TABLE t (id integer PRIMARY KEY, v text)");
        Path log = logs.resolve("slot.log");
        Process first = capture(log, source, 64);
        sql(source, "INSERT INTO t VALUES (1, 'a')");
        awaitKeys(log, source, "public", "t", Set.of(1L));
        first.getOutputStream().close();
        assertThat(first.waitFor(60, TimeUnit.SECONDS))
                .as(CaptureProcess.tail(log))
                .isTrue();
        awaitIdleSlot(source);
        sql(source, "SELECT pg_drop_replication_slot('handover_slot')", "INSERT INTO t VALUES (2, 'lost')");
        assertRefused(log, source, "slot-missing");
        sql(source, "SELECT pg_create_logical_replication_slot('handover_slot', 'pgoutput')");
        assertRefused(log, source, "slot-ahead");
    }

    /** What a first run leaves that is killed while it marks where it begins. */
    @Test
    void beginsWhereARunBrokeOffBeforeItsFirstCommit() throws Exception {
        SourceConfig source = postgres("begun");
        sql(source, "CREATE TABLE t (id integer PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')");
        write("begun.source.begun.public.t", "begun-capture-begun", false);
        assertComplete(logs.resolve("begun.log"), source, "public");
    }

    @Test
    void refusesATopicThatSomebodyElseWrote() throws Exception {
        SourceConfig source = postgres("foreign_topic");
        sql(source, "CREATE TABLE t (id integer PRIMARY KEY, v text)");
        write("foreign_topic.source.foreign_topic.public.t", "somebody", true);
        assertRefused(logs.resolve("foreign.log"), source, "topic-foreign");
    }

    /** Makes the topic and sends a record to it, in a transaction that ends so. */
    private static void write(String topic, String transactionalId, boolean commits) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", stack.endpoints().kafka().bootstrap());
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(List.of(new NewTopic(topic, CaptureFixture.PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        Map<String, Object> writing = new HashMap<>(settings);
        writing.put("transactional.id", transactionalId);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, 1, new byte[] {1}, new byte[] {1}))
                    .get();
            if (commits) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    @Test
    void losesNothingOfMariaDbWhenKilledAgainAndAgain() throws Exception {
        SourceConfig source = mariadb("crash");
        sql(
                source,
                "CREATE TABLE t (id integer PRIMARY KEY, v text)",
                "INSERT INTO t SELECT seq, 'loaded' FROM seq_1_to_2000");
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        Path log = logs.resolve("crash.log");
        for (int round = 0; round < 4; round++) {
            Process capture = capture(log, source, 64);
            try {
                if (round > 0) {
                    awaitReader(source);
                    sql(
                            source,
                            "INSERT INTO t SELECT seq, 'x' FROM seq_" + round * 10_000 + "_to_"
                                    + (round * 10_000 + 999));
                    sql(source, "UPDATE t SET v = 'y' WHERE id % 7 = 0", "DELETE FROM t WHERE id % 11 = 0");
                }
                if (capture.waitFor(round == 0 ? 6_000 : random.nextInt(700), TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("ended by itself: " + CaptureProcess.tail(log));
                }
            } finally {
                capture.destroyForcibly().waitFor();
            }
        }
        assertComplete(log, source, "crash");
    }

    private static void assertRefused(Path log, SourceConfig source, String code) throws Exception {
        Files.writeString(log, "");
        Process capture = capture(log, source, 64);
        try {
            assertThat(capture.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(CaptureProcess.tail(log)).contains("FAULT " + code);
        } finally {
            capture.destroyForcibly();
        }
    }

    /** A last capture finds everything: the source's keys are the change log's, by the guard's rule. */
    private static void assertComplete(Path log, SourceConfig source, String schema) throws Exception {
        Process last = capture(log, source, 64);
        try {
            for (String table : tables(source, schema)) {
                Map<Long, String> expected = rows(source, schema, table);
                awaitState(last, log, source, schema, table, expected);
            }
        } finally {
            last.getOutputStream().close();
            if (!last.waitFor(60, TimeUnit.SECONDS)) {
                last.destroyForcibly();
            }
        }
    }

    private static Set<String> tables(SourceConfig source, String schema) throws Exception {
        Set<String> tables = new TreeSet<>();
        try (Connection connection = new SourceSessions(source).open();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT table_name FROM information_schema.tables WHERE table_schema = '"
                                + schema + "' AND table_name <> 'handover_heartbeat'")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    private static Map<Long, String> rows(SourceConfig source, String schema, String table) throws Exception {
        Map<Long, String> found = new HashMap<>();
        try (Connection connection = new SourceSessions(source).open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, v FROM " + schema + "." + table)) {
            while (rows.next()) {
                found.put(rows.getLong(1), rows.getString(2));
            }
        }
        return found;
    }

    private static void awaitKeys(Path log, SourceConfig source, String schema, String table, Set<Long> keys)
            throws Exception {
        try (ChangeLogReader reader = reader(source, schema, table)) {
            Awaitility.await(table).atMost(Duration.ofSeconds(60)).until(() -> {
                if (Files.readString(log).contains("FAULT")) {
                    throw new AssertionError(CaptureProcess.tail(log));
                }
                return guarded(reader.all()).keySet().equals(keys);
            });
        }
    }

    private static void awaitState(
            Process capture, Path log, SourceConfig source, String schema, String table, Map<Long, String> expected)
            throws Exception {
        try (ChangeLogReader reader = reader(source, schema, table)) {
            Awaitility.await(table + " of " + expected.size() + " rows")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> {
                        if (!capture.isAlive()) {
                            throw new AssertionError(CaptureProcess.tail(log));
                        }
                        return guarded(reader.all()).equals(expected);
                    });
        }
    }

    private static ChangeLogReader reader(SourceConfig source, String schema, String table) {
        Topics topics = new Topics(source.name());
        return new ChangeLogReader(
                stack.endpoints().kafka().bootstrap(),
                topics.source(new TableId(source.name(), schema, table)),
                CaptureFixture.PARTITIONS,
                new SourceEvents(
                        topics,
                        CaptureFixture.PARTITIONS,
                        new HttpSchemaRegistry(stack.endpoints().registry().url(), "BACKWARD_TRANSITIVE")));
    }

    /** What a target holds that only moves forward in position; the same position always brings the same change. */
    private static Map<Long, String> guarded(List<SourceEvent> events) {
        Map<RowKey, SourceChange> newest = new HashMap<>();
        Map<RowKey, Map<SourcePosition, Object>> seen = new HashMap<>();
        for (SourceEvent event : events) {
            if (event instanceof SourceChange change) {
                Object what = change.fold(upsert -> upsert.after().cells(), delete -> "deleted");
                Object before = seen.computeIfAbsent(change.key(), key -> new HashMap<>())
                        .putIfAbsent(change.position(), what);
                assertThat(before == null
                                || before.equals(what)
                                || change.lineage().origin() == dev.handover.change.Origin.LOAD)
                        .isTrue();
                newest.merge(
                        change.key(), change, (old, other) -> other.position().isAfter(old.position()) ? other : old);
            }
        }
        Map<Long, String> rows = new HashMap<>();
        newest.forEach((key, change) -> {
            if (change instanceof SourceChange.Upsert upsert) {
                rows.put(
                        ((Value.Int) key.values().get(0)).value(),
                        ((Value.Text) upsert.after().cell("v")).value());
            }
        });
        return rows;
    }

    private static Process capture(Path log, SourceConfig source, int batch) throws Exception {
        Process started = CaptureProcess.start(
                log,
                source,
                stack.endpoints().kafka().bootstrap(),
                stack.endpoints().registry().url(),
                batch);
        STARTED.add(started);
        return started;
    }

    private static void awaitSlot(SourceConfig source) {
        Awaitility.await("slot").atMost(Duration.ofSeconds(60)).until(() -> slot(source, "active"));
    }

    private static void awaitIdleSlot(SourceConfig source) {
        Awaitility.await("idle slot").atMost(Duration.ofSeconds(60)).until(() -> slot(source, "NOT active"));
    }

    private static void awaitReader(SourceConfig source) {
        Awaitility.await("binlog reader").atMost(Duration.ofSeconds(60)).until(() -> {
            try (Connection connection = new SourceSessions(source).open();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT 1 FROM information_schema.processlist WHERE command = 'Binlog Dump'")) {
                return rows.next();
            }
        });
    }

    private static boolean slot(SourceConfig source, String state) throws Exception {
        try (Connection connection = new SourceSessions(source).open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + source.slot() + "' AND " + state)) {
            return rows.next();
        }
    }

    private static void copy(SourceConfig source, int from) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            lines.append(from + i).append("\tx\n");
        }
        try (Connection connection = new SourceSessions(source).open()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY t FROM STDIN", new java.io.StringReader(lines.toString()));
        }
    }

    private static void sql(SourceConfig source, String... statements) throws Exception {
        try (Connection connection = new SourceSessions(source).open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static SourceConfig postgres(String name) throws Exception {
        var server = stack.endpoints().source();
        sql(CaptureFixture.postgres(server, server.database(), name, TableSelection.ALL), "CREATE DATABASE " + name);
        return CaptureFixture.postgres(server, name, name, TableSelection.ALL);
    }

    private static SourceConfig mariadb(String name) throws Exception {
        var server = stack.endpoints().mariadb();
        SourceConfig admin = mariadb(name, "mysql", server);
        sql(admin, "CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
        return mariadb(name, name, server);
    }

    private static SourceConfig mariadb(
            String name, String database, dev.handover.deploy.stack.Endpoints.MariaDb server) {
        return new SourceConfig(
                name,
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
                4712,
                0,
                ZoneOffset.UTC,
                TableSelection.ALL,
                Map.of());
    }
}
