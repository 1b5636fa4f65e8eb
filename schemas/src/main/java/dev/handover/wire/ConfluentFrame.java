package dev.handover.wire;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** Confluent's wire format: a zero byte, the schema's number in four bytes, big-endian, and the Avro binary. */
final class ConfluentFrame {
    static final int HEADER_BYTES = 5;
    private static final byte MAGIC = 0;

    private ConfluentFrame() {}

    /** The schema's number, or empty where the bytes are not so framed. */
    static OptionalInt schemaId(byte[] bytes) {
        return bytes.length < HEADER_BYTES || bytes[0] != MAGIC
                ? OptionalInt.empty()
                : OptionalInt.of(ByteBuffer.wrap(bytes, 1, 4).getInt());
    }

    static byte[] header(int schemaId) {
        byte[] header = new byte[HEADER_BYTES];
        header(schemaId, header);
        return header;
    }

    /** Writes the header in front of what is to follow it. */
    static void header(int schemaId, byte[] bytes) {
        ByteBuffer.wrap(bytes).put(MAGIC).putInt(schemaId);
    }
}
