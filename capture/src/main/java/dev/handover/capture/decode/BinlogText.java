package dev.handover.capture.decode;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a cell of a binlog to the text that the server prints of it; bytes become {@code \x} and hexadecimal digits.
 * Messages of exceptions hold no value.
 */
public final class BinlogText {
    private static final int UUID_BYTES = 16;
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private final String type;
    private final int length;
    private final Optional<Charset> charset;
    private final List<String> labels;

    /**
     * @param type the type's words, {@code INT UNSIGNED}
     * @param length as declared; negative where there is none
     * @param charset of text; empty where it is not known, and then only ASCII is taken
     * @param labels of an enum or set
     */
    public BinlogText(String type, int length, Optional<Charset> charset, List<String> labels) {
        this.type = type.toUpperCase(Locale.ROOT);
        this.length = length;
        this.charset = charset;
        this.labels = List.copyOf(labels);
    }

    /** The Java character set of the server's; none for {@code binary}, whose text is bytes. */
    public static Optional<Charset> charset(String name, @Nullable String java) {
        if (name.equalsIgnoreCase("binary")) {
            return Optional.empty();
        }
        if (name.equalsIgnoreCase("utf8mb4") || name.equalsIgnoreCase("utf8mb3") || name.equalsIgnoreCase("utf8")) {
            return Optional.of(StandardCharsets.UTF_8);
        }
        if (java == null) {
            throw new IllegalArgumentException("the character set " + name + " is not known");
        }
        return Optional.of(Charset.forName(java));
    }

    /**
     * The text of a cell; null for null.
     *
     * @throws IllegalArgumentException when the cell is not of the type
     */
    public @Nullable Object of(@Nullable Object cell) {
        if (cell == null) {
            return null;
        }
        if (cell instanceof String text) {
            return text;
        }
        if (cell instanceof byte[] bytes) {
            return bytes(bytes);
        }
        if (cell instanceof BitSet bits) {
            return bits(bits);
        }
        if (cell instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (cell instanceof Float number) {
            return Double.toString(number);
        }
        if (cell instanceof Double number) {
            return Double.toString(number);
        }
        if (cell instanceof Integer || cell instanceof Long) {
            return whole(((Number) cell).longValue());
        }
        throw new IllegalArgumentException(
                "a cell of type " + type + " came as " + cell.getClass().getSimpleName());
    }

    private String whole(long number) {
        if (type.startsWith("ENUM")) {
            return label(number);
        }
        if (type.startsWith("SET")) {
            return labels(number);
        }
        if (!type.contains("UNSIGNED") && !type.contains("ZEROFILL") && !type.startsWith("SERIAL")) {
            return Long.toString(number);
        }
        if (type.startsWith("TINYINT") || type.startsWith("INT1")) {
            return Long.toString(number & 0xffL);
        }
        if (type.startsWith("SMALLINT") || type.startsWith("INT2")) {
            return Long.toString(number & 0xffffL);
        }
        if (type.startsWith("MEDIUMINT") || type.startsWith("INT3") || type.startsWith("MIDDLEINT")) {
            return Long.toString(number & 0xffffffL);
        }
        if (type.startsWith("BIGINT") || type.startsWith("INT8") || type.startsWith("SERIAL")) {
            return Long.toUnsignedString(number);
        }
        if (type.startsWith("INT")) {
            return Long.toString(number & 0xffffffffL);
        }
        throw new IllegalArgumentException("a whole number of type " + type);
    }

    /** Index 0 is the empty text that stands for a label that was refused. */
    private String label(long index) {
        if (index == 0) {
            return "";
        }
        if (index < 0 || index > labels.size()) {
            throw new IllegalArgumentException("an enum without such a label");
        }
        return labels.get((int) index - 1);
    }

    private String labels(long chosen) {
        StringBuilder text = new StringBuilder();
        long rest = chosen;
        for (int i = 0; i < labels.size() && rest != 0; i++) {
            long bit = 1L << i;
            if ((rest & bit) != 0) {
                text.append(text.isEmpty() ? "" : ",").append(labels.get(i));
                rest &= ~bit;
            }
        }
        if (rest != 0) {
            throw new IllegalArgumentException("a set without such a label");
        }
        return text.toString();
    }

    private String bits(BitSet bits) {
        int width = Math.max(length, 1);
        StringBuilder text = new StringBuilder(width);
        for (int i = width - 1; i >= 0; i--) {
            text.append(bits.get(i) ? '1' : '0');
        }
        return text.toString();
    }

    private String bytes(byte[] bytes) {
        if (type.startsWith("UUID")) {
            return uuid(Arrays.copyOf(bytes, UUID_BYTES));
        }
        if (type.startsWith("BINARY")) {
            // The log leaves out the zeros that pad it.
            return hexadecimal(length > bytes.length ? Arrays.copyOf(bytes, length) : bytes);
        }
        if (type.contains("BINARY") && !type.startsWith("CHAR") && !type.startsWith("VARCHAR")
                || type.contains("BLOB")) {
            return hexadecimal(bytes);
        }
        if (charset.filter(WINDOWS_1252::equals).isPresent()) {
            return latin1(bytes);
        }
        try {
            return charset.orElse(type.startsWith("JSON") ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII)
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("bytes that are not text in the column's character set");
        }
    }

    /** The server's latin1 is Windows-1252, whose five holes are the control characters of the same number. */
    private static String latin1(byte[] bytes) {
        String decoded = new String(bytes, WINDOWS_1252);
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

    private static String hexadecimal(byte[] bytes) {
        return "\\x" + HexFormat.of().formatHex(bytes);
    }

    private static String uuid(byte[] bytes) {
        String hex = HexFormat.of().formatHex(bytes);
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }
}
