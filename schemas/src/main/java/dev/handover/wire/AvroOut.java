package dev.handover.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One framed record in Avro's binary encoding (Apache Avro specification 1.12, "Binary Encoding"), field after field in
 * the order of its schema. Written by hand and not through Avro's generic records, which cost several times what the
 * bytes do; that any Avro reader reads them is tested. Not thread-safe.
 */
final class AvroOut {
    private static final int VALUE_BYTES = 448;
    private static final int KEY_BYTES = 64;

    private byte[] bytes;
    private int size = ConfluentFrame.HEADER_BYTES;

    private AvroOut(int schemaId, int room) {
        bytes = new byte[room];
        ConfluentFrame.header(schemaId, bytes);
    }

    /** A record with room for what a value usually needs. */
    static AvroOut value(int schemaId) {
        return new AvroOut(schemaId, VALUE_BYTES);
    }

    /** A record with room for what a key usually needs. */
    static AvroOut key(int schemaId) {
        return new AvroOut(schemaId, KEY_BYTES);
    }

    /** An int or long: the zigzag of the number, seven bits a byte. Also the index of a union's branch or a symbol. */
    AvroOut number(long number) {
        reserve(10);
        long rest = number << 1 ^ number >> 63;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    AvroOut bool(boolean value) {
        reserve(1);
        bytes[size++] = (byte) (value ? 1 : 0);
        return this;
    }

    /** The eight bytes of the number, little-endian. */
    AvroOut real(double value) {
        reserve(Long.BYTES);
        long bits = Double.doubleToLongBits(value);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes[size++] = (byte) (bits >>> shift);
        }
        return this;
    }

    AvroOut text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    AvroOut bytes(byte[] value) {
        number(value.length);
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
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
