package dev.handover.reconciler.rule;

import java.util.Locale;

/** What a rule that does not pass makes of the run. */
public enum Consequence {
    /** A warning; the verdict stays what it is. */
    WARN,
    /** A failed rule makes the run diverged, an undetermined one makes it undetermined. */
    FAIL;

    /** Lower case, as JSON and tables write it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
