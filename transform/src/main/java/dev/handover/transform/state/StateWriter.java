package dev.handover.transform.state;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes the parts of a state's bytes in order. */
final class StateWriter {
    private static final int INITIAL_BYTES = 160;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(INITIAL_BYTES);

    StateWriter raw(byte value) {
        out.write(value);
        return this;
    }

    /** A number that is not negative, in seven bits a byte, the lowest first. */
    StateWriter number(long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    StateWriter fixed(long value) {
        return fixed(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    /** Bytes whose number the reader knows. */
    StateWriter fixed(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    StateWriter bytes(byte[] bytes) {
        return number(bytes.length).fixed(bytes);
    }

    /** Text that came out of UTF-8, as everything from a topic has. */
    StateWriter text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
