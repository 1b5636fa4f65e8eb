package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.TableSelection;
import dev.handover.change.Lineage;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.stack.Service;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.Finding;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Verdict;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.wire.Encoded;
import dev.handover.wire.SourceEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A second reader of the log beside capture, on real servers: while both are killed it compares every change, and it
 * names the transaction that capture lost and the change that nobody made.
 */
class TapIT {
    private static final Duration STEP_MAX = Duration.ofMinutes(2);
    private static final Duration WITHIN_SECONDS = Duration.ofSeconds(20);
    private static final SourceId SOURCE = new SourceId("pas");
    private static final int BIG = 20_000;
    private static final int ROWS = 60;
    private static final int BEFORE_KILL = 150;
    private static final long SEED = 20_261_122;
    private static final String TABLES = """
            CREATE DOMAIN ward_code AS char(6);
            CREATE TABLE patient (id int PRIMARY KEY, name text NOT NULL, height numeric(6,2), weight float8,
                grip float4, ward ward_code, code char(8), photo bytea, seen timestamptz, stay interval,
                active boolean, tags text[], note text);
            ALTER TABLE patient ALTER note SET STORAGE EXTERNAL;
            CREATE TABLE visit (id int PRIMARY KEY, patient int, kind text, note text);
            ALTER TABLE visit REPLICA IDENTITY FULL;
            ALTER TABLE visit ALTER note SET STORAGE EXTERNAL;
            CREATE TABLE remark (ward text, body text, rank int);
            ALTER TABLE remark REPLICA IDENTITY FULL""";

    @Test
    void everyChangeIsComparedAndWhatCaptureLostOrMadeUpIsNamed(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE);
                Connection source = pipeline.source("")) {
            Work work = prepared(pipeline, source);
            pipeline.run();
            pipeline.awaitLoaded(3);
            pipeline.until("the tap to begin", STEP_MAX, () -> compared(pipeline) == 3);
            work.some(50);
            awaitVerified(pipeline, source);
            long before = events(pipeline);
            long made = work.events;

            work.some(BEFORE_KILL);
            pipeline.roles().kill(RoleName.TAP);
            work.some(BEFORE_KILL);
            pipeline.until("the tap again", STEP_MAX, () -> pipeline.roles().starts(RoleName.TAP) == 2);
            pipeline.roles().kill(RoleName.CAPTURE);
            work.some(BEFORE_KILL);
            pipeline.until("capture again", STEP_MAX, () -> pipeline.roles().starts(RoleName.CAPTURE) == 2);
            work.some(BEFORE_KILL);
            awaitVerified(pipeline, source);

            assertThat(said(
                            pipeline,
                            "SELECT coalesce(string_agg(concat_ws(' ', table_name, kind, position_text,"
                                    + " log_events, captured_events), '; '), '') FROM handover.tap_disagreement"))
                    .isEmpty();
            assertThat(events(pipeline) - before).isEqualTo(work.events - made);
            assertThat(pipeline.number("SELECT sum(gaps) FROM handover.tap_table"))
                    .isZero();
            assertThat(pipeline.number(
                            "SELECT sum(by_key) FROM handover.tap_table WHERE table_name = 'pas.public.patient'"))
                    .as("rows that moved to another key with a value out of line")
                    .isPositive();
            Reports.assertConverged(pipeline.compare(), 3);

            long lost = loseATransaction(pipeline, source);
            awaitFound(pipeline, lost, "pas.public.visit capture-missing 1 0");
            long forged = 4_000_000_001L;
            forge(pipeline, end(source), forged);
            awaitFound(pipeline, forged, "pas.public.visit capture-extra 0 1");
            assertThat(pipeline.number("SELECT count(*) FROM handover.tap_disagreement"))
                    .isEqualTo(2);

            RunReport report = pipeline.compare();
            assertThat(report.verdict()).isEqualTo(Verdict.DIVERGED);
            assertThat(report.findings())
                    .extracting(Finding::code)
                    .containsOnly("tap-disagreement")
                    .hasSize(2);
            assertThat(report.findings().get(0).text())
                    .contains("stage capture", "pas.public.visit", "capture-missing");
            LivePipeline.Ran status =
                    pipeline.command("status", "-c", pipeline.file().toString());
            assertThat(status.out()).contains("tap pas: ", "2 disagreements");
        }
    }

    @Test
    void aSlotThatIsGoneIsSaidAndOneThatIsNotWantedIsDropped(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE);
                Connection source = pipeline.source("")) {
            Work work = prepared(pipeline, source);
            assertThat(planned(pipeline)).contains("create\treplication slot handover_proof_pas_tap");
            pipeline.run();
            pipeline.awaitLoaded(3);
            pipeline.until("the tap to begin", STEP_MAX, () -> compared(pipeline) == 3);
            work.some(20);
            awaitVerified(pipeline, source);

            pipeline.roles().kill(RoleName.TAP);
            dropTapSlot(source);
            work.some(20);
            pipeline.until(
                    "the gap to be said",
                    STEP_MAX,
                    () -> pipeline.number("SELECT count(*) FROM handover.tap WHERE gaps = 1") == 1);
            pipeline.until("the tap to begin anew", STEP_MAX, () -> compared(pipeline) == 3);
            work.some(20);
            awaitVerified(pipeline, source);
            assertThat(said(pipeline, "SELECT last_gap FROM handover.tap"))
                    .isEqualTo("slot handover_proof_pas_tap was gone from the source");
            assertThat(pipeline.number("SELECT count(*) FROM handover.tap_disagreement"))
                    .isZero();
            RunReport report = pipeline.compare();
            assertThat(report.verdict()).isEqualTo(Verdict.CONVERGED);
            assertThat(report.findings()).extracting(Finding::code).containsExactly("tap-gap");

            pipeline.roles().close();
            describe(pipeline, "off");
            assertThat(planned(pipeline)).contains("change\treplication slot handover_proof_pas_tap");
            pipeline.run();
            pipeline.until("its slot to be dropped", STEP_MAX, () -> tapSlots(source) == 0);
            assertThat(planned(pipeline)).doesNotContain("handover_proof_pas_tap");
            assertThat(pipeline.roles().names()).doesNotContain(RoleName.TAP);
        }
    }

    private static Work prepared(LivePipeline pipeline, Connection source) throws SQLException {
        source.setAutoCommit(false);
        try (Statement statement = source.createStatement()) {
            statement.execute(TABLES);
        }
        source.commit();
        Work work = new Work(source);
        work.some(40);
        describe(pipeline, "on");
        return work;
    }

    private static void describe(LivePipeline pipeline, String tap) {
        pipeline.describe(
                pipeline.endpoints().source().database(), "    postgres: {heartbeat: 1s}\n    tap: " + tap + "\n", "");
    }

    private static String planned(LivePipeline pipeline) throws IOException, InterruptedException {
        return pipeline.command("plan", "-c", pipeline.file().toString()).out();
    }

    private static long compared(LivePipeline pipeline) {
        return pipeline.number("SELECT count(*) FROM handover.tap_table WHERE comparing");
    }

    private static long events(LivePipeline pipeline) {
        return pipeline.number("SELECT sum(events) FROM handover.tap_table");
    }

    /** Until every table is compared up to what is committed by now. */
    private static void awaitVerified(LivePipeline pipeline, Connection source) throws SQLException {
        byte[] end = SourcePosition.postgres(SOURCE, end(source), 0).bytes();
        String hex = HexFormat.of().formatHex(end);
        pipeline.until(
                "the tap to compare everything",
                STEP_MAX,
                () -> pipeline.number("SELECT count(*) FROM handover.tap_table WHERE comparing AND verified >= '\\x"
                                + hex + "'")
                        == 3);
    }

    private static long end(Connection source) throws SQLException {
        return number(source, "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            long number = row.getLong(1);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return number;
        }
    }

    private static String said(LivePipeline pipeline, String sql) throws SQLException {
        try (Connection target = pipeline.target();
                Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static long tapSlots(Connection source) {
        try {
            return number(source, "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE '%\\_tap'");
        } catch (SQLException e) {
            throw new AssertionError("the source does not answer", e);
        }
    }

    /** As soon as the server sees that its reader is gone. */
    private static void dropTapSlot(Connection source) {
        BooleanSupplier dropped = () -> {
            try {
                number(
                        source,
                        "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots"
                                + " WHERE slot_name LIKE '%\\_tap' AND NOT active");
                return tapSlots(source) == 0;
            } catch (SQLException e) {
                throw new AssertionError("the slot cannot be dropped", e);
            }
        };
        Awaitility.await("the slot to be dropped").atMost(STEP_MAX).until(dropped::getAsBoolean);
    }

    private static void awaitFound(LivePipeline pipeline, long transaction, String expected) {
        long began = System.nanoTime();
        pipeline.until("the tap to find " + expected, WITHIN_SECONDS, () -> {
            try {
                return said(
                                pipeline,
                                "SELECT coalesce(max(concat_ws(' ', table_name, kind, log_events, captured_events)), '')"
                                        + " FROM handover.tap_disagreement WHERE transaction = " + transaction)
                        .equals(expected);
            } catch (SQLException e) {
                throw new AssertionError("the target does not answer", e);
            }
        });
        System.out.println("tap: found after "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
    }

    /**
     * A row is written while capture is dead, and capture is made to believe that it has read so far: what its default
     * way to keep its place did.
     *
     * @return the number of the transaction
     */
    private static long loseATransaction(LivePipeline pipeline, Connection source) throws Exception {
        pipeline.roles().kill(RoleName.CAPTURE);
        long before = end(source);
        long transaction = number(
                source, "WITH lost AS (INSERT INTO visit VALUES (900001, 1, 'lost', 'x')) SELECT txid_current()");
        // the tap reads on without capture, and tells where the transaction ends
        Awaitility.await("the tap to read the row")
                .atMost(STEP_MAX)
                .until(() -> pipeline.number("SELECT log_position::pg_lsn - '0/0' FROM handover.tap") > before);
        long lsn = pipeline.number("SELECT log_position::pg_lsn - '0/0' FROM handover.tap");
        long heartbeat = number(source, "SELECT counter FROM public." + TableSelection.HEARTBEAT_TABLE);
        SourcePosition position = SourcePosition.postgres(SOURCE, lsn, 0);
        String boundary = """
                {"position":"%s","positionText":"%s","offset":{"lsn":%d,"lsn_commit":%d,"ts_usec":%d},\
                "heartbeat":"%d","committedAt":"%s"}""".formatted(
                        HexFormat.of().formatHex(position.bytes()),
                        position.text(),
                        lsn,
                        lsn,
                        Instant.now().toEpochMilli() * 1_000,
                        heartbeat,
                        Instant.now());
        Assembly assembly = pipeline.assembly();
        send(
                assembly,
                new ProducerRecord<>(
                        assembly.topics().state(),
                        0,
                        "capture/pas/boundary".getBytes(StandardCharsets.UTF_8),
                        boundary.getBytes(StandardCharsets.UTF_8)));
        return transaction;
    }

    /** A change of a row that no transaction of the source made. */
    private static void forge(LivePipeline pipeline, long end, long transaction) throws Exception {
        Assembly assembly = pipeline.assembly();
        SourceEvents events = new SourceEvents(assembly.topics(), assembly.partitions(), assembly.registry());
        TableSchema schema = new TableSchema(
                new TableId("pas", "public", "visit"),
                List.of(
                        new Column("id", ColumnType.of(Kind.INT32), false),
                        new Column("patient", ColumnType.of(Kind.INT32), true),
                        new Column("kind", ColumnType.text(ColumnType.UNLIMITED), true),
                        new Column("note", ColumnType.text(ColumnType.UNLIMITED), true)),
                List.of("id"));
        Row row = new Row(
                schema,
                List.of(new Value.Int(900_002), new Value.Int(1), new Value.Text("forged"), new Value.Text("x")));
        // after all there is: a place that was compared before is no news
        SourcePosition position = SourcePosition.postgres(SOURCE, end, 1);
        Encoded encoded = events.encode(new SourceChange.Upsert(
                RowKey.of(new Value.Int(900_002)),
                position,
                new Lineage(Origin.STREAM, transaction + ":1", Instant.now(), Instant.now()),
                row));
        send(
                assembly,
                new ProducerRecord<>(
                        encoded.topic(), encoded.partition(), encoded.key().orElseThrow(), encoded.value()));
    }

    private static void send(Assembly assembly, ProducerRecord<byte[], byte[]> forged)
            throws ExecutionException, InterruptedException {
        Map<String, Object> settings = new HashMap<>(assembly.kafka());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(forged).get();
        }
    }

    /** Transactions of one to four statements, whose events it counts as a change log tells them. */
    private static final class Work {
        private final Connection source;
        private final Random random = new Random(SEED);
        private int next = 1;
        private long events;

        Work(Connection source) {
            this.source = source;
        }

        void some(int transactions) throws SQLException {
            for (int i = 0; i < transactions; i++) {
                int statements = 1 + random.nextInt(4);
                for (int s = 0; s < statements; s++) {
                    statement();
                }
                source.commit();
            }
        }

        private void statement() throws SQLException {
            int some = 1 + random.nextInt(Math.max(1, Math.min(next, ROWS)));
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> patient();
                case 3 ->
                    events += did(
                            "UPDATE patient SET name = name || '!', height = height + 0.10 WHERE id % 7 = ?", some % 7);
                case 4 ->
                    events += 2L
                            * did(
                                    "UPDATE patient SET id = -id WHERE id = (SELECT max(id) FROM patient WHERE id > ?)",
                                    some % 3);
                case 5 -> events += did("DELETE FROM patient WHERE id = ?", some);
                case 6, 7 -> visit();
                case 8 -> events += did("UPDATE visit SET kind = kind || '?' WHERE id % 5 = ?", some % 5);
                case 9 -> events += did("DELETE FROM visit WHERE id = ?", some);
                case 10 -> events += did("INSERT INTO remark VALUES ('A', 'seen', ?)", some % 3);
                default -> {
                    did("UPDATE remark SET body = body WHERE rank = ?", some % 3);
                    events += 2L * did("UPDATE remark SET rank = rank + 1 WHERE rank = ?", some % 3);
                    events += did("DELETE FROM remark WHERE rank > ?", 4);
                }
            }
        }

        private void patient() throws SQLException {
            try (PreparedStatement insert = source.prepareStatement(
                    "INSERT INTO patient VALUES (?, 'Ann', 1.50, 1e-7, 3.14, 'W1', 'c', '\\x00ff',"
                            + " '2026-11-22 05:00:00.5+00', '1 year 2 days 03:00:01.5', true, '{a,NULL}', repeat(?, ?))")) {
                insert.setInt(1, next);
                insert.setString(2, String.valueOf((char) ('a' + next % 26)));
                insert.setInt(3, random.nextBoolean() ? BIG : 3);
                events += insert.executeUpdate();
            }
            next++;
        }

        private void visit() throws SQLException {
            try (PreparedStatement insert =
                    source.prepareStatement("INSERT INTO visit VALUES (?, 1, 'home', repeat('v', ?))")) {
                insert.setInt(1, next);
                insert.setInt(2, random.nextBoolean() ? BIG : 3);
                events += insert.executeUpdate();
            }
            next++;
        }

        private int did(String sql, int value) throws SQLException {
            try (PreparedStatement statement = source.prepareStatement(sql)) {
                statement.setInt(1, value);
                return statement.executeUpdate();
            }
        }
    }
}
