package dev.handover.mapping.code;

/** How the meaning of a target code compares with the meaning of its source code. */
public enum Relation {
    /** The same. */
    EQUIVALENT,
    /** The target means more: detail of the source is lost. FHIR R4 {@code wider}, {@code subsumes}. */
    WIDER,
    /** The target means less: it says something that the source did not. R4 {@code narrower}, {@code specializes}. */
    NARROWER,
    /** They overlap, and each means something that the other does not. R4 {@code inexact}. */
    INEXACT,
    /** Not the same, and how they differ is not said. R4 {@code relatedto}; the approximate flag of a GEM. */
    RELATED
}
