package dev.handover.transform.state;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads what {@link StateWriter} wrote; damaged bytes end in an {@link IllegalArgumentException}. */
final class StateReader {
    private final ByteBuffer in;

    StateReader(ByteBuffer in) {
        this.in = in;
    }

    void expectVersion(byte version) {
        byte found = raw();
        if (found != version) {
            throw new IllegalArgumentException("state of version " + found + ", and only " + version + " is known");
        }
    }

    void expectEnd() {
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("state with " + in.remaining() + " bytes too many");
        }
    }

    byte raw() {
        try {
            return in.get();
        } catch (BufferUnderflowException e) {
            throw truncated();
        }
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = raw();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("state with a number of more than 64 bits");
    }

    long fixedLong() {
        return ByteBuffer.wrap(fixed(Long.BYTES)).getLong();
    }

    byte[] fixed(int length) {
        if (length < 0 || length > in.remaining()) {
            throw truncated();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    byte[] bytes() {
        long length = number();
        if (length > in.remaining()) {
            throw truncated();
        }
        return fixed((int) length);
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException truncated() {
        return new IllegalArgumentException("state with bytes missing");
    }
}
