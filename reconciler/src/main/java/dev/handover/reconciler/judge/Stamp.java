package dev.handover.reconciler.judge;

import dev.handover.position.SourcePosition;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of the place in the log of one snapshot of a source.
 *
 * @param settled every change at a position below this is in the snapshot; empty where none is known to be
 * @param high every change in the snapshot is at a position below this
 */
public record Stamp(Optional<SourcePosition> settled, SourcePosition high) {
    public Stamp {
        Objects.requireNonNull(settled, "settled");
        Objects.requireNonNull(high, "high");
    }

    /** Whether a change at this position is proved to be in the snapshot. */
    public boolean contains(SourcePosition position) {
        return settled.isPresent() && position.compareTo(settled.get()) < 0;
    }
}
