package dev.handover.mapping.code;

/** What several rows about one code mean in a map that does not say it row by row. */
public enum Several {
    /** A mistake: the map is refused, naming both rows. */
    REFUSE,
    /**
     * Alternatives: a {@link Translation.Choice}. A row that says that there is no code, or that gives the same code
     * another relation, contradicts them.
     */
    CHOICE,
    /**
     * Alternatives, also where they contradict each other: that there is no code, or the same code with two relations.
     * Nothing is dropped but the same row said again, and nobody has decided. For files that merge editions of a map.
     */
    ANY
}
