package dev.handover.change;

/** The arrow at which a change was rejected. */
public enum Stage {
    /** The source's log has it, the change log does not: its table is parked. */
    CAPTURE,
    DECODE,
    MAP,
    APPLY
}
