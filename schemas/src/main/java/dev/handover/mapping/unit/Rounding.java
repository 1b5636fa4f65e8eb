package dev.handover.mapping.unit;

import java.math.RoundingMode;
import java.util.Objects;

/**
 * What a mapping's author allows where digits do not end, or are too many.
 *
 * @param scale digits after the point, 0 to 38
 */
public record Rounding(int scale, RoundingMode mode) {
    public static final int SCALE_MAX = 38;

    public Rounding {
        Objects.requireNonNull(mode, "mode");
        if (scale < 0 || scale > SCALE_MAX) {
            throw new IllegalArgumentException("a scale is 0 to " + SCALE_MAX);
        }
        if (mode == RoundingMode.UNNECESSARY) {
            throw new IllegalArgumentException("a rounding that never rounds is none: leave it out");
        }
    }
}
