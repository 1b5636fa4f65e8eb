package dev.handover.reconciler.rule;

import java.util.Objects;

/**
 * One number, or extreme, that both sides have.
 *
 * @param name what is measured: {@code rows}, {@code nulls}, a code
 * @param unit of the numbers: {@code rows}, {@code values}, or empty
 * @param source as text; {@code -} where the rule does not ask the source
 * @param target as text
 * @param difference target minus source, as text; empty where they have none
 * @param proved the part of the difference that is on keys of which it is proved that both sides differ; empty where it
 *     cannot be told apart
 */
public record Measure(
        String name, String unit, String source, String target, String difference, String proved, Result result) {
    /** Stands for what a side was not asked, or has not. */
    public static final String NONE = "-";

    public Measure {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(difference, "difference");
        Objects.requireNonNull(proved, "proved");
        Objects.requireNonNull(result, "result");
    }

    /** With a result that is at least as bad. */
    Measure worse(Result other) {
        return new Measure(name, unit, source, target, difference, proved, result.or(other));
    }

    /** As it is where the snapshots of both sides are not proved to be of one moment. */
    public Measure unproved() {
        return result == Result.FAILED
                ? new Measure(name, unit, source, target, difference, proved, Result.UNDETERMINED)
                : this;
    }
}
