package dev.handover.reconciler.watch;

import dev.handover.digest.Bucket;
import dev.handover.digest.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One look at a table of the target: the rows that are there, added up by bucket, against the books of the sink, both
 * of one moment. The sink writes a row and its bucket's sum in one transaction, so at no moment do they differ by what
 * is on its way: a difference is proved when it is seen. The books count a row too that the target refused, so of as
 * many buckets as there are refused rows nothing is proved; beyond that, somebody else wrote.
 *
 * @param table {@code schema.name}
 * @param at the moment
 * @param rows of the table
 * @param buckets in ascending order, those whose rows are not what was applied
 * @param refused rows that the target refused, and that nobody has made good
 * @param tookMillis what the target was busy for
 */
public record Checked(String table, Instant at, long rows, List<Integer> buckets, long refused, long tookMillis) {
    public Checked {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(at, "at");
        buckets = List.copyOf(buckets);
    }

    /**
     * Compares sums of one moment.
     *
     * @param expected by bucket, what was applied; buckets that are absent hold nothing
     * @param found by bucket, what is there
     */
    static Checked of(
            String table,
            Instant at,
            Map<Integer, Digest> expected,
            Map<Integer, Digest> found,
            long refused,
            long tookMillis) {
        List<Integer> buckets = new ArrayList<>();
        for (int bucket = 0; bucket < Bucket.PER_TABLE; bucket++) {
            if (!found.getOrDefault(bucket, Digest.EMPTY).equals(expected.getOrDefault(bucket, Digest.EMPTY))) {
                buckets.add(bucket);
            }
        }
        long rows = found.values().stream().mapToLong(Digest::rows).sum();
        return new Checked(table, at, rows, buckets, refused, tookMillis);
    }

    /** Whether rows are proved not to be what was applied. */
    public boolean tampered() {
        return buckets.size() > refused;
    }

    /** The first few of the buckets, in words; empty where there are none. */
    Optional<String> named() {
        if (buckets.isEmpty()) {
            return Optional.empty();
        }
        String first = String.join(
                ", ", buckets.stream().limit(10).map(String::valueOf).toList());
        return Optional.of(buckets.size() > 10 ? first + ", ..." : first);
    }
}
