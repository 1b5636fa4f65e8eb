package dev.handover.deploy.fidelity;

/**
 * A column type whose tables capture refuses by name.
 *
 * @param literal a value of it
 */
record Refused(String type, String literal, String problem) {
    static Refused unsupported(String type, String literal) {
        return new Refused(type, literal, "type-unsupported");
    }
}
