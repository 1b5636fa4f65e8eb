package dev.handover.mapping;

/** What becomes of a value that an operation cannot take. No policy loses it. */
public enum OnFailure {
    /** The change becomes a dead letter. */
    DEAD_LETTER,
    /** The target column, a text, holds the source's text as it is; it is counted, and kept beside the row as well. */
    KEEP_RAW,
    /** The target column is null, and the raw value is kept beside the row. */
    NULL_WITH_RAW
}
