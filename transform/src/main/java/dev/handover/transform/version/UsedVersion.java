package dev.handover.transform.version;

import java.util.Objects;

/**
 * A mapping version that rows were, or were about to be, made under.
 *
 * @param source the source table, {@code source.schema.table}
 * @param target the target table, {@code schema.table}
 * @param fingerprint of what was declared then; equal where the same was declared
 */
public record UsedVersion(String source, String target, int version, String fingerprint) {
    public UsedVersion {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(fingerprint, "fingerprint");
        if (version < 1) {
            throw new IllegalArgumentException("mapping versions count from 1, not " + version);
        }
    }
}
