package dev.handover.reconciler.watch;

import dev.handover.digest.Digest;
import dev.handover.fault.Fault;
import dev.handover.reconciler.read.TargetDatabase;
import dev.handover.reconciler.read.TargetSnapshot;
import dev.handover.role.Role;
import dev.handover.row.TableId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    private static final Duration FAILED_PAUSE = Duration.ofSeconds(20);

    private final TargetDatabase target;
    private final WatchLedger ledger;
    private final int partitions;
    private final Duration every;
    private final InstantSource clock;
    private final Set<String> dirty = new HashSet<>(); // role thread only
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * A watch.
     *
     * @param partitions of every topic of the pipeline
     * @param every how long, at least, from a look at a table to the next
     */
    public WatchRole(TargetDatabase target, WatchLedger ledger, int partitions, Duration every, InstantSource clock) {
        this.target = target;
        this.ledger = ledger;
        this.partitions = partitions;
        this.every = every;
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
            } catch (Fault e) {
                failed(e.code(), "all tables");
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

    private void round() {
        List<TableId> tables;
        try (TargetSnapshot snapshot = target.open()) {
            if (!snapshot.watched()) {
                return;
            }
            tables = snapshot.loadedTables(partitions);
        }
        for (TableId table : tables) {
            if (isStopped()) {
                return;
            }
            try {
                Optional<Checked> checked = check(table);
                if (checked.isPresent()) {
                    ledger.keep(checked.get());
                    tell(checked.get());
                    rest(Duration.ofMillis(checked.get().tookMillis()).multipliedBy(REST_FACTOR));
                }
            } catch (Fault e) {
                failed(e.code(), table.shortText());
            } catch (SQLException e) {
                failed("SQLSTATE " + e.getSQLState(), table.shortText());
            }
        }
    }

    /** Looks at one table; empty where its load is not complete, or is not any more. */
    public Optional<Checked> check(TableId table) {
        Instant at = clock.instant();
        try (TargetSnapshot snapshot = target.open()) {
            if (!snapshot.loadedTables(partitions).contains(table)) {
                return Optional.empty();
            }
            long began = System.nanoTime();
            Map<Integer, Digest> expected = snapshot.buckets(table);
            Map<Integer, Digest> found = snapshot.sums(table);
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            return Optional.of(Checked.of(table.shortText(), at, expected, found, took));
        }
    }

    private void tell(Checked checked) {
        if (checked.clean()) {
            dirty.remove(checked.table());
        } else if (dirty.add(checked.table())) {
            LOG.atError()
                    .addKeyValue("table", checked.table())
                    .addKeyValue("buckets", checked.named().orElse(""))
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
