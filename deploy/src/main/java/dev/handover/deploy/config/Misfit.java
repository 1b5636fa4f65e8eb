package dev.handover.deploy.config;

import java.util.Objects;

/**
 * A place of the pipeline file that does not fit the world, such as an operation that cannot take the type of its
 * source column.
 *
 * @param path the key, such as {@code tables[1].columns.sex.map}; empty where no key is at fault
 * @param message the fact; quotes no value
 * @param hint what to do about it
 */
public record Misfit(String path, String message, String hint) {
    /** Refuses nulls. */
    public Misfit {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(hint, "hint");
    }
}
