package dev.handover.reconciler.judge;

/** What can be said of one key after looking at both sides. */
public enum Judgement {
    /** The target holds what the source's snapshot says. */
    MATCH(true),
    /** The mapping rejects the source's row, and so the target holds no newer one. */
    PARKED(true),
    /** Proved: the source has a row, the target has none. */
    MISSING(true),
    /** Proved: the target has a row, the source has none. */
    EXTRANEOUS(true),
    /** Proved: both have a row, and they differ. */
    DIFFERENT(true),
    /** In flight: not everything in the snapshot is applied yet. */
    BEHIND(false),
    /** In flight: the target may already hold a change that is not in the snapshot. */
    AHEAD(false),
    /** In flight: the target changed while it was being looked at. */
    UNCONFIRMED(false);

    private final boolean decided;

    Judgement(boolean decided) {
        this.decided = decided;
    }

    /** Whether looking again could not change it. */
    public boolean decided() {
        return decided;
    }
}
