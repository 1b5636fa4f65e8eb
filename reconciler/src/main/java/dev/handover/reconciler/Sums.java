package dev.handover.reconciler;

import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.reconciler.rule.Place;
import java.util.HexFormat;
import java.util.Objects;

/**
 * What the rows of both sides add up to, each in the one snapshot that the first look was made in: how many they are,
 * and their digest under the migration's key. The snapshots are of two moments: where rows changed between them, both
 * digests differ although every row was seen equal.
 *
 * @param sourceRows rows that the mapping makes of the source's
 * @param source digest of these
 * @param targetRows rows of the target
 * @param target digest of these, by their columns as they are
 * @param again keys that were not equal at once, and were looked at again
 * @param mappingVersion of the mapping that the source's rows were mapped by
 * @param place where in the log the snapshots were
 */
public record Sums(
        long sourceRows, String source, long targetRows, String target, long again, int mappingVersion, Place place) {
    /** Of a table that was not compared. */
    public static final Sums NONE = new Sums(0, "", 0, "", 0, 0, Place.NOWHERE);

    public Sums {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(place, "place");
    }

    /** Whether both sides hold the same rows. */
    public boolean equal() {
        return !source.isEmpty() && sourceRows == targetRows && source.equals(target);
    }

    static String text(Digest digest) {
        return HexFormat.of()
                .formatHex(new Fingerprint(digest.lane1(), digest.lane2(), digest.lane3(), digest.lane4()).bytes());
    }
}
