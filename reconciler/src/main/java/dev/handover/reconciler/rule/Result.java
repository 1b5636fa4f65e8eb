package dev.handover.reconciler.rule;

import java.util.Locale;

/** How a measure, or a rule as the worst of its measures, came out. From best to worst. */
public enum Result {
    /** Shown, and not judged. */
    NOTED,
    /** Holds. */
    PASSED,
    /** Does not hold in what was read, and changes on their way may be why. */
    UNDETERMINED,
    /** Does not hold, and no change on its way can be why. */
    FAILED;

    /** The worse of both. */
    Result or(Result other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Lower case, as JSON and tables write it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
