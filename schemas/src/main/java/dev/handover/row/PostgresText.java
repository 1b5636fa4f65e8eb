package dev.handover.row;

import java.util.HexFormat;

/**
 * Between values and PostgreSQL's text form of them, under the session settings {@code DateStyle=ISO},
 * {@code TimeZone=UTC}, {@code IntervalStyle=iso_8601}, {@code extra_float_digits=1} or more and
 * {@code bytea_output=hex}.
 */
public final class PostgresText {
    private PostgresText() {}

    /**
     * The value that PostgreSQL printed.
     *
     * @throws IllegalArgumentException when the text is not of that kind; the message holds no value
     */
    public static Value parse(ColumnType type, String text) {
        return switch (type.kind()) {
            case BOOLEAN -> new Value.Bool(bool(text));
            case INT16, INT32, INT64 -> new Value.Int(integer(text));
            case UINT64, DECIMAL -> decimal(text);
            case FLOAT32 -> new Value.Real(real(text, true));
            case FLOAT64 -> new Value.Real(real(text, false));
            case TEXT, JSON, JSONB, NATIVE, UUID, BITS, VARBITS -> new Value.Text(text);
            case CHAR -> new Value.Text(withoutPadding(text));
            case BYTES -> bytes(text);
            case DATE -> new Value.Text(text);
            case TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ -> Temporal.fractionTrimmed(text);
            case DURATION -> Temporal.duration(text);
            case INTERVAL -> Temporal.interval(text);
        };
    }

    /** The text that PostgreSQL reads as this value, in COPY (before its escapes) and in casts. */
    public static String format(Value value) {
        return value.fold(
                bool -> bool.value() ? "t" : "f",
                integer -> Long.toString(integer.value()),
                Value.Decimal::plain,
                real -> real(real.value()),
                Value.Text::value,
                bytes -> "\\x" + HexFormat.of().formatHex(bytes.value()));
    }

    /** {@code char(n)} without the blanks that pad it. */
    public static String withoutPadding(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private static String real(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        return Double.toString(value);
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "t", "true" -> true;
            case "f", "false" -> false;
            default -> throw new IllegalArgumentException("not a boolean");
        };
    }

    private static long integer(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a whole number of 64 bits");
        }
    }

    private static Value.Decimal decimal(String text) {
        try {
            return Value.Decimal.parse(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a decimal number");
        }
    }

    private static double real(String text, boolean narrow) {
        try {
            return narrow ? Float.parseFloat(text) : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a floating point number");
        }
    }

    private static Value.Bytes bytes(String text) {
        if (!text.startsWith("\\x")) {
            throw new IllegalArgumentException("not bytes in hexadecimal: set bytea_output = hex");
        }
        try {
            return new Value.Bytes(HexFormat.of().parseHex(text, 2, text.length()));
        } catch (IllegalArgumentException e) {
            // Java's own exception would quote the characters.
            throw new IllegalArgumentException("not bytes in hexadecimal");
        }
    }
}
