package dev.handover.sink.batch;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one committed batch did.
 *
 * @param counts by partition
 * @param findings what the batch's rows were found to hold, with how often it was found so far
 */
public record Receipt(SortedMap<Partition, Counts> counts, List<FindingTotal> findings) {
    public Receipt {
        counts = new TreeMap<>(counts);
        findings = List.copyOf(findings);
    }

    /** Over all partitions. */
    public Counts total() {
        return counts.values().stream().reduce(Counts.NONE, Counts::plus);
    }
}
