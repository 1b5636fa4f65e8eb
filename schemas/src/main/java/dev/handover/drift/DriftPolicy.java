package dev.handover.drift;

/** How far a table's changes of schema are followed. */
public enum DriftPolicy {
    /** Not at all: the first change under another schema parks the table. */
    STOP,
    /** As long as the target loses nothing: columns come and go, types grow. Anything else parks the table. */
    EVOLVE,
    /** As {@link #EVOLVE}; a column whose type became another goes on in a new target column. */
    LENIENT
}
