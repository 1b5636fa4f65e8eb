package dev.handover.sink;

/** What one transaction at the target holds. */
public enum Transactions {
    /** Whatever was read at once: cheap and early, and a source transaction may be visible in part for a moment. */
    BATCH,
    /** Whole transactions of the source. */
    SOURCE
}
