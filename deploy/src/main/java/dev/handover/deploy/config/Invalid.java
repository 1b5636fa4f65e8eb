package dev.handover.deploy.config;

import dev.handover.mapping.InvalidExpression;
import java.util.Objects;
import java.util.Optional;

/**
 * Refuses the values of one configuration record. Thrown by compact constructors; the reader turns it into a
 * {@link Problem} at the place of the key.
 */
public final class Invalid extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String key;
    private final String hint;
    private final transient Optional<InvalidExpression.Spot> at;

    /**
     * A refusal.
     *
     * @param key the key within the record that is wrong; empty for the record as a whole
     * @param message the fact, without the value of a secret
     * @param hint the remedy
     */
    public Invalid(String key, String message, String hint) {
        this(key, message, hint, Optional.empty());
    }

    /** @param at where in the text at that key, for an expression */
    public Invalid(String key, String message, String hint, Optional<InvalidExpression.Spot> at) {
        super(message);
        this.key = Objects.requireNonNull(key, "key");
        this.hint = Objects.requireNonNull(hint, "hint");
        this.at = Objects.requireNonNull(at, "at");
    }

    /** The key within the record that is wrong; empty for the record as a whole. */
    public String key() {
        return key;
    }

    /** What to do about it. */
    public String hint() {
        return hint;
    }

    /** Where in the text at the key, for an expression. */
    public Optional<InvalidExpression.Spot> at() {
        return at;
    }
}
