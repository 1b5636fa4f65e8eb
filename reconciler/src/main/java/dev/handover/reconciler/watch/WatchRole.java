package dev.handover.reconciler.watch;

import dev.handover.digest.CanonicalBytes;
import dev.handover.digest.Digest;
import dev.handover.digest.FingerprintKey;
import dev.handover.fault.Fault;
import dev.handover.reconciler.read.TargetDatabase;
import dev.handover.reconciler.read.TargetSnapshot;
import dev.handover.role.Role;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every table of the target in turn, once its load is complete, and keeps what it saw. The target is busy with
 * it for a twentieth of the time at most: after a look it rests nineteen times as long as the look took. Nothing waits
 * for it, and its failures are nobody's but its own.
 */
public final class WatchRole implements Role {
    private static final Logger LOG = LoggerFactory.getLogger(WatchRole.class);

    /** Of the time that the target is busy with it, how long it rests. */
    private static final int REST_FACTOR = 19;

    /** Of columns, at one look at a table: a twentieth of the time, however many rows there are. */
    private static final Duration COLUMNS_LOOK = Duration.ofMillis(250);

    /**
     * Of one look at a table's sums: as long does it hold a snapshot and keep the table from being altered. What is
     * larger has its columns looked at alone, and is said not to be watched.
     */
    private static final Duration LOOK_MAX = Duration.ofSeconds(25);

    /** 2 MiB. */
    private static final int PAGES_A_LOOK = 256;

    private static final Duration FAILED_PAUSE = Duration.ofSeconds(20);

    private final TargetDatabase target;
    private final WatchLedger ledger;
    private final FingerprintKey fingerprints;
    private final int partitions;
    private final Duration every;
    private final Duration settling;
    private final InstantSource clock;
    private final Map<String, Instant> loaded = new HashMap<>(); // role thread only
    private final Set<String> dirty = new HashSet<>(); // role thread only
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * A watch.
     *
     * @param fingerprints the key that rows are fingerprinted under
     * @param partitions of every topic of the pipeline
     * @param every how long, at least, from a look at a table to the next
     * @param settling how far the clocks of source and target may be apart
     */
    public WatchRole(
            TargetDatabase target,
            WatchLedger ledger,
            FingerprintKey fingerprints,
            int partitions,
            Duration every,
            Duration settling,
            InstantSource clock) {
        this.target = target;
        this.ledger = ledger;
        this.fingerprints = fingerprints;
        this.partitions = partitions;
        this.every = every;
        this.settling = settling;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "watch";
    }

    @Override
    public void run() {
        while (!isStopped()) {
            Instant next = clock.instant().plus(every);
            try {
                round();
            } catch (SQLException | RuntimeException e) {
                failed(why(e), "all tables");
                rest(FAILED_PAUSE);
            }
            rest(Duration.between(clock.instant(), next));
        }
    }

    private static void failed(String why, String what) {
        LOG.atWarn()
                .addKeyValue("why", why)
                .addKeyValue("table", what)
                .log("rows of the target cannot be held against the books; trying again");
    }

    /** Whatever it is, the sink beside it goes on. */
    private static String why(Exception e) {
        if (e instanceof Fault fault) {
            return fault.code();
        }
        return e instanceof SQLException failure
                ? "SQLSTATE " + failure.getSQLState()
                : e.getClass().getSimpleName();
    }

    private void round() throws SQLException {
        Map<TableId, Instant> tables;
        try (TargetSnapshot snapshot = target.open()) {
            if (!snapshot.watched()) {
                return;
            }
            tables = snapshot.loadedTables(partitions);
        }
        Map<String, Round> rounds = new HashMap<>();
        ledger.read().forEach(entry -> rounds.put(entry.last().table(), entry.round()));
        for (Map.Entry<TableId, Instant> each : tables.entrySet()) {
            TableId table = each.getKey();
            boolean known = rounds.containsKey(table.shortText());
            if (isStopped() || !known && !settled(table, each.getValue())) {
                continue;
            }
            long began = System.nanoTime();
            try {
                look(table, rounds.getOrDefault(table.shortText(), Round.empty(clock.instant())));
            } catch (SQLException | RuntimeException e) {
                failed(why(e), table.shortText());
                ledger.fail(table.shortText(), clock.instant(), why(e));
            }
            rest(Duration.ofNanos(System.nanoTime() - began).multipliedBy(REST_FACTOR));
        }
    }

    /**
     * Whether the stream has passed the moment at which the load of a table was seen to be complete, and more, so that
     * the clocks of source and target need not agree. A load that broke off may have read rows a second time, later
     * than it says; until the stream has come there, they are not what it applied.
     */
    private boolean settled(TableId table, Instant applied) {
        Instant seen = loaded.computeIfAbsent(table.shortText(), name -> clock.instant());
        return applied.isAfter(seen.plus(settling));
    }

    private void look(TableId table, Round before) throws SQLException {
        long end = System.nanoTime() + LOOK_MAX.toNanos();
        Optional<Checked> checked = check(table, () -> !isStopped() && System.nanoTime() < end);
        if (isStopped()) {
            return;
        }
        Round round = columns(table, before, COLUMNS_LOOK);
        if (checked.isEmpty()) {
            ledger.fail(table.shortText(), clock.instant(), "not read within " + LOOK_MAX.toSeconds() + " s");
            return;
        }
        ledger.keep(checked.get(), round);
        tell(checked.get(), round);
    }

    /** Looks at one table; empty where its load is not complete. */
    public Optional<Checked> check(TableId table) {
        return check(table, () -> true);
    }

    private Optional<Checked> check(TableId table, BooleanSupplier goOn) {
        Instant at = clock.instant();
        try (TargetSnapshot snapshot = target.open()) {
            snapshot.limit(LOOK_MAX);
            if (!snapshot.loadedTables(partitions).containsKey(table)) {
                return Optional.empty();
            }
            long began = System.nanoTime();
            Map<Integer, Digest> expected = snapshot.buckets(table);
            long refused = snapshot.refused(table);
            return snapshot.sums(table, goOn)
                    .map(found -> Checked.of(
                            table.shortText(),
                            at,
                            expected,
                            found,
                            refused,
                            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)));
        }
    }

    /**
     * Holds columns of more rows against the fingerprints beside them, for about as long as told, in a snapshot of its
     * own for each range of pages: a row and its fingerprint are always of one moment. A table that cannot be read by
     * pages stays where it is.
     */
    public Round columns(TableId table, Round before, Duration most) {
        Round round = before;
        long end = System.nanoTime() + most.toNanos();
        do {
            try (TargetSnapshot snapshot = target.open()) {
                snapshot.limit(LOOK_MAX);
                long pages = snapshot.pages(table);
                Optional<TableSchema> schema = snapshot.schema(table);
                if (pages == 0 || schema.isEmpty()) {
                    return round;
                }
                CanonicalBytes encoder = CanonicalBytes.of(schema.get());
                long to = round.page() + PAGES_A_LOOK;
                round = round.read(
                        to, snapshot.altered(schema.get(), round.page(), to, row -> fingerprints.of(encoder, row)));
                if (to >= pages) {
                    // one round a look is enough
                    return round.ended(clock.instant());
                }
            }
        } while (System.nanoTime() < end && !isStopped());
        return round;
    }

    private void tell(Checked checked, Round round) {
        if (!checked.tampered() && round.found() == 0) {
            dirty.remove(checked.table());
        } else if (dirty.add(checked.table())) {
            LOG.atError()
                    .addKeyValue("table", checked.table())
                    .addKeyValue("buckets", checked.named().orElse(""))
                    .addKeyValue("altered", round.found())
                    .log("rows of the target are not what was applied");
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void rest(Duration time) {
        try {
            if (stopped.await(Math.max(0, time.toMillis()), TimeUnit.MILLISECONDS)) {
                LOG.atDebug().log("the watch was asked to end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
    }

    @Override
    public void stop() {
        stopped.countDown();
    }
}
