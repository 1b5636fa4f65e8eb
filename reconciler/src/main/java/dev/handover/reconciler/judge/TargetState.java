package dev.handover.reconciler.judge;

import dev.handover.digest.Fingerprint;
import dev.handover.position.SourcePosition;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** What the target holds under one key. */
public sealed interface TargetState {
    /** The position that the target's bookkeeping keeps for the key, if it keeps one. */
    Optional<SourcePosition> position();

    /** Answers with the function of the case that this is. */
    <R> R fold(Function<? super Absent, ? extends R> absent, Function<? super Present, ? extends R> present);

    /** No row; the position is that of its tombstone. */
    record Absent(Optional<SourcePosition> position) implements TargetState {
        public Absent {
            Objects.requireNonNull(position, "position");
        }

        @Override
        public <R> R fold(
                Function<? super Absent, ? extends R> absent, Function<? super Present, ? extends R> present) {
            return absent.apply(this);
        }
    }

    /**
     * A row.
     *
     * @param columns the fingerprint of the columns as they are now, empty where they cannot even be encoded
     * @param lanes the fingerprint that was stored when the row was written, empty where somebody else wrote it
     * @param outdated whether an older version of the mapping made it; the pipeline will make it anew
     */
    record Present(
            Optional<SourcePosition> position,
            Optional<Fingerprint> columns,
            Optional<Fingerprint> lanes,
            boolean outdated)
            implements TargetState {
        public Present {
            Objects.requireNonNull(position, "position");
            Objects.requireNonNull(columns, "columns");
            Objects.requireNonNull(lanes, "lanes");
        }

        /** Whether the columns are no longer what was written. */
        public boolean tampered() {
            return columns.isEmpty() || !columns.equals(lanes);
        }

        @Override
        public <R> R fold(
                Function<? super Absent, ? extends R> absent, Function<? super Present, ? extends R> present) {
            return present.apply(this);
        }
    }
}
