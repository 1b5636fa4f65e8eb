package dev.handover.reconciler.rule;

import java.util.Objects;
import java.util.Optional;

/** What a number of rows must be, whatever the other side has. */
public record Limits(Optional<Long> least, Optional<Long> most) {
    /** None. */
    public static final Limits NONE = new Limits(Optional.empty(), Optional.empty());

    public Limits {
        Objects.requireNonNull(least, "least");
        Objects.requireNonNull(most, "most");
    }
}
