package dev.handover.capture.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart lines of PostgreSQL's {@code COPY} in text form: columns between tabs, {@code \N} for null, and a
 * backslash before what would be mistaken. One object serves all lines of a table, on one thread.
 */
final class CopyLine {
    private static final char DAMAGED = '\uFFFD';

    private final @Nullable String[] columns;
    private byte[] unescaped = new byte[256];

    CopyLine(int columns) {
        this.columns = new @Nullable String[columns];
    }

    /**
     * The columns of one line; the array is used again for the next.
     *
     * @throws IllegalArgumentException when it is no such line, or not UTF-8; the message holds no value
     */
    @Nullable String[] split(byte[] line) {
        int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
        int column = 0;
        int start = 0;
        for (int at = 0; at <= end; at++) {
            if (at == end || line[at] == '\t') {
                if (column == columns.length) {
                    throw new IllegalArgumentException("a line with too many columns");
                }
                columns[column++] = column(line, start, at);
                start = at + 1;
            }
        }
        if (column != columns.length) {
            throw new IllegalArgumentException("a line with too few columns");
        }
        return columns;
    }

    private @Nullable String column(byte[] line, int start, int end) {
        if (end - start == 2 && line[start] == '\\' && line[start + 1] == 'N') {
            return null;
        }
        if (unescaped.length < end - start) {
            unescaped = new byte[Math.max(end - start, unescaped.length * 2)];
        }
        int length = 0;
        for (int at = start; at < end; at++) {
            byte next = line[at];
            if (next == '\\' && at + 1 < end) {
                next = escaped(line[++at]);
            }
            unescaped[length++] = next;
        }
        return text(length);
    }

    private static byte escaped(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            default -> letter;
        };
    }

    private String text(int length) {
        String text = new String(unescaped, 0, length, StandardCharsets.UTF_8);
        // bytes that are no UTF-8 come from a database that does not know its encoding; never replace them silently
        if (text.indexOf(DAMAGED) >= 0
                && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), Arrays.copyOf(unescaped, length))) {
            throw new IllegalArgumentException("text that is not UTF-8");
        }
        return text;
    }
}
