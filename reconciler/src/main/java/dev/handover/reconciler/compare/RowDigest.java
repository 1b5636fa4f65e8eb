package dev.handover.reconciler.compare;

import dev.handover.digest.Fingerprint;

/**
 * What is kept of one row of one side until both sides are read: 128 bits of its key's keyed hash, 128 bits of its
 * fingerprint, and the key itself.
 *
 * @param mark what is special about the row
 * @param key the encoded key; owned by the record
 */
@SuppressWarnings("ArrayRecordComponent")
public record RowDigest(long key1, long key2, long row1, long row2, Mark mark, byte[] key) {
    /** Bytes of a row beside its key. */
    public static final int BYTES = 4 * Long.BYTES + 1 + Integer.BYTES;

    /** What is special about a row. */
    public enum Mark {
        /** Nothing. */
        PLAIN('-'),
        /** At the source: the mapping rejects it. */
        PARKED('p'),
        /** At the target: its columns are not what was written. */
        TAMPERED('t');

        private final char code;

        Mark(char code) {
            this.code = code;
        }

        /** One byte that stands for it. */
        public byte code() {
            return (byte) code;
        }

        /** The mark that a byte stands for. @throws IllegalArgumentException when it stands for none */
        public static Mark of(byte code) {
            for (Mark mark : values()) {
                if (mark.code == code) {
                    return mark;
                }
            }
            throw new IllegalArgumentException("no mark of a row digest: " + code);
        }
    }

    /** Of a row with this hash of its key and this fingerprint. */
    public static RowDigest of(Fingerprint keyHash, Fingerprint row, Mark mark, byte[] key) {
        return new RowDigest(keyHash.lane1(), keyHash.lane2(), row.lane1(), row.lane2(), mark, key);
    }

    /** What rows of both sides are matched by. */
    public KeyHash keyHash() {
        return new KeyHash(key1, key2);
    }

    /** Whether both are the same row. */
    boolean sameRow(RowDigest other) {
        return row1 == other.row1 && row2 == other.row2;
    }

    /** 128 bits of the keyed hash of a key. */
    public record KeyHash(long high, long low) {}
}
