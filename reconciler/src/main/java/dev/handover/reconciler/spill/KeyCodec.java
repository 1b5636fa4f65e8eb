package dev.handover.reconciler.spill;

import dev.handover.row.RowKey;
import dev.handover.row.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keys as short bytes that can be read back, unlike their canonical bytes. */
public final class KeyCodec {
    private static final int BOOL = 0;
    private static final int INT = 1;
    private static final int DECIMAL = 2;
    private static final int REAL = 3;
    private static final int TEXT = 4;
    private static final int BYTES = 5;

    private KeyCodec() {}

    /** The bytes of a key. */
    public static byte[] encode(RowKey key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16);
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            for (Value value : key.values()) {
                write(out, value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The key that {@link #encode} gave these bytes for. */
    public static RowKey decode(byte[] bytes) {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        List<Value> values = new ArrayList<>();
        try {
            while (in.available() > 0) {
                values.add(read(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RowKey(values);
    }

    private static void write(DataOutputStream out, Value value) throws IOException {
        int tag = value.<Integer>fold(b -> BOOL, i -> INT, d -> DECIMAL, r -> REAL, t -> TEXT, b -> BYTES);
        out.writeByte(tag);
        switch (tag) {
            case BOOL -> out.writeBoolean(((Value.Bool) value).value());
            case INT -> out.writeLong(((Value.Int) value).value());
            case DECIMAL -> block(out, ((Value.Decimal) value).plain().getBytes(StandardCharsets.US_ASCII));
            case REAL -> out.writeLong(((Value.Real) value).bits());
            case TEXT -> text(out, ((Value.Text) value).value());
            default -> block(out, ((Value.Bytes) value).value());
        }
    }

    private static Value read(DataInputStream in) throws IOException {
        int tag = in.readUnsignedByte();
        return switch (tag) {
            case BOOL -> new Value.Bool(in.readBoolean());
            case INT -> new Value.Int(in.readLong());
            case DECIMAL -> new Value.Decimal(new String(block(in), StandardCharsets.US_ASCII));
            case REAL -> new Value.Real(Double.longBitsToDouble(in.readLong()));
            case TEXT -> new Value.Text(new String(block(in), StandardCharsets.UTF_16BE));
            case BYTES -> new Value.Bytes(block(in));
            default -> throw new IOException("not a key");
        };
    }

    /** UTF-16, because a lone surrogate has no UTF-8 form and must come back as it was. */
    private static void text(DataOutputStream out, String text) throws IOException {
        out.writeInt(2 * text.length());
        out.writeChars(text);
    }

    private static void block(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] block(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
