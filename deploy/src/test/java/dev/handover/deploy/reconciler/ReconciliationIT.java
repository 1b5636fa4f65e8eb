package dev.handover.deploy.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.reconciler.Divergence;
import dev.handover.reconciler.Finding;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Runs;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import dev.handover.row.RowKey;
import dev.handover.row.Value;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init")
class ReconciliationIT {
    @TempDir
    Path directory;

    private Hospital hospital;
    private final AtomicBoolean working = new AtomicBoolean(true);
    private final ExecutorService threads = Executors.newFixedThreadPool(3);

    @BeforeEach
    void open() throws Exception {
        hospital = new Hospital(directory);
        hospital.atSource("INSERT INTO patient SELECT i, 'name ' || i, i * 1.25, date '1950-01-01' + i::int"
                + " FROM generate_series(1, 500) i");
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        hospital.close();
    }

    /** Keeps the pipeline moving while a reconciliation waits for it. */
    private RunReport whileMoving() throws Exception {
        working.set(true);
        Future<?> mover = threads.submit(() -> {
            while (working.get()) {
                hospital.beat();
                hospital.pipeline().capture();
                hospital.pipeline().drain();
                java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            return null;
        });
        try {
            return hospital.reconcile(Duration.ofSeconds(10));
        } finally {
            working.set(false);
            mover.get();
        }
    }

    private void loaded() throws SQLException {
        hospital.pipeline().load();
        hospital.settle();
    }

    @Test
    void convergesOnAQuietPipelineAndKeepsTheReport() throws Exception {
        loaded();
        RunReport report = whileMoving();
        assertThat(report.verdict()).isEqualTo(Verdict.CONVERGED);
        assertThat(report.rows()).isEqualTo(500);
        assertThat(report.tables()).singleElement().satisfies(table -> {
            assertThat(table.matches()).isEqualTo(500);
            assertThat(table.findings()).isEmpty();
        });
        Runs runs = new Runs(hospital.target());
        runs.keep(report);
        assertThat(runs.show("last")).contains(report);
        assertThat(runs.history(5)).singleElement().satisfies(line -> assertThat(line.verdict())
                .isEqualTo("converged"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE clinical.patient SET name = 'x' WHERE id = 7              | DIFFERENT  | name
            UPDATE clinical.patient SET balance = balance + 0.01 WHERE id = 7| DIFFERENT  | balance
            UPDATE clinical.patient SET born = NULL, name = NULL WHERE id = 7| DIFFERENT  | name,born
            DELETE FROM clinical.patient WHERE id = 7                        | MISSING    |
            INSERT INTO clinical.patient (id) VALUES (7000)                  | EXTRANEOUS |
            UPDATE clinical.patient SET _handover_lane2 = 0 WHERE id = 7     | DIFFERENT  |
            """)
    void namesWhatWasDoneBehindItsBack(String rogue, Divergence.Kind kind, String columns) throws Exception {
        loaded();
        hospital.atTarget(rogue);
        RunReport report = whileMoving();
        assertThat(report.verdict()).isEqualTo(Verdict.DIVERGED);
        TableReport table = report.tables().get(0);
        assertThat(table.divergences()).singleElement().satisfies(divergence -> {
            assertThat(divergence.kind()).isEqualTo(kind);
            assertThat(divergence.stage()).isEqualTo(Divergence.Stage.TARGET);
            assertThat(divergence.columns()).isEqualTo(columns == null ? List.of() : List.of(columns.split(",")));
            assertThat(divergence.key()).matches("key#[0-9a-f]{8}");
        });
        Runs runs = new Runs(hospital.target());
        runs.keep(report);
        assertThat(runs.differences(report.run(), "clinical.patient")).isEqualTo(table.divergences());
    }

    @Test
    void namesAChangeThatThePipelineLost() throws Exception {
        loaded();
        hospital.atSource("UPDATE patient SET name = 'newer' WHERE id = 9; DELETE FROM patient WHERE id = 10");
        hospital.pipeline().capture();
        assertThat(hospital.pipeline().lose(RowKey.of(new Value.Int(9)))).isTrue();
        assertThat(hospital.pipeline().lose(RowKey.of(new Value.Int(10)))).isTrue();
        RunReport report = whileMoving();
        assertThat(report.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(report.tables().get(0).divergences())
                .extracting(Divergence::kind, Divergence::stage, Divergence::columns)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                Divergence.Kind.DIFFERENT, Divergence.Stage.PIPELINE, List.of("name")),
                        org.assertj.core.groups.Tuple.tuple(
                                Divergence.Kind.EXTRANEOUS, Divergence.Stage.PIPELINE, List.of()));
    }

    @Test
    void namesAnOlderVersionThatSomebodyPutBack() throws Exception {
        loaded();
        hospital.atTarget("CREATE TABLE kept AS SELECT * FROM clinical.patient WHERE id = 11");
        hospital.atSource("UPDATE patient SET balance = 0 WHERE id = 11");
        hospital.settle();
        hospital.atTarget(
                "DELETE FROM clinical.patient WHERE id = 11; INSERT INTO clinical.patient SELECT * FROM kept");
        RunReport report = whileMoving();
        assertThat(report.tables().get(0).divergences())
                .singleElement()
                .extracting(Divergence::kind, Divergence::stage, Divergence::columns)
                .containsExactly(Divergence.Kind.STALE, Divergence.Stage.TARGET, List.of("balance"));
    }

    @Test
    void leavesOpenWhatAStoppedPipelineMayStillDeliver() throws Exception {
        loaded();
        hospital.atSource("UPDATE patient SET name = 'newer' WHERE id = 9; INSERT INTO patient (id) VALUES (9000)");
        RunReport report = hospital.reconcile(Duration.ofSeconds(1));
        assertThat(report.verdict()).isEqualTo(Verdict.UNDETERMINED);
        assertThat(report.inFlight()).isEqualTo(2);
        assertThat(report.divergences()).isZero();
    }

    @Test
    void findsColumnsAndTablesThatTheCatalogForgot() throws Exception {
        loaded();
        hospital.atSource("ALTER TABLE patient ADD COLUMN allergy text; CREATE TABLE ward (id int PRIMARY KEY)");
        RunReport report = whileMoving();
        assertThat(report.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(report.tables().get(0).findings()).extracting(Finding::code).containsExactly("column-forgotten");
        assertThat(report.findings()).extracting(Finding::code).containsExactly("table-not-compared");
    }

    @Test
    void aVirtualColumnIsInNoLogAndNoDifference() throws Exception {
        loaded();
        hospital.atSource("ALTER TABLE patient ADD COLUMN twice bigint GENERATED ALWAYS AS (id * 2) VIRTUAL");
        assertThat(whileMoving().verdict()).isEqualTo(Verdict.CONVERGED);
    }

    /**
     * No false alarm: two writers, hot keys, key changes and deletes, and a pipeline whose partitions lag by chance.
     */
    @Test
    void provesNothingWrongWhileEverythingMoves() throws Exception {
        long seed = 20261121;
        loaded();
        working.set(true);
        List<Future<?>> all = List.of(
                threads.submit(() -> write(new Random(seed), 0)),
                threads.submit(() -> write(new Random(seed + 1), 1)),
                threads.submit(() -> lag(new Random(seed + 2))));
        long compared = 0;
        try {
            for (int run = 0; run < 10; run++) {
                RunReport report = hospital.reconcile(Duration.ofSeconds(2));
                assertThat(report.divergences()).as("seed %d run %d", seed, run).isZero();
                compared += report.rows();
            }
        } finally {
            working.set(false);
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(compared).isGreaterThan(1000);
        hospital.settle();
        assertThat(whileMoving().verdict()).isEqualTo(Verdict.CONVERGED);
    }

    private Void write(Random random, int parity) throws SQLException {
        while (working.get()) {
            StringBuilder sql = new StringBuilder();
            for (int left = random.nextInt(1, 6); left > 0; left--) {
                int hot = random.nextInt(random.nextBoolean() ? 10 : 600) * 2 + parity;
                sql.append(
                        switch (random.nextInt(5)) {
                            case 0 -> "DELETE FROM patient WHERE id = " + hot + ";";
                            case 1 ->
                                "UPDATE patient SET id = " + (hot + 2000) + " WHERE id = " + hot
                                        + " AND NOT EXISTS (SELECT 1 FROM patient WHERE id = " + (hot + 2000) + ");";
                            default ->
                                "INSERT INTO patient VALUES (" + hot + ", 'n" + random.nextInt(9)
                                        + "', 1, NULL) ON CONFLICT (id) DO UPDATE SET balance = patient.balance + 1;";
                        });
            }
            hospital.atSource("BEGIN;" + sql + "COMMIT");
        }
        return null;
    }

    private Void lag(Random random) throws SQLException {
        while (working.get()) {
            if (random.nextInt(8) == 0) {
                hospital.pipeline().capture();
            }
            if (random.nextInt(40) == 0) {
                hospital.pipeline().drain();
            }
            hospital.pipeline().apply(random);
        }
        return null;
    }
}
