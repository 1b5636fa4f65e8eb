package dev.handover.sink.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import org.postgresql.copy.CopyIn;

/**
 * Lines of {@code COPY}'s text format as bytes, handed on in large pieces (PostgreSQL 17 documentation, "COPY", "Text
 * Format"). Used by one thread.
 */
final class CopyText {
    private static final int PIECE_BYTES = 1 << 16;

    private byte[] bytes = new byte[PIECE_BYTES + (PIECE_BYTES >> 2)];
    private int size;
    private boolean fresh = true;

    /** A column that needs no escapes, as it is. */
    CopyText plain(byte[] ascii) {
        separate();
        reserve(ascii.length);
        System.arraycopy(ascii, 0, bytes, size, ascii.length);
        size += ascii.length;
        return this;
    }

    CopyText number(long value) {
        return plain(Long.toString(value).getBytes(StandardCharsets.ISO_8859_1));
    }

    CopyText nothing() {
        separate();
        reserve(2);
        bytes[size++] = '\\';
        bytes[size++] = 'N';
        return this;
    }

    CopyText text(String text) {
        separate();
        int length = text.length();
        reserve(2 * length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                size += beyondAscii(text.substring(i));
                return this;
            }
            ascii(c);
        }
        return this;
    }

    private void ascii(char c) {
        char letter =
                switch (c) {
                    case '\\' -> '\\';
                    case '\t' -> 't';
                    case '\n' -> 'n';
                    case '\r' -> 'r';
                    default -> 0;
                };
        if (letter == 0) {
            bytes[size++] = (byte) c;
        } else {
            bytes[size++] = '\\';
            bytes[size++] = (byte) letter;
        }
    }

    /** Bytes of other characters are none of those that need escapes, so the text is encoded first. */
    private int beyondAscii(String rest) {
        int before = size;
        byte[] utf8 = rest.getBytes(StandardCharsets.UTF_8);
        reserve(2 * utf8.length);
        for (byte b : utf8) {
            if (b >= 0) {
                ascii((char) b);
            } else {
                bytes[size++] = b;
            }
        }
        int more = size - before;
        size = before;
        return more;
    }

    /** Ends the line. */
    void end(CopyIn copy) throws SQLException {
        reserve(1);
        bytes[size++] = '\n';
        fresh = true;
        if (size >= PIECE_BYTES) {
            flush(copy);
        }
    }

    /** Forgets what was not handed on. */
    void clear() {
        size = 0;
        fresh = true;
    }

    void flush(CopyIn copy) throws SQLException {
        if (size > 0) {
            copy.writeToCopy(bytes, 0, size);
            size = 0;
        }
    }

    private void separate() {
        if (fresh) {
            fresh = false;
        } else {
            reserve(1);
            bytes[size++] = '\t';
        }
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), Math.multiplyExact(bytes.length, 2)));
        }
    }
}
