package dev.handover.capture.decode;

import dev.handover.capture.Boundary;
import dev.handover.change.SourceChange;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What one record of the engine means. */
public sealed interface Step {
    /** Nothing to send: the start of a transaction, a heartbeat, a record about the schema. */
    Step NOTHING = new Changes(List.of());

    /** Changes, in their order; two where a key changed. */
    record Changes(List<SourceChange> changes) implements Step {
        public Changes {
            changes = List.copyOf(changes);
        }
    }

    /**
     * A change of a table that is parked.
     *
     * @param why for people, without a value
     * @param key as JSON, where the log tells it
     * @param value as {@link ParkedEvent} writes it
     */
    record Held(TableId table, SourcePosition position, String why, Optional<String> key, String value)
            implements Step {
        public Held {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(position, "position");
            Objects.requireNonNull(why, "why");
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }

        @Override
        public String toString() {
            return "held change of " + table;
        }
    }

    /** A transaction is complete. */
    record End(Boundary boundary) implements Step {}
}
