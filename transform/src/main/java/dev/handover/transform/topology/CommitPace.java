package dev.handover.transform.topology;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When a stream thread commits before its interval is over. A transaction costs as much as some hundred records, and
 * readers see nothing of it before its end; so while little happens each commit comes as soon as there is something to
 * commit. Under load, or on a machine that cannot keep up with little, the interval alone decides: else the commits
 * would be what it cannot keep up with. One thread's own.
 */
final class CommitPace {
    /** The least time between two commits that are asked for. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** In {@value #LEAST_NANOS} ns; more than these, and it is load: 4,000 records a second. */
    private static final long RECORDS_MAX = 40;

    /** A record that waited longer than this has others behind it. */
    private static final long AGE_MILLIS_MAX = 250;

    private final LongSupplier nanos;
    private long from;
    private long records;
    private boolean backlog;

    CommitPace(LongSupplier nanos) {
        this.nanos = nanos;
        this.from = nanos.getAsLong();
    }

    /**
     * Counts a record. Answers whether a commit should follow it.
     *
     * @param ageMillis since it was sent
     */
    boolean recordAsks(long ageMillis) {
        records++;
        backlog |= ageMillis > AGE_MILLIS_MAX;
        return asks();
    }

    private boolean asks() {
        long now = nanos.getAsLong();
        long elapsed = now - from;
        if (elapsed < LEAST_NANOS) {
            return false;
        }
        boolean little = !backlog && records * LEAST_NANOS <= RECORDS_MAX * elapsed;
        from = now;
        records = 0;
        backlog = false;
        return little;
    }

    /** Whether a commit should follow although no record came: some may have come just after the last one. */
    boolean timeAsks() {
        return records > 0 && asks();
    }
}
