package dev.handover.deploy.bench;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Changes at a fixed rate, and when each is seen at the target. Transactions of two new rows are due at fixed times,
 * whether or not the ones before are done. The clock is that of this process alone: it is read just before a commit is
 * sent, and again when a query of the target has answered with the row. So clocks of servers do not matter, and a
 * latency is never too short; it is too long by a part of the poll's pause and by the poll's query.
 *
 * <p>Threads: writers share nothing but {@code sentNanos}, each slot of which one writer sets before it commits; the
 * reader, one thread, reads a slot after it saw the row, which is after the commit. The caller's thread waits.
 */
final class Traffic {
    /** Rows that are committed together. */
    static final int ROWS = 2;

    private static final int WRITERS = 4;
    private static final Duration POLL_PAUSE = Duration.ofMillis(2);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration DRAIN_MAX = Duration.ofMinutes(2);

    private final Supplier<Connection> source;
    private final Supplier<Connection> target;
    private final long first;
    private final int ratePerSecond;
    private final int transactions;
    private final AtomicLongArray sentNanos;
    private final AtomicLong lateNanosMax = new AtomicLong();
    private final AtomicLong writtenNanos = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /** @param first number of the first new observation */
    Traffic(Supplier<Connection> source, Supplier<Connection> target, long first, int ratePerSecond, Duration time) {
        this.source = source;
        this.target = target;
        this.first = first;
        this.ratePerSecond = ratePerSecond;
        this.transactions = Math.toIntExact(Math.max(1, ratePerSecond * time.toMillis() / 1000 / ROWS));
        this.sentNanos = new AtomicLongArray(transactions);
    }

    /** What came of it. */
    record Seen(Latencies latencies, double seconds, double writtenPerSecond, double lateMillisMax) {}

    /** Rows that it writes. */
    int rows() {
        return transactions * ROWS;
    }

    /**
     * Writes all, and returns when all are seen.
     *
     * @param meanwhile called again and again by this thread
     * @throws Fault {@code bench-stuck} when rows do not arrive
     */
    Seen run(Runnable meanwhile) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
        try {
            long beganNanos = System.nanoTime();
            List<CompletableFuture<?>> all = new ArrayList<>();
            CompletableFuture<long[]> seen = CompletableFuture.supplyAsync(this::read, threads);
            all.add(seen);
            for (int writer = 0; writer < WRITERS; writer++) {
                int mine = writer;
                all.add(CompletableFuture.runAsync(() -> write(mine, beganNanos), threads));
            }
            await(all, beganNanos, meanwhile);
            long[] nanos = seen.join();
            long endNanos = 0;
            for (int row = 0; row < nanos.length; row++) {
                endNanos = Math.max(endNanos, nanos[row] - beganNanos);
                nanos[row] -= sentNanos.get(row / ROWS);
            }
            return new Seen(
                    new Latencies(nanos),
                    endNanos / 1e9,
                    Figures.perSecond(rows(), writtenNanos.get() / 1e9),
                    Figures.round(lateNanosMax.get() / 1e6));
        } catch (CompletionException e) {
            throw e.getCause() instanceof Fault fault ? fault : e;
        } finally {
            stopped.set(true);
            threads.shutdown();
        }
    }

    private void await(List<CompletableFuture<?>> all, long beganNanos, Runnable meanwhile)
            throws InterruptedException {
        long deadlineNanos = beganNanos + rows() * 1_000_000_000L / ratePerSecond + DRAIN_MAX.toNanos();
        while (!all.stream().allMatch(CompletableFuture::isDone)) {
            all.stream().filter(CompletableFuture::isCompletedExceptionally).forEach(CompletableFuture::join);
            if (System.nanoTime() - deadlineNanos > 0) {
                throw Fault.of(
                        ExitCode.TIMED_OUT,
                        "bench-stuck",
                        "not all changes arrived within " + DRAIN_MAX.toMinutes() + " minutes of their time",
                        "take a lower --rate; the roles' logs say whether something failed");
            }
            meanwhile.run();
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    private void write(int writer, long beganNanos) {
        try (Connection connection = source.get();
                PreparedStatement insert = connection.prepareStatement(BenchTable.OBSERVATION.insert())) {
            connection.setAutoCommit(false);
            for (int number = writer; number < transactions && !stopped.get(); number += WRITERS) {
                long dueNanos = beganNanos + number * (long) ROWS * 1_000_000_000L / ratePerSecond;
                for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                lateNanosMax.accumulateAndGet(System.nanoTime() - dueNanos, Math::max);
                Workload.range(insert, first + (long) number * ROWS, first + (long) number * ROWS + ROWS - 1);
                sentNanos.set(number, System.nanoTime());
                connection.commit();
                writtenNanos.accumulateAndGet(System.nanoTime() - beganNanos, Math::max);
            }
        } catch (SQLException e) {
            throw Workload.fault("rows cannot be written at the source", e);
        }
    }

    /** When each row was first seen. */
    private long[] read() {
        long[] seenNanos = new long[rows()];
        BitSet seen = new BitSet(rows());
        BenchTable table = BenchTable.OBSERVATION;
        String sql = "SELECT " + table.key() + " FROM " + table.qualified() + " WHERE " + table.key() + " >= ? AND "
                + table.key() + " < ?";
        int[] found = new int[rows()];
        try (Connection connection = target.get();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(2, first + rows());
            for (int low = 0; low < rows() && !stopped.get(); low = seen.nextClearBit(low)) {
                statement.setLong(1, first + low);
                int count = 0;
                try (ResultSet answer = statement.executeQuery()) {
                    while (answer.next()) {
                        found[count++] = (int) (answer.getLong(1) - first);
                    }
                }
                long now = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    if (!seen.get(found[i])) {
                        seen.set(found[i]);
                        seenNanos[found[i]] = now;
                    }
                }
                LockSupport.parkNanos(POLL_PAUSE.toNanos());
            }
            return seenNanos;
        } catch (SQLException e) {
            throw Workload.fault("rows cannot be read at the target", e);
        }
    }
}
