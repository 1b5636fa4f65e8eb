package dev.handover.change;

/** How a change was read. */
public enum Origin {
    /** Read by a chunk of the load. */
    LOAD,
    /** Read from the log. */
    STREAM,
    /** Sent again on request. */
    REPLAY
}
