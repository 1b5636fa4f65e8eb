package dev.handover.sink.batch;

import java.util.SortedMap;
import java.util.TreeMap;

/** What one committed batch did, by partition. */
public record Receipt(SortedMap<Partition, Counts> counts) {
    public Receipt {
        counts = new TreeMap<>(counts);
    }

    /** Over all partitions. */
    public Counts total() {
        return counts.values().stream().reduce(Counts.NONE, Counts::plus);
    }
}
