package dev.handover.capture.load;

import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Temporal;
import dev.handover.row.Value;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Values from MariaDB's and MySQL's text form of them in a session with {@code time_zone='+00:00'}, and the expression
 * that prints a column in that form: a float by its full digits (it prints only six by itself), temporal values and
 * bits by the server, so that no driver interprets them.
 */
public final class MariaDbText {
    /** Stands for a cell whose bytes are no text; no column holds it, and {@link #parse} refuses it. */
    public static final String UNREADABLE = "\0handover: bytes that are not text in the column's character set";

    private MariaDbText() {}

    /**
     * What to select for a column of text whose character set has codes without a character: the server prints them as
     * question marks, so {@link #UNREADABLE} is selected where that makes more of them than there are.
     */
    static String guarded(String column) {
        String name = "`" + column.replace("`", "``") + "`";
        String bytes = "CAST(" + name + " AS BINARY)";
        String text = "CAST(CONVERT(" + name + " USING utf8mb4) AS BINARY)";
        return "IF(" + name + " IS NULL OR " + questions(bytes) + " = " + questions(text) + " AND LOCATE(x'EFBFBD', "
                + text + ") = 0, CONVERT(" + name + " USING utf8mb4), CONVERT(x'"
                + HexFormat.of().formatHex(UNREADABLE.getBytes(StandardCharsets.UTF_8)) + "' USING utf8mb4))";
    }

    private static String questions(String bytes) {
        return "LENGTH(" + bytes + ") - LENGTH(REPLACE(" + bytes + ", '?', ''))";
    }

    /** What to select for a column. */
    public static String expression(String column, ColumnType type) {
        String name = "`" + column.replace("`", "``") + "`";
        return switch (type.kind()) {
            case FLOAT32, FLOAT64 -> "CAST(" + name + " AS DOUBLE)";
            case BOOLEAN -> "CAST(" + name + " + 0 AS CHAR)";
            case BITS -> "LPAD(BIN(" + name + " + 0), " + type.length() + ", '0')";
            case TEXT, CHAR, JSON, JSONB, NATIVE, BYTES -> name;
            default -> "CAST(" + name + " AS CHAR)";
        };
    }

    /**
     * The value that MariaDB printed; bytes do not come as text.
     *
     * @throws IllegalArgumentException when the text is not of that kind; the message holds no value
     */
    public static Value parse(ColumnType type, String text) {
        if (text.equals(UNREADABLE)) {
            throw new IllegalArgumentException("bytes that are not text in the column's character set");
        }
        return switch (type.kind()) {
            case BOOLEAN -> bool(text);
            case INT16, INT32, INT64 -> integer(text);
            case UINT64, DECIMAL -> decimal(text);
            case FLOAT32, FLOAT64 -> real(text, type.kind());
            case TEXT, CHAR, JSON, BITS, DATE -> new Value.Text(text);
            case UUID -> new Value.Text(text.toLowerCase(java.util.Locale.ROOT));
            case TIMESTAMP -> Temporal.fractionTrimmed(text);
            case TIMESTAMPTZ -> new Value.Text(Temporal.fractionTrimmed(text).value() + "+00");
            case DURATION -> Temporal.duration(text);
            default -> throw new IllegalArgumentException("a value of kind " + type.kind());
        };
    }

    private static Value bool(String text) {
        return switch (text) {
            case "0" -> new Value.Bool(false);
            case "1" -> new Value.Bool(true);
            default -> throw new IllegalArgumentException("what is not a bit");
        };
    }

    private static Value integer(String text) {
        try {
            return new Value.Int(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("what is not a whole number of 64 bits");
        }
    }

    private static Value decimal(String text) {
        try {
            return Value.Decimal.parse(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("what is not a decimal number");
        }
    }

    private static Value real(String text, Kind kind) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("what is not a floating point number");
        }
        if (kind == Kind.FLOAT32 && (float) value != value) {
            throw new IllegalArgumentException("what is not a floating point number of 32 bits");
        }
        return new Value.Real(value);
    }
}
