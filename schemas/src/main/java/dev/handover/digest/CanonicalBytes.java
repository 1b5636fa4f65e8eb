package dev.handover.digest;

import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import javax.crypto.Mac;

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
    static final int INITIAL_BYTES = 512;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final TableSchema schema;
    // with their lengths before them, as they are written
    private final byte[] table;
    private final byte[][] names;
    private final int[] order;

    private CanonicalBytes(TableSchema schema, List<Column> encoded) {
        this.schema = schema;
        this.table = measured(schema.table().text());
        List<Integer> sorted = new ArrayList<>();
        for (Column column : encoded) {
            sorted.add(schema.ordinal(column.name()));
        }
        List<Column> columns = schema.columns();
        sorted.sort(Comparator.comparing(i -> columns.get(i).name()));
        this.order = sorted.stream().mapToInt(Integer::intValue).toArray();
        this.names = sorted.stream().map(i -> measured(columns.get(i).name())).toArray(byte[][]::new);
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
        Growing out = new Growing(INITIAL_BYTES);
        write(out, row);
        return out.bytes();
    }

    /** Writes a row behind what is there. @throws IllegalArgumentException as {@link #row} */
    void write(Growing out, Row row) {
        if (!row.schema().equals(schema)) {
            throw new IllegalArgumentException("row of " + row.schema().table() + " encoded as " + schema.table());
        }
        out.add(table);
        List<Cell> cells = row.cells();
        for (int i = 0; i < order.length; i++) {
            Cell cell = cells.get(order[i]);
            if (cell instanceof Value value) {
                out.add(names[i]);
                write(out, value);
            } else if (cell != Cell.NULL) {
                throw new IllegalArgumentException(
                        "column \"" + schema.columns().get(order[i]).name() + "\" of " + schema.table()
                                + " is unchanged, and so has no canonical bytes");
            }
        }
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
        if (value instanceof Value.Text text) {
            out.tagged(TAG_TEXT, utf8(text.value()));
        } else if (value instanceof Value.Int integer) {
            out.tagged(TAG_INT, integer.value());
        } else if (value instanceof Value.Decimal decimal) {
            out.tagged(TAG_DECIMAL, utf8(decimal.plain()));
        } else if (value instanceof Value.Bool bool) {
            out.tagged(TAG_BOOL, bool.value());
        } else if (value instanceof Value.Real real) {
            out.tagged(TAG_REAL, real.bits());
        } else if (value instanceof Value.Bytes bytes) {
            out.tagged(TAG_BYTES, bytes.value());
        }
    }

    private static byte[] measured(String text) {
        byte[] bytes = utf8(text);
        return ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A buffer that grows. Numbers are big-endian. */
    static final class Growing {
        /** A buffer of more is not kept for the next row. */
        private static final int KEPT_BYTES_MAX = 1 << 16;

        private byte[] buffer;
        private int size;

        Growing(int bytes) {
            buffer = new byte[bytes];
        }

        /** Empty again. */
        void clear() {
            size = 0;
            if (buffer.length > KEPT_BYTES_MAX) {
                buffer = new byte[INITIAL_BYTES];
            }
        }

        /** Tells a function what was written. */
        void into(Mac mac) {
            mac.update(buffer, 0, size);
        }

        void add(byte[] bytes) {
            reserve(bytes.length);
            bytes(bytes);
        }

        void tagged(byte tag, byte[] value) {
            reserve(1 + Integer.BYTES + value.length);
            buffer[size++] = tag;
            number(value.length);
            bytes(value);
        }

        void tagged(byte tag, long value) {
            reserve(1 + Integer.BYTES + Long.BYTES);
            buffer[size++] = tag;
            number(Long.BYTES);
            number(value);
        }

        void tagged(byte tag, boolean value) {
            reserve(1 + Integer.BYTES + 1);
            buffer[size++] = tag;
            number(1);
            buffer[size++] = (byte) (value ? 1 : 0);
        }

        byte[] bytes() {
            return Arrays.copyOf(buffer, size);
        }

        private void number(int value) {
            INTS.set(buffer, size, value);
            size += Integer.BYTES;
        }

        private void number(long value) {
            LONGS.set(buffer, size, value);
            size += Long.BYTES;
        }

        private void bytes(byte[] value) {
            System.arraycopy(value, 0, buffer, size, value.length);
            size += value.length;
        }

        private void reserve(int more) {
            if (buffer.length - size < more) {
                buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(size, more), buffer.length * 2));
            }
        }
    }
}
