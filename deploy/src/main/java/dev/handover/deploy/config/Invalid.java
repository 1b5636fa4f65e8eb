package dev.handover.deploy.config;

import java.util.Objects;

/**
 * Refuses the values of one configuration record. Thrown by compact constructors; the reader turns it into a
 * {@link Problem} at the place of the key.
 */
public final class Invalid extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String key;
    private final String hint;

    /**
     * A refusal.
     *
     * @param key the key within the record that is wrong; empty for the record as a whole
     * @param message the fact, without the value of a secret
     * @param hint the remedy
     */
    public Invalid(String key, String message, String hint) {
        super(message);
        this.key = Objects.requireNonNull(key, "key");
        this.hint = Objects.requireNonNull(hint, "hint");
    }

    /** The key within the record that is wrong; empty for the record as a whole. */
    public String key() {
        return key;
    }

    /** What to do about it. */
    public String hint() {
        return hint;
    }
}
