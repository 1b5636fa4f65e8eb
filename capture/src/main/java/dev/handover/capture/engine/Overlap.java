package dev.handover.capture.engine;

import dev.handover.capture.Boundary;
import dev.handover.change.SourceChange;
import dev.handover.position.SourcePosition;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import java.util.Optional;

/**
 * A table that is loaded again beside the stream, as the stream sees it. It begins at the first boundary after a place,
 * and that boundary is the stamp of the load: no change that the stream has told by then is newer. From there on it
 * knows which rows the stream told, for those are newer than what the load reads of them. Guarded by the turn of the
 * {@link ChangeStream}.
 */
final class Overlap {
    /** Some 70 MB. */
    private static final int CHANGED_MAX = 1_000_000;

    private final TableId table;
    private final SourcePosition after;
    private final ChangedKeys changed = new ChangedKeys(CHANGED_MAX);
    private Optional<Boundary> from = Optional.empty();

    /** @param after where the log ended when the load was taken up */
    Overlap(TableId table, SourcePosition after) {
        this.table = table;
        this.after = after;
    }

    TableId table() {
        return table;
    }

    /** A transaction was told to its end. @return whether the load begins here */
    boolean passed(Boundary boundary) {
        if (from.isPresent() || !boundary.position().isAfter(after)) {
            return false;
        }
        from = Optional.of(boundary);
        return true;
    }

    /** Where it began; empty before it did. */
    Optional<Boundary> from() {
        return from;
    }

    void told(SourceChange change) {
        if (from.isPresent() && change.schema().table().equals(table)) {
            changed.add(change.key());
        }
    }

    /** Whether the stream told a row, so that what the load read of it is old. */
    boolean told(RowKey key) {
        return changed.contains(key);
    }

    /** Whether more rows were changed than can be remembered, so that no row may be sent any more. */
    boolean tooMany() {
        return changed.full();
    }
}
