package dev.handover.capture;

import dev.handover.position.SourcePosition;
import java.time.Instant;
import java.util.Map;

/**
 * The end of a transaction of a source: everything up to here was sent, and streaming may go on from here.
 *
 * @param position what marks say: order 0 after the transaction
 * @param offset the same place in the words of the connector
 * @param heartbeat the counter of the last heartbeat at or before it; 0 before the first
 * @param committedAt when the source committed the transaction, by its clock
 */
public record Boundary(SourcePosition position, Map<String, Object> offset, long heartbeat, Instant committedAt) {
    public Boundary {
        offset = Map.copyOf(offset);
    }
}
