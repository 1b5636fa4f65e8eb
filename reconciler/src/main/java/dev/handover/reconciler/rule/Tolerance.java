package dev.handover.reconciler.rule;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * How far the sides may be apart.
 *
 * @param amount in the unit of what is compared, or per cent of the source's number
 */
public record Tolerance(BigDecimal amount, boolean percent) {
    /** Exact equality. */
    public static final Tolerance NONE = new Tolerance(BigDecimal.ZERO, false);

    public Tolerance {
        Objects.requireNonNull(amount, "amount");
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("a tolerance is not negative");
        }
    }

    /** {@code 3}, {@code 0.5} or {@code 2%}. @throws NumberFormatException when it is none of these */
    public static Tolerance parse(String text) {
        boolean percent = text.endsWith("%");
        return new Tolerance(new BigDecimal(percent ? text.substring(0, text.length() - 1) : text), percent);
    }

    /** In the unit of what is compared, when the source has so much of it. */
    BigDecimal of(BigDecimal source) {
        return percent ? source.abs().multiply(amount).movePointLeft(2) : amount;
    }

    boolean isNone() {
        return amount.signum() == 0;
    }
}
