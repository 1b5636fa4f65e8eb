package dev.handover.mapping.unit;

/** What happens to a unit string that the local map does not have. */
public enum UnitPolicy {
    /** It is unknown. */
    STRICT_MAP,
    /**
     * It is taken as a UCUM code if it is one, letter by letter, and is a unit of what this column holds: convertible
     * to one of the column's expected units, with no prefix above kilo. {@code K/uL} (kelvin per microlitre),
     * {@code N/A} (newton per ampere) and {@code Mg/dL} (megagram per decilitre) are UCUM, and pass nowhere.
     */
    MAP_THEN_UCUM
}
