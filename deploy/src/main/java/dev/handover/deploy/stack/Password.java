package dev.handover.deploy.stack;

/**
 * A generated password or secret key. It prints as {@code ***}, so that endpoints can be logged.
 *
 * @param text the secret itself, for the one call that needs it
 */
public record Password(String text) {
    @Override
    public String toString() {
        return "***";
    }
}
