package dev.handover.change;

/** The arrow at which a change was rejected. */
public enum Stage {
    DECODE,
    MAP,
    APPLY
}
