package dev.handover.digest;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** HMAC-SHA-256 of one canonical row, as four lanes of 64 bits, big-endian. */
public record Fingerprint(long lane1, long lane2, long lane3, long lane4) {
    /** Bytes of an encoded fingerprint. */
    public static final int BYTES = 32;

    /** @throws IllegalArgumentException unless there are exactly {@value #BYTES} bytes */
    public static Fingerprint decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a fingerprint has 32 bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new Fingerprint(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(lane1)
                .putLong(lane2)
                .putLong(lane3)
                .putLong(lane4)
                .array();
    }

    /** The first eight hexadecimal digits, enough for a person to see that two differ. */
    public String shortText() {
        return HexFormat.of().toHexDigits(lane1).substring(0, 8);
    }
}
