package dev.handover.sink.batch;

import java.util.Set;
import java.util.SortedMap;

/**
 * A target that changes are applied to under the guard {@code (position, mapping version)}: what it holds only ever
 * moves forward. Used by one thread.
 */
public interface Sink extends AutoCloseable {
    /**
     * Takes partitions over: whoever held them before is fenced off from here on.
     *
     * @return the offset at which reading goes on, for each
     */
    SortedMap<Partition, Long> claim(Set<Partition> partitions);

    /** Forgets partitions that others may claim now. */
    void release(Set<Partition> partitions);

    /**
     * Applies a batch in one transaction: rows, tombstones, state of buckets, counts and offsets, all or nothing.
     *
     * @throws dev.handover.fault.Fault {@code fenced} when somebody else claimed a partition, {@code bucket-gap} when a
     *     change is missing or repeated in the log, {@code target-unreachable} when retrying did not help
     */
    Receipt apply(Batch batch);

    @Override
    void close();
}
