package dev.handover.transform.state;

import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Row;
import dev.handover.row.Value;
import dev.handover.transform.state.Image.Kept;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which values PostgreSQL may store out of line (TOAST), and so may leave out of a later change of the row.
 *
 * <p>Looking at the size of the row would be cheaper and wrong: a value that was moved out while the row was large
 * stays out when other columns shrink, and a load sees only the small row. What never moves is a value that needs no
 * more bytes than the pointer that would replace it, aligned: {@value #POINTER_BYTES}
 * ({@code toast_tuple_find_biggest_attribute}). So a value is kept exactly when it might need more than that. The sizes
 * below are upper bounds of PostgreSQL's own form, with its header of 4 bytes.
 */
public final class OutOfLine {
    /** No value of so many bytes or fewer is ever stored out of line. */
    static final int POINTER_BYTES = 24;

    private static final int HEADER_BYTES = 4;

    private OutOfLine() {}

    /**
     * The cells to keep of a row.
     *
     * @param told the row as the log told it
     * @param completed the same with what was known filled in
     */
    public static Map<String, Kept> kept(Row told, Row completed) {
        List<Column> columns = completed.schema().columns();
        Map<String, Kept> kept = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (completed.cells().get(i) instanceof Value value
                    && (told.cells().get(i) == Cell.UNCHANGED || bytesMax(column, value) > POINTER_BYTES)) {
                kept.put(column.name(), new Kept(column.type().kind(), value));
            }
        }
        return kept;
    }

    private static int bytesMax(Column column, Value value) {
        return switch (column.type().kind()) {
            case BOOLEAN, INT16, INT32, INT64, UINT64, FLOAT32, FLOAT64 -> 0;
            case DATE, TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ, DURATION, INTERVAL, UUID -> 0;
            case TEXT, JSON -> HEADER_BYTES + utf8(value);
            case CHAR -> HEADER_BYTES + utf8(value) + column.type().length();
            case BYTES -> HEADER_BYTES + ((Value.Bytes) value).value().length;
            // Four digits take two bytes; a sign, a weight and a scale four more.
            case DECIMAL -> 2 * HEADER_BYTES + ((Value.Decimal) value).plain().length();
            case BITS, VARBITS -> 2 * HEADER_BYTES + utf8(value) / Byte.SIZE + 1;
            // No bound of the binary form follows from the text: {1} takes 28 bytes.
            case JSONB, NATIVE -> Integer.MAX_VALUE;
        };
    }

    private static int utf8(Value value) {
        String text = ((Value.Text) value).value();
        // Every char takes a byte or more, so that only short texts need to be counted.
        return text.length() > POINTER_BYTES * Byte.SIZE ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
