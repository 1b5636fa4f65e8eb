package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.handover.capture.BulkLoad;
import dev.handover.capture.engine.CaptureRole;
import dev.handover.capture.engine.CaptureState;
import dev.handover.capture.engine.LoadHold;
import dev.handover.capture.engine.TableLoad;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.stack.Service;
import dev.handover.row.TableId;
import dev.handover.sink.postgres.ControlTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads that wait: because people want it, before they begin and in the middle, and because the source is busy. */
class HeldLoadIT {
    private static final Duration STEP_MAX = Duration.ofMinutes(2);
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final int SLEEPERS = 3;
    private static final int ROWS = 9_000;
    private static final int TABLES = 2;
    private static final String SLOW = "    load: {chunkRows: 500, fetchRows: 100, maxConnections: 2,"
            + " maxRowsPerSecond: 500, pauseWhen: active_sessions > " + (SLEEPERS - 1) + "}\n"
            + "    postgres: {heartbeat: 1s}\n";

    @Test
    void aLoadWaitsForPeopleAndForTheSource(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            Assembly assembly = prepared(pipeline);
            ControlTables.migrate(assembly.target());
            assertThat(command(pipeline, "pause")).contains("\"paused\" : true", "\"changed\" : true");
            assertThat(command(pipeline, "pause")).contains("\"paused\" : true", "\"changed\" : false");

            pipeline.run();
            pipeline.until("the load to wait", STEP_MAX, () -> said(pipeline, "the load is paused") == 1);
            assertNothingIsLoadedFor(QUIET, assembly);
            String paused = command(pipeline, "status");
            assertThat(paused).contains("\"held\" : \"paused by handover snapshot pause\"", "\"state\" : \"paused\"");
            assertThat(paused).doesNotContain("\"state\" : \"waiting\"", "\"state\" : \"loaded\"");

            try (Sleepers sleepers = new Sleepers(pipeline)) {
                assertThat(command(pipeline, "resume")).contains("\"paused\" : false", "\"changed\" : true");
                assertThat(command(pipeline, "resume")).contains("\"paused\" : false", "\"changed\" : false");
                pipeline.until("the source to be busy", STEP_MAX, () -> said(pipeline, "active_sessions 3 > 2") > 0);
                assertNothingIsLoadedFor(QUIET, assembly);
                assertThat(command(pipeline, "status")).contains("\"held\" : \"active_sessions 3 > 2\"");
                assertThat(sleepers.asleep()).isTrue();
            }
            pipeline.until("the first chunks", STEP_MAX, () -> done(assembly) > 1);
            assertThat(said(pipeline, "the load goes on")).isEqualTo(1);

            command(pipeline, "pause");
            pipeline.until("the load to wait again", STEP_MAX, () -> said(pipeline, "the load is paused") == 3);
            awaitNoChunkFor(QUIET, assembly);
            assertThat(state(assembly).loads()).anyMatch(load -> !load.complete());
            assertThat(command(pipeline, "status", "--source", "pas"))
                    .contains("\"way\" : \"past the log\"", "\"state\" : \"paused\"");
            assertThat(transactionsThatAreOpen(assembly)).isEmpty();

            command(pipeline, "resume");
            pipeline.awaitLoaded(TABLES);
            Reports.assertConverged(pipeline.compare(), TABLES);
            assertThat(state(assembly).held()).isEmpty();
            assertThat(command(pipeline, "status"))
                    .contains("\"held\" : \"\"", "\"state\" : \"loaded\"", "\"rows\" : " + ROWS)
                    .doesNotContain("\"state\" : \"paused\"");
        }
    }

    @Test
    void aLoadThroughTheLogWaitsBetweenItsTransactionsAndEndsWhenCaptureDoes(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            Assembly assembly = prepared(pipeline);
            var source = assembly.pipeline().sources().get(0);
            CaptureRole role = assembly.capture(source, BulkLoad.NONE);
            CompletableFuture<Void> running = CompletableFuture.runAsync(role::run);
            await("the first transactions").atMost(STEP_MAX).until(() -> sent(assembly) > ROWS / 10);
            try (Sleepers sleepers = new Sleepers(pipeline)) {
                await("the load to wait").atMost(STEP_MAX).until(() -> state(assembly)
                        .held()
                        .map(LoadHold::why)
                        .filter("active_sessions 3 > 2"::equals)
                        .isPresent());
                assertThat(sleepers.asleep()).isTrue();
                assertThat(transactionsThatAreOpen(assembly)).isEmpty();
                long sent = sent(assembly);
                assertThat(sent).isLessThan(ROWS);
                await("nothing is sent")
                        .during(QUIET)
                        .atMost(QUIET.multipliedBy(3))
                        .until(() -> sent(assembly) == sent);

                role.stop();
                running.get(10, TimeUnit.SECONDS);
            }
            assertThat(state(assembly).held()).as("what capture said last").isEmpty();
            assertThat(state(assembly).recorded()).doesNotContainKey(visit());
        }
    }

    private static TableId visit() {
        return TableId.parse("pas.public.visit");
    }

    /** Sessions at the source that are busy doing nothing, until they are closed. */
    private static final class Sleepers implements AutoCloseable {
        private final List<Connection> connections = new ArrayList<>();
        private final List<Statement> statements = new ArrayList<>();
        private final List<CompletableFuture<Void>> asleep = new ArrayList<>();

        Sleepers(LivePipeline pipeline) throws SQLException {
            for (int i = 0; i < SLEEPERS; i++) {
                Connection connection = pipeline.source("");
                connections.add(connection);
                Statement statement = connection.createStatement();
                statements.add(statement);
                asleep.add(CompletableFuture.runAsync(() -> sleep(statement), task -> new Thread(task).start()));
            }
        }

        private static void sleep(Statement statement) {
            try (ResultSet slept = statement.executeQuery("SELECT pg_sleep(600)")) {
                throw new AssertionError("slept well: " + slept);
            } catch (SQLException e) {
                assertThat(e.getSQLState()).as("cancelled").isEqualTo("57014");
            }
        }

        boolean asleep() {
            return asleep.stream().noneMatch(CompletableFuture::isDone);
        }

        @Override
        public void close() throws SQLException {
            for (int i = 0; i < SLEEPERS; i++) {
                statements.get(i).cancel();
                asleep.get(i).join();
                connections.get(i).close();
            }
        }
    }

    private static Assembly prepared(LivePipeline pipeline) throws SQLException {
        try (Connection source = pipeline.source("");
                Statement statement = source.createStatement()) {
            statement.execute("CREATE TABLE visit (id integer PRIMARY KEY, v text)");
            statement.execute("INSERT INTO visit SELECT g, 'v' || g FROM generate_series(1, " + ROWS + ") g");
            statement.execute("CREATE TABLE keyless (v text)");
            statement.execute("ALTER TABLE keyless REPLICA IDENTITY FULL");
            statement.execute("INSERT INTO keyless SELECT 'k' || g % 9 FROM generate_series(1, 90) g");
            statement.execute("ANALYZE");
        }
        return pipeline.describe(pipeline.endpoints().source().database(), SLOW, "");
    }

    private static String command(LivePipeline pipeline, String verb, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("snapshot", verb));
        words.addAll(List.of(more));
        words.addAll(List.of("-c", pipeline.file().toString(), "-o", "json"));
        LivePipeline.Ran ran = pipeline.command(words.toArray(String[]::new));
        assertThat(ran.status()).as(pipeline.complaint()).isZero();
        return ran.out();
    }

    private static int said(LivePipeline pipeline, String text) {
        try {
            String log = Files.readString(pipeline.captureLog());
            return log.split(Pattern.quote(text), -1).length - 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CaptureState state(Assembly assembly) {
        return CaptureState.read(assembly.kafka(), assembly.topics(), "pas");
    }

    private static int done(Assembly assembly) {
        return state(assembly).loads().stream()
                .mapToInt(load -> load.done().size())
                .sum();
    }

    private static void assertNothingIsLoadedFor(Duration time, Assembly assembly) {
        await("nothing is loaded")
                .during(time)
                .atMost(time.multipliedBy(3))
                .until(() -> state(assembly).loads().stream().noneMatch(HeldLoadIT::begun));
    }

    private static boolean begun(TableLoad load) {
        return load.complete() || load.byRows() > 0 || !load.done().isEmpty();
    }

    /** What was being read when the load was paused is still written. */
    private static void awaitNoChunkFor(Duration time, Assembly assembly) {
        int[] done = {-1};
        Instant[] since = {Instant.EPOCH};
        await("no further chunk").atMost(STEP_MAX).until(() -> {
            int now = done(assembly);
            if (now != done[0]) {
                done[0] = now;
                since[0] = Instant.now();
            }
            return Duration.between(since[0], Instant.now()).compareTo(time) > 0;
        });
    }

    /** Records in the change log of a table, whoever may read them. */
    private static long sent(Assembly assembly) throws Exception {
        String topic = assembly.topics().source(visit());
        try (Admin admin = Admin.create(new HashMap<String, Object>(assembly.kafka()))) {
            if (!admin.listTopics().names().get().contains(topic)) {
                return 0;
            }
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int partition = 0; partition < assembly.partitions(); partition++) {
                ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(ListOffsetsResultInfo::offset)
                    .sum();
        }
    }

    private static List<String> transactionsThatAreOpen(Assembly assembly) throws Exception {
        try (Admin admin = Admin.create(new HashMap<String, Object>(assembly.kafka()))) {
            return admin.listTransactions().all().get().stream()
                    .filter(each -> each.state() == TransactionState.ONGOING)
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.contains("-capture-"))
                    .toList();
        }
    }
}
