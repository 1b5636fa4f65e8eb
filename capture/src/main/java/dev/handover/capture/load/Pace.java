package dev.handover.capture.load;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.util.concurrent.TimeUnit;

/**
 * Lets so many rows pass in a second, of all threads together: every stride of rows has its time, the next one's is so
 * much later, and a thread that is early waits. What was not used is not saved up. Safe for many threads.
 */
public final class Pace {
    private static final long SECOND_NANOS = 1_000_000_000;

    /** A thread asks for some rows at once. */
    private static final int STRIDE_ROWS = 100;

    private final int rowsPerSecond;
    private long dueNanos = System.nanoTime();

    /**
     * For all threads of a load.
     *
     * @param rowsPerSecond 0 for no limit
     */
    public Pace(int rowsPerSecond) {
        this.rowsPerSecond = rowsPerSecond;
    }

    /**
     * Waits where the next row is early.
     *
     * @param read rows that the thread has read so far
     */
    public void next(long read) {
        if (rowsPerSecond == 0 || read % STRIDE_ROWS != 0) {
            return;
        }
        long wait = due(System.nanoTime());
        if (wait > 0) {
            try {
                TimeUnit.NANOSECONDS.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.causedBy(e, ExitCode.FAILED, "interrupted", "interrupted while loading", "start again");
            }
        }
    }

    /** How long to wait before the next stride. */
    synchronized long due(long nowNanos) {
        long due = Math.max(dueNanos, nowNanos - SECOND_NANOS / 10);
        dueNanos = due + SECOND_NANOS * STRIDE_ROWS / rowsPerSecond;
        return due - nowNanos;
    }
}
