package dev.handover.mapping.code;

import java.util.Objects;

/**
 * A code that a map leads to. Prints its type only, as it may say what a patient has.
 *
 * @param code as the target system writes it, never empty
 * @param display its name for people; empty when the map gives none
 * @param relation how it compares with the source code
 * @param system the system of the code where it is another than the map's; empty otherwise
 * @param property what the code is a value of, in a combination that names its parts (FHIR's {@code product}); empty
 *     otherwise
 */
public record Target(String code, String display, Relation relation, String system, String property) {
    public Target {
        if (code.isEmpty()) {
            throw new IllegalArgumentException("a target has a code");
        }
        Objects.requireNonNull(display, "display");
        Objects.requireNonNull(relation, "relation");
        Objects.requireNonNull(system, "system");
        Objects.requireNonNull(property, "property");
    }

    /** A code of the map's target system. */
    public static Target of(String code, String display, Relation relation) {
        return new Target(code, display, relation, "", "");
    }

    @Override
    public String toString() {
        return "Target";
    }
}
