package dev.handover.mapping.cel;

import dev.cel.common.types.OpaqueType;
import java.math.BigDecimal;

/**
 * A decimal in CEL. Two are equal when they are the same number: {@code 2.0} and {@code 2} are, as they are not as
 * values of a column, where digits carry meaning. Prints its type only.
 */
record ExactDecimal(BigDecimal number) {
    /** Its type in CEL, {@code decimal}. */
    static final OpaqueType TYPE = OpaqueType.create("decimal");

    /** More digits are no measurement, and an exponent could make a text of any length. */
    static final int DIGITS_MAX = 1_000;

    /** @throws NumberFormatException when the text is none; the message holds no value */
    static ExactDecimal parse(String text) {
        boolean plain = text.length() <= DIGITS_MAX
                && !text.isEmpty()
                && text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '-' || c == '.');
        try {
            if (plain) {
                return new ExactDecimal(new BigDecimal(text));
            }
        } catch (NumberFormatException e) {
            // its message would quote the text
        }
        throw new NumberFormatException("not a decimal");
    }

    static ExactDecimal of(long number) {
        return new ExactDecimal(BigDecimal.valueOf(number));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExactDecimal that && number.compareTo(that.number) == 0;
    }

    @Override
    public int hashCode() {
        return number.stripTrailingZeros().hashCode();
    }

    @Override
    public String toString() {
        return "decimal";
    }
}
