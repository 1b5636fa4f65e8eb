package dev.handover.change;

import java.util.Locale;
import java.util.Objects;

/**
 * Something that the mapping did not understand in a row that it let pass, or that changed the meaning of a value.
 *
 * @param column the target column; for {@link Kind#UNREAD} the source column
 * @param example the shape of the value, as {@link #mask(String)} tells it; never the value
 */
public record Finding(String column, Kind kind, String example) {
    private static final int EXAMPLE_CHARACTERS_MAX = 24;

    public Finding {
        Objects.requireNonNull(column, "column");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(example, "example");
    }

    /** What was found. */
    public enum Kind {
        /** A source column that no target column reads holds a value. */
        UNREAD,
        /** A value that stands for "unknown", "never" or the like was replaced. */
        SENTINEL,
        /** A code that the map does not hold. */
        UNMAPPED,
        /** A code of which the map says that it has no equivalent. */
        NO_MAP,
        /** The equivalent of a code is wider, narrower or inexact. */
        APPROXIMATE,
        /** A code has several equivalents. */
        ONE_TO_MANY,
        /** A unit that the map does not hold and that is no UCUM code of the expected dimension. */
        UNKNOWN_UNIT,
        /** A value that an operation could not take, and that the policy let pass. */
        INVALID,
        /** A value that is not among those that the column was known to hold. */
        UNSEEN_VALUE,
        /** A value was cut as the mapping says. */
        TRUNCATED,
        /** A value was read in the second character set, because the first could not be. */
        FALLBACK;

        /** Lower case with hyphens, as people and labels write it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** A finding about a value. */
    public static Finding of(String column, Kind kind, String value) {
        return new Finding(column, kind, mask(value));
    }

    /**
     * The shape of a text: {@code A} for a capital letter, {@code a} for another letter, {@code 9} for a digit, a space
     * for white space, and punctuation as it is; at most 24 characters, then an ellipsis and the number of characters.
     */
    public static String mask(String text) {
        int end = Math.min(text.length(), EXAMPLE_CHARACTERS_MAX);
        StringBuilder shape = new StringBuilder(end + 8);
        for (int i = 0; i < end; i++) {
            shape.append(mask(text.charAt(i)));
        }
        if (text.length() > end) {
            shape.append("… ").append(text.length());
        }
        return shape.toString();
    }

    private static char mask(char c) {
        if (Character.isDigit(c)) {
            return '9';
        }
        if (Character.isUpperCase(c)) {
            return 'A';
        }
        if (Character.isLetter(c) || Character.isSurrogate(c)) {
            return 'a';
        }
        if (Character.isWhitespace(c)) {
            return ' ';
        }
        return c > ' ' && c < 0x7f ? c : '?';
    }
}
