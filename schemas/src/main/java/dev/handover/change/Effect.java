package dev.handover.change;

/** What applying a change did. */
public enum Effect {
    INSERTED,
    UPDATED,
    DELETED,
    /** Nothing: the row is at this position or beyond. A normal outcome, and counted. */
    STALE
}
