package dev.handover.deploy.config;

import dev.handover.mapping.InvalidExpression;
import java.util.Objects;
import java.util.Optional;

/**
 * A place of the pipeline file that does not fit the world, such as an operation that cannot take the type of its
 * source column.
 *
 * @param path the key, such as {@code tables[1].columns.sex.map}; empty where no key is at fault
 * @param message the fact; quotes no value
 * @param hint what to do about it
 * @param at where in the text at that key, for an expression
 */
public record Misfit(String path, String message, String hint, Optional<InvalidExpression.Spot> at) {
    /** Of a key as a whole. */
    public Misfit(String path, String message, String hint) {
        this(path, message, hint, Optional.empty());
    }

    /** Refuses nulls. */
    public Misfit {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(hint, "hint");
        Objects.requireNonNull(at, "at");
    }
}
