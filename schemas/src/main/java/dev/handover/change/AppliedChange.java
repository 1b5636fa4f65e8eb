package dev.handover.change;

import dev.handover.position.SourcePosition;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import java.util.Objects;

/** A change that reached the target, and what it did there. */
public record AppliedChange(TableId table, RowKey key, SourcePosition position, Origin origin, Effect effect) {
    public AppliedChange {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(effect, "effect");
    }
}
