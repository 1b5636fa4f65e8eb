package dev.handover.mapping.operation;

import java.util.Objects;
import java.util.Optional;

/**
 * How numbers are written: an optional sign, digits, perhaps in groups of three, and a fraction. No exponent, no blank,
 * no digits but ASCII's.
 *
 * @param grouping the character between groups of three digits, or empty; groups are all there or all missing
 * @param point the character before the fraction
 */
public record NumberForm(String grouping, String point) {
    /** {@code -1234.50}. */
    public static final NumberForm PLAIN = new NumberForm("", ".");

    /** More is no number that anybody wrote. */
    static final int CHARACTERS_MAX = 1_000;

    public NumberForm {
        Objects.requireNonNull(grouping, "grouping");
        Objects.requireNonNull(point, "point");
        if (point.length() != 1 || grouping.length() > 1 || grouping.equals(point)) {
            throw new IllegalArgumentException("grouping and point are one character each, and differ");
        }
        if (isPart(point.charAt(0)) || !grouping.isEmpty() && isPart(grouping.charAt(0))) {
            throw new IllegalArgumentException("a digit or sign cannot separate digits");
        }
    }

    private static boolean isPart(char c) {
        return isDigit(c) || c == '-' || c == '+';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The number with a full stop as its point and without groups or plus sign; empty when the text is none. */
    Optional<String> plain(String text) {
        int length = text.length();
        if (length == 0 || length > CHARACTERS_MAX) {
            return Optional.empty();
        }
        StringBuilder plain = new StringBuilder(length);
        int at = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        if (text.charAt(0) == '-') {
            plain.append('-');
        }
        int digits = 0;
        int group = 0;
        boolean grouped = false;
        for (; at < length && text.charAt(at) != point.charAt(0); at++) {
            char c = text.charAt(at);
            if (isDigit(c)) {
                plain.append(c);
                digits++;
                group++;
            } else if (grouping.indexOf(c) >= 0 && (grouped ? group == 3 : group >= 1 && group <= 3)) {
                grouped = true;
                group = 0;
            } else {
                return Optional.empty();
            }
        }
        if (grouped && group != 3) {
            return Optional.empty();
        }
        if (at == length) {
            return digits == 0 ? Optional.empty() : Optional.of(plain.toString());
        }
        plain.append(digits == 0 ? "0." : ".");
        int fraction = ++at;
        for (; at < length && isDigit(text.charAt(at)); at++) {
            plain.append(text.charAt(at));
        }
        return at < length || at == fraction ? Optional.empty() : Optional.of(plain.toString());
    }

    /** How a number in plain digits is written. */
    String format(String plain) {
        int start = plain.startsWith("-") ? 1 : 0;
        int full = plain.indexOf('.') < 0 ? plain.length() : plain.indexOf('.');
        StringBuilder text = new StringBuilder(plain.substring(0, start));
        for (int i = start; i < full; i++) {
            text.append(i > start && (full - i) % 3 == 0 ? grouping : "").append(plain.charAt(i));
        }
        if (full < plain.length()) {
            text.append(point).append(plain, full + 1, plain.length());
        }
        return text.toString();
    }
}
