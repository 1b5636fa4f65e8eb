package dev.handover.digest;

import java.nio.ByteBuffer;

/**
 * The number of rows in a set and the lane-wise sum of their fingerprints modulo 2^64. It is a commutative group: a
 * digest is kept current by {@code minus} what a row was and {@code plus} what it is, in any order, and digests of
 * disjoint sets add up. A sum, never an exclusive or: two equal rows must not vanish. (Bellare and Micciancio, "A New
 * Paradigm for Collision-free Hashing", 1997: AdHash; the key keeps an adversary who can write rows from choosing
 * fingerprints.)
 */
public record Digest(long rows, long lane1, long lane2, long lane3, long lane4) {
    /** The digest of no rows. */
    public static final Digest EMPTY = new Digest(0, 0, 0, 0, 0);

    /** With one more row. */
    public Digest plus(Fingerprint row) {
        return new Digest(rows + 1, lane1 + row.lane1(), lane2 + row.lane2(), lane3 + row.lane3(), lane4 + row.lane4());
    }

    /** With one row less. */
    public Digest minus(Fingerprint row) {
        return new Digest(rows - 1, lane1 - row.lane1(), lane2 - row.lane2(), lane3 - row.lane3(), lane4 - row.lane4());
    }

    /** Of both sets together. */
    public Digest plus(Digest other) {
        return new Digest(
                rows + other.rows, lane1 + other.lane1, lane2 + other.lane2, lane3 + other.lane3, lane4 + other.lane4);
    }

    /** Of what this set has more than the other. */
    public Digest minus(Digest other) {
        return new Digest(
                rows - other.rows, lane1 - other.lane1, lane2 - other.lane2, lane3 - other.lane3, lane4 - other.lane4);
    }

    /** The four lanes as 32 bytes, without the count. */
    public byte[] sum() {
        return ByteBuffer.allocate(Fingerprint.BYTES)
                .putLong(lane1)
                .putLong(lane2)
                .putLong(lane3)
                .putLong(lane4)
                .array();
    }

    /** The digest of {@code rows} rows with the lanes that {@link #sum()} gave. */
    public static Digest of(long rows, byte[] sum) {
        Fingerprint lanes = Fingerprint.decode(sum);
        return new Digest(rows, lanes.lane1(), lanes.lane2(), lanes.lane3(), lanes.lane4());
    }
}
