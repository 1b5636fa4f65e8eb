package dev.handover.reconciler.compare;

import dev.handover.reconciler.compare.RowDigest.KeyHash;
import dev.handover.reconciler.compare.RowDigest.Mark;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a shard of the source with the same shard of the target: equal rows are counted, all others are named. First
 * every row of the source is taken, then every row of the target.
 */
public final class ShardComparison {
    private final Map<KeyHash, RowDigest> source = new HashMap<>();
    private final Found found;
    private long matches;
    private long parked;
    private long repeated;

    /** @param found is told of every key that is not the same on both sides */
    public ShardComparison(Found found) {
        this.found = found;
    }

    /** Takes what is not the same on both sides. */
    @FunctionalInterface
    public interface Found {
        /** At least one of the two is there. */
        void key(Optional<RowDigest> source, Optional<RowDigest> target);
    }

    /** Takes a row of the source. */
    public void source(RowDigest row) {
        if (source.put(row.keyHash(), row) != null) {
            repeated++;
        }
    }

    /** Takes a row of the target. */
    public void target(RowDigest row) {
        RowDigest expected = source.remove(row.keyHash());
        if (expected != null && expected.mark() == Mark.PLAIN && row.mark() == Mark.PLAIN && expected.sameRow(row)) {
            matches++;
        } else {
            found.key(Optional.ofNullable(expected), Optional.of(row));
        }
    }

    /** Ends the comparison: what is left of the source is missing, or was rejected by the mapping. */
    public void end() {
        for (RowDigest left : source.values()) {
            if (left.mark() == Mark.PARKED) {
                parked++;
            } else {
                found.key(Optional.of(left), Optional.empty());
            }
        }
        source.clear();
    }

    /** Keys under which both sides hold the same row. */
    public long matches() {
        return matches;
    }

    /** Keys whose row the mapping rejects, and the target has none. */
    public long parked() {
        return parked;
    }

    /** Rows of the source whose key another one had before. */
    public long repeated() {
        return repeated;
    }
}
