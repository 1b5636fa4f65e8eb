package dev.handover.reconciler.tap;

import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A transaction of which the log and the change log do not say the same.
 *
 * @param position where it begins: what its changes have as position, with order 0
 * @param transaction the source's number of it
 * @param committedAt by the source's clock; empty where the log does not know it
 */
public record Disagreement(
        TableId table,
        Kind kind,
        SourcePosition position,
        long transaction,
        Optional<Instant> committedAt,
        long logEvents,
        long capturedEvents) {
    /** What is wrong, seen from the log. */
    public enum Kind {
        /** The log has more than the change log. */
        CAPTURE_MISSING,
        /** The change log has more than the log. */
        CAPTURE_EXTRA,
        /** As many of both, and not the same. */
        DIFFERENT;

        /** Lower case with hyphens. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
