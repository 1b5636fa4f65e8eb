package dev.handover.capture.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** From the bytes of a column's character set to text, as its server converts them. */
@FunctionalInterface
public interface TextDecoder {
    /**
     * The text of these bytes.
     *
     * @throws IllegalArgumentException when some of them are no text; the message holds no value
     */
    String decode(byte[] bytes);

    /**
     * The decoder of a character set of MariaDB that Java converts as the server does; nothing for all others, whose
     * names and tables merely resemble those of Java.
     *
     * @param name as the server writes it
     */
    static Optional<TextDecoder> exact(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "utf8mb4", "utf8mb3", "utf8" -> Optional.of(of(StandardCharsets.UTF_8));
            case "latin1" -> Optional.of(TextDecoder::latin1);
            // not Java's UTF-16, nor any of its UTF-32, which take a first U+FEFF for a mark of the order of bytes
            case "utf16", "ucs2" -> Optional.of(of(StandardCharsets.UTF_16BE));
            case "utf16le" -> Optional.of(of(StandardCharsets.UTF_16LE));
            case "utf32" -> Optional.of(TextDecoder::utf32);
            default -> Optional.empty();
        };
    }

    /** Java's own decoder, which refuses what it does not know. */
    static TextDecoder of(Charset charset) {
        return bytes -> {
            try {
                return charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("bytes that are not text in the column's character set");
            }
        };
    }

    /** The server's latin1 is Windows-1252, whose five holes are the control characters of the same number. */
    private static String latin1(byte[] bytes) {
        String decoded = new String(bytes, Latin1.WINDOWS_1252);
        if (decoded.indexOf('\uFFFD') < 0) {
            return decoded;
        }
        StringBuilder text = new StringBuilder(decoded);
        for (int i = 0; i < bytes.length; i++) {
            if (decoded.charAt(i) == '\uFFFD') {
                text.setCharAt(i, (char) (bytes[i] & 0xff));
            }
        }
        return text.toString();
    }

    private static String utf32(byte[] bytes) {
        if (bytes.length % Integer.BYTES != 0) {
            throw new IllegalArgumentException("bytes that are not text in the column's character set");
        }
        StringBuilder text = new StringBuilder(bytes.length / Integer.BYTES);
        ByteBuffer codes = ByteBuffer.wrap(bytes);
        while (codes.hasRemaining()) {
            int code = codes.getInt();
            if (!Character.isValidCodePoint(code)
                    || code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("bytes that are not text in the column's character set");
            }
            text.appendCodePoint(code);
        }
        return text.toString();
    }

    /** Holds a constant that an interface would show. */
    final class Latin1 {
        private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

        private Latin1() {}
    }
}
