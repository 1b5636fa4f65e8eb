package dev.handover.deploy.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.reconciler.read.TargetDatabase;
import dev.handover.reconciler.watch.Checked;
import dev.handover.reconciler.watch.Round;
import dev.handover.reconciler.watch.WatchLedger;
import dev.handover.reconciler.watch.WatchRole;
import dev.handover.row.TableId;
import dev.handover.wire.SchemaText;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The watch is silent whatever the pipeline writes, and sees what others write. */
@SuppressWarnings("NullAway.Init")
class WatchIT {
    private static final TableId PATIENT = TableId.target("clinical", "patient");
    private static final Duration SEEN_MAX = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private Hospital hospital;
    private WatchRole watch;
    private WatchLedger ledger;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @BeforeEach
    void open() throws Exception {
        hospital = new Hospital(directory);
        hospital.atSource("INSERT INTO patient SELECT i, 'name ' || i, i * 1.25, date '1950-01-01' + i::int"
                + " FROM generate_series(1, 500) i");
        // as a sink does; a table that is not there keeps nobody from the others
        for (String table : List.of("clinical.gone", "clinical.patient")) {
            hospital.atTarget("INSERT INTO handover.target_table VALUES ('" + table + "', 'pas.public.patient',"
                    + " 'tiny.canonical.clinical.patient', '', '" + SchemaText.of(Hospital.targetSchema())
                    + "', 1, now())");
        }
        ledger = new WatchLedger(hospital.target());
        watch = new WatchRole(
                new TargetDatabase(hospital.target(), 100),
                ledger,
                hospital.fingerprints(),
                TinyPipeline.PARTITIONS,
                Duration.ofMillis(200),
                Duration.ZERO,
                InstantSource.system());
    }

    @AfterEach
    void close() throws Exception {
        watch.stop();
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        hospital.close();
    }

    private Checked checked() {
        return watch.check(PATIENT).orElseThrow();
    }

    @Test
    void saysNothingBeforeTheLoadIsCompleteAndNothingWrongWhileThePipelineWrites() throws Exception {
        assertThat(watch.check(PATIENT)).isEmpty();
        hospital.pipeline().load();
        assertThat(watch.check(PATIENT)).isEmpty();
        hospital.settle();
        assertThat(checked().rows()).isEqualTo(500);

        Future<?> writing = threads.submit(() -> {
            for (int round = 0; round < 40; round++) {
                hospital.atSource("UPDATE patient SET balance = balance + 1 WHERE id % 7 = " + round % 7
                        + "; DELETE FROM patient WHERE id = " + (round + 1)
                        + "; INSERT INTO patient (id, name) VALUES (" + (10_000 + round) + ", 'new')"
                        + "; UPDATE patient SET id = id + 20000 WHERE id = " + (100 + round));
                hospital.pipeline().capture();
                hospital.pipeline().drain();
            }
            return null;
        });
        int looks = 0;
        while (!writing.isDone()) {
            assertThat(checked().buckets()).isEmpty();
            looks++;
        }
        writing.get();
        assertThat(looks).isGreaterThan(20);
        assertThat(checked()).satisfies(last -> {
            assertThat(last.buckets()).isEmpty();
            assertThat(last.rows()).isEqualTo(500);
        });
    }

    private Round whole() {
        return watch.columns(PATIENT, Round.empty(Instant.EPOCH), Duration.ofSeconds(20));
    }

    /** A column that is changed alone leaves the sums as they were, and is seen by a round of all columns. */
    @Test
    void seesWhatOthersWrote() throws Exception {
        hospital.pipeline().load();
        hospital.settle();
        for (String rogue : List.of(
                "DELETE FROM clinical.patient WHERE id = 7",
                "INSERT INTO clinical.patient (id) VALUES (7000)",
                "UPDATE clinical.patient SET _handover_lane3 = _handover_lane3 + 1 WHERE id = 8",
                "UPDATE clinical.patient SET _handover_bucket = (_handover_bucket + 1) % 1024 WHERE id = 9",
                "TRUNCATE clinical.patient")) {
            hospital.atTarget("CREATE TABLE saved AS TABLE clinical.patient");
            hospital.atTarget(rogue);
            assertThat(checked().buckets()).as(rogue).isNotEmpty();
            hospital.atTarget("TRUNCATE clinical.patient; INSERT INTO clinical.patient TABLE saved; DROP TABLE saved");
            assertThat(checked().buckets()).isEmpty();
        }
        assertThat(whole().wholeAltered()).isZero();
        for (String rogue : List.of(
                "UPDATE clinical.patient SET name = 'x' WHERE id = 10",
                "UPDATE clinical.patient SET balance = balance + 0.01 WHERE id = 11",
                "UPDATE clinical.patient SET born = NULL WHERE id IN (12, 13)")) {
            hospital.atTarget(rogue);
            assertThat(checked().buckets()).as(rogue).isEmpty();
        }
        assertThat(whole().wholeAltered()).isEqualTo(4);
    }

    /** The books count it all the same; beyond as many as were refused, somebody else wrote. */
    @Test
    void aRowThatTheTargetRefusedIsNoRogueWrite() throws Exception {
        hospital.pipeline().load();
        hospital.settle();
        hospital.atTarget("DELETE FROM clinical.patient WHERE id = 7");
        assertThat(checked().tampered()).isTrue();
        hospital.atTarget("INSERT INTO handover.dead_letter (stage, reason, place, table_name, target_name, topic,"
                + " partition, record_offset, position_text, mapping_version, rejected_at) VALUES ('apply', 'constraint',"
                + " 'c', 'pas.public.patient', 'clinical.patient', 't', 0, 0, '', 1, now())");
        assertThat(checked().refused()).isEqualTo(1);
        assertThat(checked().tampered()).isFalse();
        hospital.atTarget("DELETE FROM clinical.patient WHERE id IN (8, 9)");
        assertThat(checked().tampered()).isTrue();
    }

    /** Page by page, from look to look, and over a kill; and from the beginning again. */
    @Test
    void aRoundOfColumnsGoesOnWhereItWas() throws Exception {
        hospital.pipeline().load();
        hospital.settle();
        // rows of 2 kB: some 1,200 pages
        hospital.atTarget("ALTER TABLE clinical.patient ALTER name SET STORAGE PLAIN; CREATE TABLE wide AS SELECT p.*"
                + " FROM clinical.patient p, generate_series(1, 4500) WHERE p.id = 1; ALTER TABLE wide ALTER name SET STORAGE PLAIN;"
                + " UPDATE wide SET id = 1000 + n,"
                + " name = repeat('x', 2000) FROM (SELECT ctid AS at, row_number() OVER () AS n FROM wide) AS numbered"
                + " WHERE wide.ctid = numbered.at; INSERT INTO clinical.patient TABLE wide; DROP TABLE wide");
        Round round = Round.empty(Instant.EPOCH);
        int looks = 0;
        long most = 0;
        while (round.whole().isEmpty()) {
            Round next = watch.columns(PATIENT, round, Duration.ZERO);
            assertThat(next.page() > round.page() || next.whole().isPresent()).isTrue();
            most = Math.max(most, next.altered());
            round = next;
            looks++;
        }
        assertThat(looks).isGreaterThan(3);
        assertThat(most).isBetween(1L, 4499L);
        assertThat(round.wholeAltered()).isEqualTo(4500);
        assertThat(round.page()).isZero();
        assertThat(round.found()).isEqualTo(4500);
    }

    @Test
    void keepsSinceWhenRowsAreNotWhatWasApplied() throws Exception {
        hospital.pipeline().load();
        hospital.settle();
        Future<?> watching = threads.submit(watch::run);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        assertThat(ledger.read().stream().map(entry -> entry.last().table()))
                .as("not before the stream is past the load")
                .doesNotContain("clinical.patient");
        hospital.atTarget("UPDATE handover.applied SET committed_at = now() + interval '1 hour'");
        assertThat(awaited(true).since()).isEmpty();
        assertThat(ledger.read().stream().filter(entry -> entry.last().table().equals("clinical.gone")))
                .singleElement()
                .satisfies(gone -> {
                    assertThat(gone.failing()).isEqualTo("recon-query-failed");
                    assertThat(gone.clean()).isFalse();
                });
        hospital.atTarget("UPDATE clinical.patient SET name = 'x' WHERE id = 10");
        assertThat(await(entry -> entry.round().found() == 1).clean()).isFalse();

        hospital.atTarget("INSERT INTO clinical.patient (id) VALUES (7000)");
        WatchLedger.Entry first = awaited(false);
        WatchLedger.Entry later = awaitedAfter(first.last().at());
        assertThat(later.since()).isPresent().isEqualTo(first.since());
        assertThat(later.last().rows()).isEqualTo(501);
        assertThat(later.checks()).isGreaterThan(first.checks());

        hospital.atTarget("DELETE FROM clinical.patient WHERE id = 7000");
        assertThat(awaited(true).since()).isEmpty();
        watch.stop();
        watching.get(10, TimeUnit.SECONDS);
    }

    private WatchLedger.Entry awaited(boolean clean) throws SQLException {
        return await(entry -> entry.last().tampered() != clean);
    }

    private WatchLedger.Entry awaitedAfter(Instant at) throws SQLException {
        return await(entry -> entry.last().at().isAfter(at));
    }

    private WatchLedger.Entry await(java.util.function.Predicate<WatchLedger.Entry> wanted) throws SQLException {
        long deadline = System.nanoTime() + SEEN_MAX.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<WatchLedger.Entry> entry = ledger.read().stream()
                    .filter(each -> each.last().table().equals("clinical.patient"))
                    .filter(wanted)
                    .findFirst();
            if (entry.isPresent()) {
                return entry.get();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        throw new AssertionError("not seen within " + SEEN_MAX);
    }
}
