package dev.handover.mapping.unit;

/** Why a value of one unit cannot become a value of another. */
public enum Refusal {
    /** The base units differ: kelvin per volume is no count per volume. */
    DIMENSION,
    /**
     * The base units agree, but not what is counted: UCUM calls a mole, an equivalent and a microscope's field mere
     * numbers; an international unit is comparable with itself only; a logarithm is no decimal of what it is of.
     */
    KIND,
    /** UCUM sees no difference, but the texts in braces differ: {@code mL/min/{1.73_m2}} and {@code mL/min}. */
    ANNOTATION
}
