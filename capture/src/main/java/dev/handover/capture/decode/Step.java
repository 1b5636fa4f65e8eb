package dev.handover.capture.decode;

import dev.handover.capture.Boundary;
import dev.handover.change.SourceChange;
import java.util.List;

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

    /** A transaction is complete. */
    record End(Boundary boundary) implements Step {}
}
