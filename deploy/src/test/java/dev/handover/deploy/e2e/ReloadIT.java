package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.handover.capture.engine.CaptureState;
import dev.handover.capture.engine.Reload;
import dev.handover.change.SourceChange;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.stack.Service;
import dev.handover.fault.ExitCode;
import dev.handover.position.SourcePosition;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.wire.SourceEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table is loaded again while it is written to, held in the middle, and capture killed there. Before, both of its
 * ends were changed behind the pipeline's back: rows and long values at the source that no log told, a column with a
 * default, rows at the target that were edited and deleted by hand.
 */
class ReloadIT {
    private static final Duration STEP_MAX = Duration.ofMinutes(2);
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final int ROWS = 20_000;
    private static final int STRANGER = 30_001;
    private static final long SEED = 20_261_123;
    private static final String LOAD = """
                load: {chunkRows: 5000, fetchRows: 500, maxConnections: 2, maxRowsPerSecond: 1200}
                postgres: {heartbeat: 200ms}
            """;
    private static final String ROWS_IN_ORDER = "SELECT id, v, note, flag FROM %s ORDER BY id";

    /** What differs between the two engines. */
    private record Engine(Service service, String schema, String more, String note, String ids) {
        static final Engine POSTGRES = new Engine(
                Service.SOURCE,
                "public",
                LOAD,
                "(SELECT string_agg(md5(g || ' ' || i), '') FROM generate_series(1, CASE WHEN g %% 10 = 0 THEN 100 ELSE 1"
                        + " END) i)",
                "generate_series(%d, %d) g");
        static final Engine MARIADB = new Engine(
                Service.MARIADB,
                "pas",
                "    mariadb: {serverId: 4711}\n" + LOAD,
                "repeat(md5(g), CASE WHEN g %% 10 = 0 THEN 100 ELSE 1 END)",
                "(SELECT seq AS g FROM seq_%d_to_%d) numbers");

        TableId table() {
            return new TableId("pas", schema, "visit");
        }

        String insert(int from, int to) {
            return ("INSERT INTO visit (id, v, note) SELECT g, concat('v', g), " + note + " FROM " + ids)
                    .formatted(from, to);
        }

        Connection source(LivePipeline pipeline) throws SQLException {
            return pipeline.source(service == Service.MARIADB ? schema : "");
        }
    }

    @Test
    void postgresql(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            Engine engine = Engine.POSTGRES;
            try (Connection source = engine.source(pipeline)) {
                run(
                        source,
                        "CREATE TABLE visit (id integer PRIMARY KEY, v text, note text)",
                        "ALTER TABLE visit ALTER COLUMN note SET STORAGE EXTERNAL",
                        "CREATE TABLE keyless (v text)",
                        "ALTER TABLE keyless REPLICA IDENTITY FULL",
                        "CREATE TABLE bystander (id integer PRIMARY KEY)");
                loaded(pipeline, engine, source, 4);
                refusals(pipeline);
                run(
                        source,
                        "ALTER PUBLICATION handover_proof_pas DROP TABLE visit",
                        "UPDATE visit SET note = reverse(note) WHERE id <= 100 AND id % 10 = 0",
                        engine.insert(STRANGER, STRANGER),
                        "UPDATE visit SET note = repeat(md5('s'), 100) WHERE id = " + STRANGER,
                        "UPDATE visit SET v = 'repaired ' || id WHERE id <= 100",
                        "ALTER PUBLICATION handover_proof_pas ADD TABLE visit",
                        "ALTER TABLE visit ADD COLUMN flag text NOT NULL DEFAULT 'd'");
                meddled(pipeline);

                waitsForWhoWrites(pipeline, engine);
                againUnderChangesAndOverAKill(pipeline, engine, source);
            }
            Reports.assertConverged(pipeline.compare(), 4);
        }
    }

    @Test
    void mariadb(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.MARIADB)) {
            Engine engine = Engine.MARIADB;
            try (Connection admin = pipeline.source("")) {
                run(admin, "CREATE DATABASE pas CHARACTER SET utf8mb4");
            }
            try (Connection source = engine.source(pipeline)) {
                run(source, "CREATE TABLE visit (id integer PRIMARY KEY, v varchar(40), note text)");
                loaded(pipeline, engine, source, 2);
                run(
                        source,
                        "SET SESSION sql_log_bin = 0",
                        "UPDATE visit SET note = reverse(note), v = concat('repaired ', id) WHERE id <= 100",
                        engine.insert(STRANGER, STRANGER),
                        "SET SESSION sql_log_bin = 1",
                        "ALTER TABLE visit ADD COLUMN flag varchar(5) NOT NULL DEFAULT 'd'");
                meddled(pipeline);

                againUnderChangesAndOverAKill(pipeline, engine, source);
            }
            Reports.assertConverged(pipeline.compare(), 2);
        }
    }

    private static void loaded(LivePipeline pipeline, Engine engine, Connection source, int tables) throws Exception {
        run(
                source,
                "CREATE TABLE ward (id integer PRIMARY KEY, v varchar(20))",
                "INSERT INTO ward VALUES (1, 'quiet')",
                engine.insert(1, ROWS));
        String database = engine.service() == Service.MARIADB
                ? "pas"
                : pipeline.endpoints().source().database();
        pipeline.describe(database, engine.more(), "");
        pipeline.run();
        pipeline.awaitLoaded(tables);
        pipeline.until("the stream", STEP_MAX, () -> number(source, "SELECT max(counter) FROM handover_heartbeat") > 3);
    }

    /** What nobody can load again is refused by name, and so leaves no request. */
    private static void refusals(LivePipeline pipeline) throws Exception {
        Path file = pipeline.file();
        String text = Files.readString(file);
        Files.writeString(file, text.replace("    load:", "    exclude: [public.bystander]\n    load:"));
        String[][] refused = {
            {"pas.public.vist", "table-unknown", "did you mean 'pas.public.visit'?"},
            {"pas.public.bystander", "table-excluded", "leave it out"},
            {"pas.public.keyless", "table-keyless", "add a primary key"},
            {"lab.public.visit", "table-unknown", "sources are: pas"},
        };
        for (String[] each : refused) {
            LivePipeline.Ran ran = start(pipeline, "--table", "pas.public.visit", "--table", each[0]);
            assertThat(ran.status())
                    .isEqualTo(each[1].equals("table-keyless") ? ExitCode.CONFLICT.number() : ExitCode.USAGE.number());
            assertThat(pipeline.complaint()).contains("\"code\" : \"" + each[1] + "\"", each[2]);
        }
        Files.writeString(file, text);
        assertThat(state(pipeline).reloads()).isEmpty();
    }

    private static void meddled(LivePipeline pipeline) throws SQLException {
        try (Connection target = pipeline.target()) {
            assertThat(update(target, "UPDATE clinical.visit SET v = 'rogue' WHERE id BETWEEN 200 AND 300"))
                    .isEqualTo(101);
            assertThat(update(target, "DELETE FROM clinical.visit WHERE id BETWEEN 301 AND 310"))
                    .isEqualTo(10);
        }
    }

    /**
     * A transaction may be in the log and not visible yet: so none that writes may be open when the snapshot is taken.
     */
    private static void waitsForWhoWrites(LivePipeline pipeline, Engine engine) throws Exception {
        try (Connection open = engine.source(pipeline)) {
            open.setAutoCommit(false);
            run(open, "INSERT INTO bystander VALUES (1)");
            assertThat(start(pipeline, "--table", "pas.public.ward").status()).isZero();
            pipeline.until("the load to wait for it", STEP_MAX, () -> reload(pipeline, "ward")
                    .filter(each -> each.why().startsWith("transactions that write"))
                    .isPresent());
            await("it waits").during(QUIET).atMost(QUIET.multipliedBy(3)).until(() -> reload(pipeline, "ward")
                    .filter(each -> each.stage() == Reload.Stage.WAITING)
                    .isPresent());
            open.commit();
        }
        pipeline.until("the load of the other table", STEP_MAX, () -> reload(pipeline, "ward")
                .filter(each -> each.stage() == Reload.Stage.DONE && each.rows() == 1)
                .isPresent());
    }

    private static void againUnderChangesAndOverAKill(LivePipeline pipeline, Engine engine, Connection source)
            throws Exception {
        int[] answered = {0};
        try (Clerk clerk = new Clerk(engine.source(pipeline))) {
            LivePipeline.Ran asked =
                    start(pipeline, "--table", engine.table().text(), "--reason", "restored from backup");
            assertThat(asked.status()).as(pipeline.complaint()).isZero();
            assertThat(asked.out()).contains("\"changed\" : true", "\"state\" : \"requested\"");
            pipeline.until("the first rows", STEP_MAX, () -> reload(pipeline, "visit")
                    .filter(each -> each.stage() == Reload.Stage.RUNNING && each.rows() >= 2_000)
                    .isPresent());
            assertThat(snapshot(pipeline, "pause").status()).isZero();
            pipeline.until("the load to be held", STEP_MAX, () -> said(pipeline, "the load is paused"));
            long held = reload(pipeline, "visit").orElseThrow().rows();
            assertThat(held).isBetween(2_000L, ROWS - 2_000L);
            goesOnMeanwhile(pipeline, source);
            LivePipeline.Ran again = start(pipeline, "--table", engine.table().text());
            assertThat(again.status()).isZero();
            assertThat(again.out()).contains("\"changed\" : false", "\"state\" : \"running\"");
            assertThat(snapshot(pipeline, "status").out()).contains("\"state\" : \"paused\"");
            assertThat(reload(pipeline, "visit").orElseThrow().rows()).isEqualTo(held);

            pipeline.roles().kill(RoleName.CAPTURE);
            pipeline.until(
                    "capture started again", STEP_MAX, () -> pipeline.roles().starts(RoleName.CAPTURE) == 2);
            assertThat(reload(pipeline, "visit").orElseThrow().open()).isTrue();
            assertThat(snapshot(pipeline, "resume").status()).isZero();
            pipeline.until("the load to be done", STEP_MAX, () -> reload(pipeline, "visit")
                    .filter(each -> !each.open())
                    .isPresent());
            answered[0] = clerk.changes();
        }
        assertThat(answered[0]).isGreaterThan(100);
        Reload done = reload(pipeline, "visit").orElseThrow();
        assertThat(done.stage()).as(done.why()).isEqualTo(Reload.Stage.DONE);
        assertThat(done.request().reason()).isEqualTo("restored from backup");
        assertThat(done.rows()).isBetween(ROWS - 2_000L, ROWS + 2_000L);
        assertThat(snapshot(pipeline, "status").out())
                .contains("\"state\" : \"done\"", "\"reason\" : \"restored from backup\"", "\"held\" : \"\"");
        try (Connection target = pipeline.target()) {
            List<String> expected = rows(source, "visit");
            pipeline.until("both ends to be equal", STEP_MAX, () -> rows(target, "clinical.visit")
                    .equals(expected));
            assertThat(number(target, "SELECT count(*) FROM handover.dead_letter"))
                    .isZero();
        }
        theLastRecordOfEveryRowIsItsNewest(pipeline.assembly(), engine.table());
        assertThat(start(pipeline, "--table", engine.table().text()).out()).contains("\"changed\" : true");
    }

    /**
     * Changes flow while the load is held; also of rows of which the pipeline knows a long value wrongly, or nothing.
     */
    private static void goesOnMeanwhile(LivePipeline pipeline, Connection source) throws SQLException {
        run(source, "UPDATE visit SET v = 'late' WHERE id IN (10, 20, " + STRANGER + ")");
        String late = "SELECT id, note FROM %s WHERE v = 'late' ORDER BY id";
        List<String> expected = list(source, late.formatted("visit"));
        assertThat(expected).hasSize(3);
        try (Connection target = pipeline.target()) {
            pipeline.until("the changes", STEP_MAX, () -> list(target, late.formatted("clinical.visit"))
                    .equals(expected));
        }
    }

    /** Compaction keeps the last record of a key, and a raised mapping version sends it again. */
    private static void theLastRecordOfEveryRowIsItsNewest(Assembly assembly, TableId table) {
        Map<String, Object> settings = new HashMap<>(assembly.kafka());
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        SourceEvents events = new SourceEvents(assembly.topics(), assembly.partitions(), assembly.registry());
        Map<RowKey, SourcePosition> newest = new HashMap<>();
        Map<RowKey, SourcePosition> last = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int i = 0; i < assembly.partitions(); i++) {
                partitions.add(new TopicPartition(assembly.topics().source(table), i));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(Duration.ofMillis(200))) {
                    events.decode(Optional.ofNullable(entry.key()), Optional.ofNullable(entry.value()))
                            .fold(
                                    event -> event.foldEvent(
                                            change -> note(change, newest, last), mark -> false, chunk -> false),
                                    rejected -> {
                                        throw new AssertionError("undecodable: " + rejected);
                                    });
                }
            }
        }
        assertThat(last).hasSizeGreaterThan(ROWS).isEqualTo(newest);
    }

    private static boolean note(
            SourceChange change, Map<RowKey, SourcePosition> newest, Map<RowKey, SourcePosition> last) {
        last.put(change.key(), change.position());
        newest.merge(change.key(), change.position(), (one, other) -> one.isAfter(other) ? one : other);
        return true;
    }

    /** Changes rows of the table, one at a time, until closed; never their notes. */
    private static final class Clerk implements AutoCloseable {
        private final Connection connection;
        private final CompletableFuture<Void> work;
        private volatile boolean closing;
        private volatile int changes;

        Clerk(Connection connection) {
            this.connection = connection;
            this.work = CompletableFuture.runAsync(this::work, task -> new Thread(task).start());
        }

        private void work() {
            Random random = new Random(SEED);
            try (Statement statement = connection.createStatement()) {
                for (int i = 1; !closing; i++) {
                    int id = 400 + random.nextInt(ROWS - 400);
                    statement.execute(
                            switch (i % 10) {
                                case 0 -> "DELETE FROM visit WHERE id = " + id;
                                case 1 -> "INSERT INTO visit (id, v, note) VALUES (" + (40_000 + i) + ", 'new', 'n')";
                                default -> "UPDATE visit SET v = 'changed " + i + "' WHERE id = " + id;
                            });
                    changes = i;
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            } catch (SQLException e) {
                throw new AssertionError("the clerk cannot write", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        int changes() {
            return changes;
        }

        @Override
        public void close() throws SQLException {
            closing = true;
            work.join();
            connection.close();
        }
    }

    private static boolean said(LivePipeline pipeline, String text) {
        try {
            return Files.readString(pipeline.captureLog()).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LivePipeline.Ran start(LivePipeline pipeline, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("start"));
        words.addAll(List.of(more));
        return snapshot(pipeline, words.toArray(String[]::new));
    }

    private static LivePipeline.Ran snapshot(LivePipeline pipeline, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("snapshot"));
        all.addAll(List.of(words));
        all.addAll(List.of("-c", pipeline.file().toString(), "-o", "json"));
        LivePipeline.Ran ran = pipeline.command(all.toArray(String[]::new));
        // a broker on a busy machine may take longer than a person is made to wait; nothing was done then
        for (int i = 0; i < 5 && ran.status() == ExitCode.UNREACHABLE.number(); i++) {
            ran = pipeline.command(all.toArray(String[]::new));
        }
        return ran;
    }

    private static CaptureState state(LivePipeline pipeline) {
        Assembly assembly = pipeline.assembly();
        return CaptureState.read(assembly.kafka(), assembly.topics(), "pas");
    }

    private static Optional<Reload> reload(LivePipeline pipeline, String table) {
        return state(pipeline).reloads().stream()
                .filter(each -> each.table().name().equals(table))
                .findFirst();
    }

    private static List<String> rows(Connection connection, String table) {
        return list(connection, ROWS_IN_ORDER.formatted(table));
    }

    private static List<String> list(Connection connection, String sql) {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                StringBuilder text = new StringBuilder();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    text.append(row.getString(i)).append('|');
                }
                rows.add(text.toString());
            }
        } catch (SQLException e) {
            // a column that is not there yet
            rows.add(e.getSQLState());
        }
        return rows;
    }

    private static long number(Connection connection, String sql) {
        List<String> answer = list(connection, sql);
        return Long.parseLong(answer.get(0).replace("|", "").replace("null", "0"));
    }

    private static int update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
