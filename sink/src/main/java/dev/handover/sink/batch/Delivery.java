package dev.handover.sink.batch;

import dev.handover.change.CanonicalEvent;
import dev.handover.change.LogCoordinates;
import java.util.Objects;
import java.util.Optional;

/**
 * A decoded record of a canonical topic with its place there and its bytes, which become a dead letter if the target
 * refuses the row.
 */
@SuppressWarnings("ArrayRecordComponent")
public record Delivery(LogCoordinates at, CanonicalEvent event, Optional<byte[]> key, Optional<byte[]> value) {
    public Delivery {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
    }

    /** The partition that it came from. */
    public Partition partition() {
        return new Partition(at.topic(), at.partition());
    }

    @Override
    public String toString() {
        return "delivery " + at.text();
    }
}
