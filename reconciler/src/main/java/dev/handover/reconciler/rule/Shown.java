package dev.handover.reconciler.rule;

import java.math.BigDecimal;

/** What of the databases a report shows. Codes and numbers, of the columns that a rule names; nothing like prose. */
public final class Shown {
    /** Characters of a code; what is longer is none. */
    private static final int CHARACTERS_MAX = 40;

    private static final String SIGNS = " ._-/+:()%<>=^*";

    private Shown() {}

    static String number(BigDecimal number) {
        return number.signum() == 0
                ? "0"
                : number.scale() > 0 ? number.stripTrailingZeros().toPlainString() : number.toPlainString();
    }

    /** A code with its letters, digits and common signs; anything longer than a code by its length alone. */
    public static String code(String text) {
        int characters = text.codePointCount(0, text.length());
        if (characters > CHARACTERS_MAX) {
            return "(text of " + characters + " characters)";
        }
        if (text.isBlank()) {
            return text.isEmpty() ? "(empty)" : "(" + characters + " blanks)";
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .forEach(point -> shown.appendCodePoint(
                        Character.isLetterOrDigit(point) || SIGNS.indexOf(point) >= 0 ? point : '?'));
        return shown.toString();
    }
}
