package dev.handover.drift;

import dev.handover.row.ColumnType;
import dev.handover.row.Kind;

/**
 * A column's type beside the type that it had. What counts is whether every value keeps its canonical form: a number
 * that is printed with more digits than before is another text, and so another fingerprint.
 */
public enum TypeFit {
    /** Values travel alike. */
    SAME,
    /** Holds every value of the type before it, in the same form. */
    WIDER,
    /** Every value of it is one of the type before it, and the change left those that there were as they were. */
    NARROWER,
    /** None of these. */
    OTHER;

    private static final int FRACTION_MAX = 6;
    private static final int UINT64_DIGITS = 20;

    /** How {@code now} fits where {@code before} was. */
    public static TypeFit of(ColumnType before, ColumnType now) {
        if (alike(before, now)) {
            return SAME;
        }
        if (holds(now, before)) {
            return WIDER;
        }
        return holds(before, now) && !rewrites(before, now) ? NARROWER : OTHER;
    }

    private static boolean alike(ColumnType one, ColumnType other) {
        return one.kind() == other.kind()
                && length(one) == length(other)
                && one.scale() == other.scale()
                && (one.kind() != Kind.NATIVE || one.name().equals(other.name()));
    }

    /** Digits of fraction where none are declared are all there are; for others, the length as it is. */
    private static int length(ColumnType type) {
        return switch (type.kind()) {
            case TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ -> type.length() < 0 ? FRACTION_MAX : type.length();
            default -> type.length();
        };
    }

    private static boolean holds(ColumnType wide, ColumnType narrow) {
        return switch (wide.kind()) {
            case INT16, INT32, INT64 -> bits(narrow) > 0 && bits(narrow) <= bits(wide);
            case FLOAT64 -> narrow.kind() == Kind.FLOAT32;
            case DECIMAL -> holdsDecimal(wide, narrow);
            case TEXT -> (narrow.kind() == Kind.TEXT || narrow.kind() == Kind.CHAR) && longer(wide, narrow);
            case CHAR, TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ, DURATION ->
                narrow.kind() == wide.kind() && length(wide) >= length(narrow);
            case VARBITS -> (narrow.kind() == Kind.VARBITS || narrow.kind() == Kind.BITS) && longer(wide, narrow);
            default -> false;
        };
    }

    private static int bits(ColumnType type) {
        return switch (type.kind()) {
            case INT16 -> 16;
            case INT32 -> 32;
            case INT64 -> 64;
            default -> 0;
        };
    }

    /** A declared scale writes every number with as many digits, so that it must stay what it was. */
    private static boolean holdsDecimal(ColumnType wide, ColumnType narrow) {
        boolean limited = wide.length() != ColumnType.UNLIMITED;
        return switch (narrow.kind()) {
            case DECIMAL ->
                !limited
                        || narrow.length() != ColumnType.UNLIMITED
                                && wide.scale() == narrow.scale()
                                && wide.length() >= narrow.length();
            case UINT64 -> !limited || wide.scale() == 0 && wide.length() >= UINT64_DIGITS;
            default -> false;
        };
    }

    private static boolean longer(ColumnType wide, ColumnType narrow) {
        return wide.length() == ColumnType.UNLIMITED
                || narrow.length() != ColumnType.UNLIMITED && wide.length() >= narrow.length();
    }

    /** Whether the source rounded, cut or padded what was there, which no log tells. */
    private static boolean rewrites(ColumnType before, ColumnType now) {
        return switch (now.kind()) {
            case INT16, INT32, INT64, TEXT, VARBITS -> false;
            case DECIMAL -> before.length() == ColumnType.UNLIMITED;
            default -> true;
        };
    }
}
