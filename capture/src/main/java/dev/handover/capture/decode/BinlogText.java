package dev.handover.capture.decode;

import dev.handover.capture.text.TextDecoder;
import java.math.BigDecimal;
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
    private static final TextDecoder UTF_8 = TextDecoder.of(StandardCharsets.UTF_8);
    private static final TextDecoder ASCII = TextDecoder.of(StandardCharsets.US_ASCII);

    private final String type;
    private final int length;
    private final Optional<TextDecoder> text;
    private final List<String> labels;

    /**
     * @param type the type's words, {@code INT UNSIGNED}
     * @param length as declared; negative where there is none
     * @param text decodes text; empty where the character set is not known, and then only ASCII is taken
     * @param labels of an enum or set
     */
    public BinlogText(String type, int length, Optional<TextDecoder> text, List<String> labels) {
        this.type = type.toUpperCase(Locale.ROOT);
        this.length = length;
        this.text = text;
        this.labels = List.copyOf(labels);
    }

    /** The labels that these literals of SQL write. @throws IllegalArgumentException when one is not in quotes */
    public static List<String> labels(List<String> literals) {
        return literals.stream().map(BinlogText::unquoted).toList();
    }

    private static String unquoted(String literal) {
        String trimmed = literal.strip();
        char quote = trimmed.isEmpty() ? ' ' : trimmed.charAt(0);
        if (quote != '\'' && quote != '"' || trimmed.length() < 2 || trimmed.charAt(trimmed.length() - 1) != quote) {
            throw new IllegalArgumentException("a label that is not in quotes");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < trimmed.length() - 1; i++) {
            char c = trimmed.charAt(i);
            if (c == quote) {
                // A quote inside is written twice.
                i++;
                text.append(c);
            } else if (c == '\\') {
                i++;
                text.append(escaped(trimmed.charAt(i)));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static char escaped(char letter) {
        return switch (letter) {
            case '0' -> '\0';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'Z' -> '\u001a';
            default -> letter;
        };
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
        return text.orElse(type.startsWith("JSON") ? UTF_8 : ASCII).decode(bytes);
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
