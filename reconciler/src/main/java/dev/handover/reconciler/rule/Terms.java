package dev.handover.reconciler.rule;

import java.util.Objects;

/** What every rule has: a name of its own, how exact it is, and what follows when it does not hold. */
public record Terms(String name, Tolerance tolerance, Consequence then) {
    public Terms {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(tolerance, "tolerance");
        Objects.requireNonNull(then, "then");
    }
}
