package dev.handover.deploy.bench;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as they are reported. */
final class Figures {
    private static final int DECIMALS = 3;

    private Figures() {}

    /** Three digits after the point. @throws IllegalArgumentException when it is no finite number */
    static double round(double figure) {
        if (!Double.isFinite(figure)) {
            throw new IllegalArgumentException("not a figure: " + figure);
        }
        return BigDecimal.valueOf(figure)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .doubleValue();
    }

    /** So many in so many seconds; a moment that is too short to be measured counts as a millisecond. */
    static double perSecond(long count, double seconds) {
        return round(count / Math.max(seconds, 0.001));
    }
}
