package dev.handover.transform.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the parts of a state's bytes in order. */
final class StateWriter {
    private static final int INITIAL_BYTES = 160;
    private static final int NUMBER_BYTES_MAX = 10;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;

    StateWriter raw(byte value) {
        reserve(1);
        bytes[size++] = value;
        return this;
    }

    /** A number that is not negative, in seven bits a byte, the lowest first. */
    StateWriter number(long value) {
        reserve(NUMBER_BYTES_MAX);
        long rest = value;
        while (rest >= 0x80) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    StateWriter fixed(long value) {
        return fixed(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    /** Bytes whose number the reader knows. */
    StateWriter fixed(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    StateWriter bytes(byte[] value) {
        return number(value.length).fixed(value);
    }

    /** Text that came out of UTF-8, as everything from a topic has. */
    StateWriter text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
        }
    }
}
