package dev.handover.sink.batch;

import dev.handover.row.TableId;

/** How many changes each bucket has seen. */
@FunctionalInterface
public interface BucketSequences {
    /** The sequence number of the last change applied to a bucket; 0 where there was none. */
    long last(TableId table, int bucket);
}
