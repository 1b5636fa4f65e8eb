package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.capture.BulkLoad;
import dev.handover.capture.engine.CaptureState;
import dev.handover.capture.engine.TableLoad;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.stack.Service;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.sink.postgres.ControlTables;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loads that go past the log, and that break off wherever they can: before a chunk is written, in the middle of it,
 * between the target's commit and the log's, and after both. What was done is never read again, the source goes on
 * changing, and in the end plain SQL finds both sides equal.
 */
class BulkLoadIT {
    private static final Duration STEP_MAX = Duration.ofMinutes(3);
    private static final String CHUNKS =
            "    load: {chunkRows: 500, maxConnections: 2}\n    postgres: {heartbeat: 1s}\n";
    private static final int ROWS = 6_000;

    private static final String[] TABLES = {
        "CREATE TABLE visit (id integer PRIMARY KEY, v text, amount numeric, at timestamptz, j jsonb)",
        "INSERT INTO visit SELECT g, 'v' || g, g / 100.0, '2024-01-01'::timestamptz + g * interval '1 minute',"
                + " jsonb_build_object('n', g) FROM generate_series(1, " + ROWS + ") g",
        "CREATE TABLE composite (a text, b integer, v text, PRIMARY KEY (a, b))",
        "INSERT INTO composite SELECT 'ä' || g % 7, g, repeat('x', g % 90) FROM generate_series(1, 3000) g",
        "CREATE TABLE note (id integer PRIMARY KEY, n integer, doc text, bin bytea, j jsonb, arr text[], short text)",
        "ALTER TABLE note ALTER doc SET STORAGE EXTERNAL",
        "INSERT INTO note SELECT g, 0, CASE WHEN g % 3 = 0 THEN repeat('d' || g, 900) WHEN g % 3 = 1 THEN 'short' END,"
                + " decode(repeat(md5(g::text), CASE WHEN g % 5 = 0 THEN 200 ELSE 1 END), 'hex'),"
                + " jsonb_build_object('k', repeat('j' || g, CASE WHEN g % 7 = 0 THEN 3000 ELSE 1 END)),"
                + " array_fill('e' || g, ARRAY[CASE WHEN g % 11 = 0 THEN 2000 ELSE 2 END]), repeat('s', g % 40)"
                + " FROM generate_series(1, 1500) g",
        "CREATE TABLE one (id integer PRIMARY KEY, v text)",
        "INSERT INTO one VALUES (1, 'alone')",
        "CREATE TABLE none (id integer PRIMARY KEY, v text)",
        "CREATE TABLE gone (id integer PRIMARY KEY, v text)",
        "INSERT INTO gone SELECT g, 'g' FROM generate_series(1, 2000) g",
        "CREATE TABLE keyless (v text, n integer)",
        "ALTER TABLE keyless REPLICA IDENTITY FULL",
        "INSERT INTO keyless SELECT 'k' || g % 9, g % 2 FROM generate_series(1, 700) g",
        "ANALYZE",
    };
    private static final int TABLE_COUNT = 7;

    /** Rows move, come and go; values out of line stay as they are, and are told as unchanged. */
    private static final String[] ROUND = {
        "UPDATE visit SET v = v || '%1$d', amount = amount + 1 WHERE id %% 17 = %1$d",
        "DELETE FROM visit WHERE id %% 101 = %1$d",
        "INSERT INTO visit SELECT 10000 * (%1$d + 1) + g, 'new', 1.50, now(), NULL FROM generate_series(1, 60) g",
        "UPDATE visit SET id = id + 500000 WHERE id %% 211 = %1$d",
        "UPDATE composite SET v = v || '!' WHERE b %% 13 = %1$d",
        "UPDATE note SET n = n + 1 WHERE id %% 4 = %1$d",
        "UPDATE note SET doc = doc || 'y' WHERE id %% 50 = %1$d",
        "UPDATE note SET j = '{}', short = short || repeat('t', 600) WHERE id %% 49 = %1$d",
        "DELETE FROM gone WHERE id %% 10 = %1$d",
        "DELETE FROM keyless WHERE ctid IN (SELECT ctid FROM keyless WHERE v = 'k3' LIMIT 2)",
    };

    /** Where a run of capture ends. */
    private enum Breaks {
        BEFORE_A_CHUNK,
        IN_THE_MIDDLE_OF_A_CHUNK,
        BETWEEN_THE_COMMITS,
        AFTER_SOME_CHUNKS
    }

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** The way past the log, until it breaks. */
    private static final class BreakingLoad implements BulkLoad {
        private final BulkLoad whole;
        private final Breaks where;
        private final AtomicInteger chunksLeft;
        private final Map<TableId, Set<Integer>> asked = new ConcurrentHashMap<>();

        BreakingLoad(BulkLoad whole, Breaks where, int chunks) {
            this.whole = whole;
            this.where = where;
            this.chunksLeft = new AtomicInteger(chunks);
        }

        Map<TableId, Set<Integer>> asked() {
            return new TreeMap<>(asked);
        }

        @Override
        public int mappingVersion(TableId source) {
            return whole.mappingVersion(source);
        }

        @Override
        public Optional<String> obstacle() {
            return whole.obstacle();
        }

        @Override
        public void rest() {
            whole.rest();
        }

        @Override
        public Optional<Lane> lane(TableSchema source) {
            return whole.lane(source).map(lane -> new Lane() {
                @Override
                public TableId target() {
                    return lane.target();
                }

                @Override
                public int mappingVersion() {
                    return lane.mappingVersion();
                }

                @Override
                public Written write(int number, SourcePosition position, Instant takenAt, Reading rows) {
                    asked.computeIfAbsent(source.table(), table -> ConcurrentHashMap.newKeySet())
                            .add(number);
                    boolean last = chunksLeft.decrementAndGet() < 0;
                    if (last && (where == Breaks.BEFORE_A_CHUNK || where == Breaks.AFTER_SOME_CHUNKS)) {
                        throw new Broken();
                    }
                    if (last && where == Breaks.IN_THE_MIDDLE_OF_A_CHUNK) {
                        return lane.write(number, position, takenAt, each -> {
                            int[] read = {0};
                            rows.each((row, outOfLine) -> {
                                if (++read[0] > 100) {
                                    throw new Broken();
                                }
                                each.take(row, outOfLine);
                            });
                        });
                    }
                    Written written = lane.write(number, position, takenAt, rows);
                    if (last) {
                        throw new Broken();
                    }
                    return written;
                }
            });
        }
    }

    @Test
    void goesOnAtTheChunkWhereverItBrokeOff(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            Assembly assembly = prepared(pipeline);
            int round = 0;
            int left = 2;
            for (Breaks where : Breaks.values()) {
                Map<TableId, TableLoad> before = loads(assembly);
                BreakingLoad load = new BreakingLoad(assembly.bulkLoad(), where, left++);
                breakOff(assembly, load);

                assertNothingDoneIsReadAgain(before, load.asked());
                try (Connection source = pipeline.source("")) {
                    run(source, round(round++));
                }
            }
            Map<TableId, TableLoad> loads = loads(assembly);
            assertThat(done(loads)).as("chunks done before the last run").isGreaterThan(4);
            assertThat(loads.values()).anyMatch(load -> !load.complete());

            pipeline.run();
            pipeline.awaitLoaded(TABLE_COUNT);

            loads = loads(assembly);
            assertThat(loads.values()).allMatch(TableLoad::complete);
            assertThat(load(assembly, "visit").done()).hasSizeGreaterThan(10);
            assertThat(loads.values().stream().mapToInt(TableLoad::byRows).sum())
                    .as("chunks that were committed at the target and not in the log, at most one a reader")
                    .isBetween(1, 2 * Breaks.values().length);
            for (; round < 8; round++) {
                try (Connection source = pipeline.source("")) {
                    run(source, round(round));
                }
            }
            assertEqual(pipeline);
            assertThat(pipeline.number("SELECT count(*) FROM handover.dead_letter"))
                    .isZero();
        }
    }

    @Test
    void goesOnUnderChangesWhileRolesAreKilled(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            prepared(pipeline);
            pipeline.run();
            pipeline.until(
                    "the first chunks",
                    STEP_MAX,
                    () -> pipeline.number("SELECT count(*) FROM handover.load_chunk") > 1);
            for (int round = 0; round < 6; round++) {
                pipeline.roles().kill(round == 2 ? RoleName.TRANSFORM : round == 4 ? RoleName.SINK : RoleName.CAPTURE);
                try (Connection source = pipeline.source("")) {
                    run(source, round(round));
                }
                long chunks = pipeline.number("SELECT count(*) FROM handover.load_chunk");
                int next = round;
                pipeline.until(
                        "the next start",
                        STEP_MAX,
                        () -> pipeline.roles().starts(RoleName.CAPTURE) > Math.min(next, 1)
                                && (next > 3 || pipeline.number("SELECT count(*) FROM handover.load_chunk") >= chunks));
            }
            pipeline.awaitLoaded(TABLE_COUNT);
            try (Connection source = pipeline.source("")) {
                run(source, round(7));
            }
            assertEqual(pipeline);
            assertThat(pipeline.number("SELECT count(*) FROM handover.dead_letter"))
                    .isZero();
        }
    }

    @Test
    void aChunkThatTheTargetRefusesGoesRowByRow(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            Assembly assembly = prepared(pipeline);
            try (Connection target = pipeline.target()) {
                run(
                        target,
                        "CREATE SCHEMA IF NOT EXISTS clinical",
                        "CREATE TABLE clinical.visit (id integer PRIMARY KEY, v text CHECK (v <> 'v2345'), amount numeric,"
                                + " at timestamptz, j jsonb)");
            }
            pipeline.run();
            pipeline.awaitLoaded(TABLE_COUNT);
            pipeline.until(
                    "the dead letter",
                    STEP_MAX,
                    () -> pipeline.number("SELECT count(*) FROM handover.dead_letter") == 1);

            assertThat(pipeline.number("SELECT count(*) FROM clinical.visit")).isEqualTo(ROWS - 1);
            assertThat(load(assembly, "visit").byRows()).isEqualTo(1);
            assertThat(pipeline.number("SELECT count(*) FROM handover.dead_letter WHERE stage = 'apply' AND reason ="
                            + " 'constraint' AND table_name = 'pas.public.visit'"))
                    .isEqualTo(1);
            assertThat(pipeline.number("SELECT sum(rows) FROM handover.load_chunk WHERE table_name = 'clinical.visit'"))
                    .isBetween(ROWS - 700L, ROWS - 300L);
            assertThat(
                            pipeline.number(
                                    "SELECT sum(inserted) + sum(dead) FROM handover.ledger WHERE table_name = 'clinical.visit'"))
                    .isEqualTo(ROWS);
        }
    }

    @Test
    void aTableThatWasWrittenAnewIsLoadedThroughTheLog(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            Assembly assembly = prepared(pipeline);
            breakOff(assembly, new BreakingLoad(assembly.bulkLoad(), Breaks.AFTER_SOME_CHUNKS, 24));
            Map<TableId, TableLoad> before = loads(assembly);
            List<String> begun = before.values().stream()
                    .filter(load -> !load.complete() && !load.done().isEmpty())
                    .map(load -> load.table().name())
                    .toList();
            assertThat(begun).isNotEmpty();
            try (Connection source = pipeline.source("")) {
                run(source, round(3));
                for (String table : begun) {
                    // rows that are left move to where chunks are done
                    run(source, "DELETE FROM " + table + " WHERE ctid < '(3,0)'", "VACUUM FULL " + table);
                }
            }
            pipeline.run();
            pipeline.awaitLoaded(TABLE_COUNT);
            try (Connection source = pipeline.source("")) {
                run(source, round(4));
            }
            assertEqual(pipeline);
        }
    }

    /**
     * A row that was not read yet moves into pages that were, and the log does not repeat its value that is out of
     * line: neither the chunks that are left nor the stream would tell it.
     */
    @Test
    void aTableWithValuesOutOfLineIsNotTakenUpUnderALaterSnapshot(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            Assembly assembly = prepared(
                    pipeline,
                    CHUNKS.replace("maxConnections: 2", "maxConnections: 1") + "    include: [public.note]\n");
            breakOff(assembly, new BreakingLoad(assembly.bulkLoad(), Breaks.AFTER_SOME_CHUNKS, 1));
            assertThat(load(assembly, "note").done()).containsExactly(0);
            assertThat(load(assembly, "note").complete()).isFalse();
            try (Connection source = pipeline.source("")) {
                run(
                        source,
                        "DELETE FROM note WHERE id < 300",
                        "VACUUM note",
                        "UPDATE note SET n = n + 1 WHERE id > 1300");
            }
            pipeline.run();
            pipeline.awaitLoaded(1);

            Reports.assertConverged(pipeline.compare(), 1);
            assertThat(pipeline.number("SELECT count(*) FROM handover.dead_letter"))
                    .isZero();
            try (Connection source = pipeline.source("");
                    Connection target = pipeline.target()) {
                new PostgresOracle(source, target)
                        .requireEqual(
                                PostgresOracle.copy("public", "note", List.of("id", "n", "doc", "bin", "j", "arr")),
                                PostgresOracle.copy("clinical", "note", List.of("id", "n", "doc", "bin", "j", "arr")));
            }
        }
    }

    private static Assembly prepared(LivePipeline pipeline) throws SQLException {
        return prepared(pipeline, CHUNKS);
    }

    private static Assembly prepared(LivePipeline pipeline, String more) throws SQLException {
        try (Connection source = pipeline.source("")) {
            run(source, TABLES);
        }
        Assembly assembly = pipeline.describe(pipeline.endpoints().source().database(), more, "");
        ControlTables.migrate(assembly.target());
        return assembly;
    }

    private static void breakOff(Assembly assembly, BulkLoad load) {
        var role = assembly.capture(assembly.pipeline().sources().get(0), load);
        assertThatThrownBy(role::run).hasRootCauseInstanceOf(Broken.class);
    }

    private static Map<TableId, TableLoad> loads(Assembly assembly) {
        return CaptureState.read(assembly.kafka(), assembly.topics(), "pas").loads().stream()
                .collect(Collectors.toMap(TableLoad::table, load -> load, (one, other) -> one, TreeMap::new));
    }

    private static TableLoad load(Assembly assembly, String table) {
        return loads(assembly).values().stream()
                .filter(load -> load.table().name().equals(table))
                .findFirst()
                .orElseThrow();
    }

    private static int done(Map<TableId, TableLoad> loads) {
        return loads.values().stream().mapToInt(load -> load.done().size()).sum();
    }

    private static void assertNothingDoneIsReadAgain(Map<TableId, TableLoad> before, Map<TableId, Set<Integer>> asked) {
        asked.forEach((table, chunks) -> {
            TableLoad load = before.get(table);
            if (load != null) {
                Set<Integer> again = new TreeSet<>(chunks);
                again.retainAll(load.done());
                assertThat(again).as(table.text()).isEmpty();
            }
        });
    }

    private static void assertEqual(LivePipeline pipeline) throws SQLException {
        Reports.assertConverged(pipeline.compare(), TABLE_COUNT);
        try (Connection source = pipeline.source("");
                Connection target = pipeline.target()) {
            PostgresOracle oracle = new PostgresOracle(source, target);
            for (CatalogTable table : CatalogTable.all(source, null, "public", Map.of("keyless", List.of("v")))
                    .values()) {
                oracle.requireEqual(
                        PostgresOracle.copy("public", table.name(), table.columnNames()),
                        PostgresOracle.copy("clinical", table.name(), table.columnNames()));
            }
        }
    }

    private static String[] round(int number) {
        String[] statements = new String[ROUND.length];
        for (int i = 0; i < statements.length; i++) {
            statements[i] = String.format(ROUND[i], number);
        }
        return statements;
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
