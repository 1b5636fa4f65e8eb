package dev.handover.reconciler;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A proved difference under one key, without any value of it.
 *
 * @param table the target table, {@code schema.name}
 * @param key a reference to the key, {@code key#7f3a9c2e}: the start of its keyed hash
 * @param columns the target columns that differ, where both sides have a row
 * @param sourcePosition the place of the source's snapshot
 * @param targetPosition the position of the target's row or tombstone, or empty
 */
public record Divergence(
        String table,
        Kind kind,
        Stage stage,
        String key,
        List<String> columns,
        String sourcePosition,
        String targetPosition) {
    public Divergence {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(key, "key");
        columns = List.copyOf(columns);
        Objects.requireNonNull(sourcePosition, "sourcePosition");
        Objects.requireNonNull(targetPosition, "targetPosition");
    }

    /** What kind of difference it is. */
    public enum Kind {
        /** The source has the row, the target has not. */
        MISSING,
        /** The target has a row that the source has not. */
        EXTRANEOUS,
        /** The target has a version that the pipeline made, and that is proved to be an older one. */
        STALE,
        /** Both have the row, and columns differ, or the stored fingerprint is not that of the columns. */
        DIFFERENT;

        /** Lower case, as tables and the control schema write it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where it arose, as far as the target's own witnesses tell. */
    public enum Stage {
        /** The target was changed, or lost a write, behind the pipeline's back. */
        TARGET,
        /** The target holds what the pipeline says it wrote: look at capture, mapping and the dead letters. */
        PIPELINE;

        /** Lower case, as tables and the control schema write it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
