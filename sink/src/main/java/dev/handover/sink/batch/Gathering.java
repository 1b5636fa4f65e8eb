package dev.handover.sink.batch;

import dev.handover.change.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A batch in the making: records in the order in which they are taken. Used by one thread. */
public final class Gathering {
    private final Limits limits;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<DeadLetter> letters = new ArrayList<>();
    private final SortedMap<Partition, Long> nextOffsets = new TreeMap<>();
    private int records;
    private long bytes;

    /**
     * How large a batch becomes.
     *
     * @param recordsMax most records
     * @param bytesMax most bytes of the records; a single larger record is a batch of its own
     */
    public record Limits(int recordsMax, long bytesMax) {
        /** Whether a batch of so much is within the limits. */
        boolean hold(long records, long bytes) {
            return records <= recordsMax && bytes <= bytesMax;
        }
    }

    public Gathering(Limits limits) {
        this.limits = limits;
    }

    /** Whether a record of so many bytes fits in; the first one always does. */
    public boolean fits(long more) {
        return records == 0 || limits.hold(records + 1L, bytes + more);
    }

    /** Takes a record, whether it fits in or not. */
    public void take(Arrival arrival) {
        arrival.delivery().ifPresent(deliveries::add);
        arrival.letter().ifPresent(letters::add);
        nextOffsets.put(arrival.partition(), arrival.offset() + 1);
        records++;
        bytes += arrival.bytes();
    }

    public boolean isEmpty() {
        return records == 0;
    }

    public Batch batch() {
        return new Batch(deliveries, letters, nextOffsets);
    }
}
