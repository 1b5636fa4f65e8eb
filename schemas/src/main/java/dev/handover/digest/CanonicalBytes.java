package dev.handover.digest;

import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes rows and keys as typed tag-length-value bytes: the one encoding that both ends are compared in.
 *
 * <p>A row is the table's name, then its columns sorted by name, each as name, tag and value, so that the order of
 * columns in a database does not matter and no two rows share an encoding. A null is left out, so that a row says the
 * same before and after its table got a column that holds nothing yet. A key is its values in key order, without names,
 * so that it stays the same where a column is only renamed. An unchanged cell has no encoding: it must be completed
 * first.
 */
public final class CanonicalBytes {
    private static final byte TAG_BOOL = 1;
    private static final byte TAG_INT = 2;
    private static final byte TAG_DECIMAL = 3;
    private static final byte TAG_REAL = 4;
    private static final byte TAG_TEXT = 5;
    private static final byte TAG_BYTES = 6;
    private static final int INITIAL_BYTES = 512;

    private final TableSchema schema;
    private final byte[] table;
    private final byte[][] names;
    private final int[] order;

    private CanonicalBytes(TableSchema schema, List<Column> encoded) {
        this.schema = schema;
        this.table = utf8(schema.table().text());
        List<Integer> sorted = new ArrayList<>();
        for (Column column : encoded) {
            sorted.add(schema.ordinal(column.name()));
        }
        List<Column> columns = schema.columns();
        sorted.sort(Comparator.comparing(i -> columns.get(i).name()));
        this.order = sorted.stream().mapToInt(Integer::intValue).toArray();
        this.names = sorted.stream().map(i -> utf8(columns.get(i).name())).toArray(byte[][]::new);
    }

    /** An encoder of the rows of one schema; immutable. */
    public static CanonicalBytes of(TableSchema schema) {
        return new CanonicalBytes(schema, schema.columns());
    }

    /** An encoder of what the rows of one schema hold, without what {@link dev.handover.row.Keyless} adds. */
    static CanonicalBytes ofContent(TableSchema schema) {
        return new CanonicalBytes(schema, schema.content());
    }

    /** @throws IllegalArgumentException when a cell is unchanged, or the row is of another schema */
    public byte[] row(Row row) {
        if (!row.schema().equals(schema)) {
            throw new IllegalArgumentException("row of " + row.schema().table() + " encoded as " + schema.table());
        }
        Growing out = new Growing(INITIAL_BYTES);
        out.text(table);
        for (int i = 0; i < order.length; i++) {
            Cell cell = row.cells().get(order[i]);
            if (cell instanceof Value value) {
                out.text(names[i]);
                write(out, value);
            } else if (cell != Cell.NULL) {
                throw new IllegalArgumentException(
                        "column \"" + schema.columns().get(order[i]).name() + "\" of " + schema.table()
                                + " is unchanged, and so has no canonical bytes");
            }
        }
        return out.bytes();
    }

    /** The canonical bytes of a key. */
    public static byte[] key(RowKey key) {
        Growing out = new Growing(64);
        for (Value value : key.values()) {
            write(out, value);
        }
        return out.bytes();
    }

    private static void write(Growing out, Value value) {
        value.<Boolean>fold(
                bool -> out.tagged(TAG_BOOL, new byte[] {(byte) (bool.value() ? 1 : 0)}),
                integer -> out.tagged(TAG_INT, integer.value()),
                decimal -> out.tagged(TAG_DECIMAL, decimal.plain().getBytes(StandardCharsets.US_ASCII)),
                real -> out.tagged(TAG_REAL, real.bits()),
                text -> out.tagged(TAG_TEXT, utf8(text.value())),
                bytes -> out.tagged(TAG_BYTES, bytes.value()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A buffer that grows; every write answers true so that it fits a fold. */
    private static final class Growing {
        private ByteBuffer buffer;

        Growing(int bytes) {
            buffer = ByteBuffer.allocate(bytes);
        }

        void text(byte[] text) {
            room(4 + text.length).putInt(text.length).put(text);
        }

        boolean tagged(byte tag, byte[] value) {
            room(5 + value.length).put(tag).putInt(value.length).put(value);
            return true;
        }

        boolean tagged(byte tag, long value) {
            room(13).put(tag).putInt(Long.BYTES).putLong(value);
            return true;
        }

        byte[] bytes() {
            byte[] out = new byte[buffer.position()];
            buffer.flip().get(out);
            return out;
        }

        private ByteBuffer room(int bytes) {
            if (buffer.remaining() < bytes) {
                int capacity = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
                buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
            }
            return buffer;
        }
    }
}
