package dev.handover.mapping.operation;

import dev.handover.row.CanonicalText;
import dev.handover.row.ColumnType;
import dev.handover.row.Value;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.UUID;
import java.util.regex.Pattern;

/** Values that a mapping spells out for a column, in canonical form. */
final class Literals {
    private static final Pattern BITS = Pattern.compile("[01]*");
    private static final Pattern INTERVAL = Pattern.compile("-?\\d+ mons -?\\d+ days -?\\d+ us");

    private Literals() {}

    /**
     * The canonical text of a value that a column of that type may hold at its source, a zero date included; a number
     * gets the column's scale.
     *
     * @throws IllegalArgumentException when it can hold no such value; names types only
     */
    static String canonical(ColumnType type, String text) {
        if (CanonicalText.isText(type.kind())) {
            return text;
        }
        try {
            Value value = CanonicalText.parse(type, text);
            if (value instanceof Value.Decimal number && isScaled(type) && isFinite(number)) {
                return new BigDecimal(number.plain()).setScale(type.scale()).toPlainString();
            }
            return CanonicalText.of(value);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException("a value that is spelled out is no " + type.name());
        }
    }

    /**
     * The value of that text in a target column of that type.
     *
     * @throws IllegalArgumentException when a target column cannot hold it; names types only
     */
    static Value target(ColumnType type, String text) {
        try {
            if (!holds(type, text)) {
                throw new IllegalArgumentException("out of range");
            }
            return CanonicalText.parse(type, canonical(type, text));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("a value that is spelled out is no " + type.name());
        }
    }

    private static boolean holds(ColumnType type, String text) {
        return switch (type.kind()) {
            case INT16 -> isBetween(Short.MIN_VALUE, Long.parseLong(text), Short.MAX_VALUE);
            case INT32 -> isBetween(Integer.MIN_VALUE, Long.parseLong(text), Integer.MAX_VALUE);
            case UINT64 -> new BigDecimal(text).signum() >= 0;
            case DECIMAL -> !isScaled(type) || fits(new BigDecimal(text), type);
            case TEXT, CHAR ->
                type.length() == ColumnType.UNLIMITED || text.codePointCount(0, text.length()) <= type.length();
            case BITS, VARBITS -> BITS.matcher(text).matches();
            case DATE ->
                LocalTimes.isInfinite(text) || isYear(LocalDate.parse(text).getYear());
            case TIME ->
                text.equals("24:00:00") || isBetween(0, LocalTime.parse(text).getHour(), 23);
            case TIMESTAMP ->
                LocalTimes.isInfinite(text) || isYear(LocalTimes.parse(text).getYear());
            case TIMESTAMPTZ ->
                LocalTimes.isInfinite(text)
                        || text.endsWith("+00")
                                && isYear(LocalTimes.parse(text.substring(0, text.length() - 3))
                                        .getYear());
            case INTERVAL -> INTERVAL.matcher(text).matches();
            case UUID -> UUID.fromString(text).toString().equals(text);
            default -> true;
        };
    }

    private static boolean isScaled(ColumnType type) {
        return type.length() != ColumnType.UNLIMITED;
    }

    private static boolean isFinite(Value.Decimal number) {
        return Character.isDigit(number.plain().charAt(number.plain().length() - 1));
    }

    private static boolean fits(BigDecimal number, ColumnType type) {
        return number.setScale(type.scale()).precision() <= type.length();
    }

    private static boolean isYear(int year) {
        return isBetween(1, year, 9999);
    }

    private static boolean isBetween(long first, long number, long last) {
        return number >= first && number <= last;
    }
}
