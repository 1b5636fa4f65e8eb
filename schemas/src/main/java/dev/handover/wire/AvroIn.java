package dev.handover.wire;

import dev.handover.wire.AvroBinary.UndecodableBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Reads one framed record in Avro's binary encoding, the counterpart of {@link AvroOut}. Whatever the bytes are, it
 * ends within them, or with {@link UndecodableBytes}. Not thread-safe.
 */
final class AvroIn {
    private final byte[] bytes;
    private final int schemaId;
    private int at = ConfluentFrame.HEADER_BYTES;

    /** @throws UndecodableBytes when they are not framed */
    AvroIn(byte[] bytes) throws UndecodableBytes {
        OptionalInt id = ConfluentFrame.schemaId(bytes);
        if (id.isEmpty()) {
            throw new UndecodableBytes("frame");
        }
        this.bytes = bytes;
        this.schemaId = id.getAsInt();
    }

    int schemaId() {
        return schemaId;
    }

    long number() throws UndecodableBytes {
        long zigzag = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = next();
            zigzag |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return zigzag >>> 1 ^ -(zigzag & 1);
            }
        }
        throw new UndecodableBytes("avro");
    }

    /** A number of 32 bits. */
    int integer() throws UndecodableBytes {
        long number = number();
        if (number != (int) number) {
            throw new UndecodableBytes("avro");
        }
        return (int) number;
    }

    /** One of so many branches or symbols. */
    int index(int of) throws UndecodableBytes {
        long index = number();
        if (index < 0 || index >= of) {
            throw new UndecodableBytes("avro");
        }
        return (int) index;
    }

    boolean bool() throws UndecodableBytes {
        return switch (next()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new UndecodableBytes("avro");
        };
    }

    double real() throws UndecodableBytes {
        long bits = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bits |= (next() & 0xFFL) << shift;
        }
        return Double.longBitsToDouble(bits);
    }

    String text() throws UndecodableBytes {
        int length = length();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    byte[] bytes() throws UndecodableBytes {
        int length = length();
        byte[] value = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return value;
    }

    /** Whether these bytes come next; only then they are passed. */
    boolean skips(byte[] value) throws UndecodableBytes {
        int before = at;
        int length = length();
        if (length == value.length && Arrays.equals(bytes, at, at + length, value, 0, length)) {
            at += length;
            return true;
        }
        at = before;
        return false;
    }

    /**
     * The number of entries in the next block of a map or an array; none at its end. A block whose count is negative
     * names its size too.
     */
    int block() throws UndecodableBytes {
        long count = number();
        if (count < 0) {
            number();
            count = -count;
        }
        // an entry has at least one byte
        if (count < 0 || count > bytes.length) {
            throw new UndecodableBytes("avro");
        }
        return (int) count;
    }

    /** @throws UndecodableBytes when the record was read, and bytes are left */
    void end() throws UndecodableBytes {
        if (at != bytes.length) {
            throw new UndecodableBytes("length");
        }
    }

    private int length() throws UndecodableBytes {
        long length = number();
        if (length < 0 || length > bytes.length - at) {
            throw new UndecodableBytes("avro");
        }
        return (int) length;
    }

    private byte next() throws UndecodableBytes {
        if (at == bytes.length) {
            throw new UndecodableBytes("avro");
        }
        return bytes[at++];
    }
}
