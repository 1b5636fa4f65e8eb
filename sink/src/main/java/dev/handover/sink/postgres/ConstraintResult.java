package dev.handover.sink.postgres;

/**
 * What became of a step.
 *
 * @param detail a short fact for people; never a value
 */
public record ConstraintResult(ConstraintStep step, Outcome outcome, String detail) {
    /** How a step ended. */
    public enum Outcome {
        DONE,
        /** It was there. */
        PRESENT,
        /** It must wait until no sink writes any more. */
        POSTPONED,
        /** It cannot be had at the target. */
        OMITTED,
        /** The target refused it; the other steps went on. */
        FAILED
    }
}
