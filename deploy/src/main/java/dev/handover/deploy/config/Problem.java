package dev.handover.deploy.config;

import java.util.Objects;

/**
 * One thing that is wrong with a pipeline file.
 *
 * @param code stable, for scripts
 * @param path the key, such as {@code tables[1].from}
 * @param line the line in the file, from 1
 * @param column the column in the line, from 1
 * @param length how many characters of the line are wrong; 0 when the line must not be shown, as it may hold a secret
 * @param message the fact; quotes no secret
 * @param hint what to do about it
 */
public record Problem(String code, String path, int line, int column, int length, String message, String hint) {
    /** Refuses nulls. */
    public Problem {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(hint, "hint");
    }
}
