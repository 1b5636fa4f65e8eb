package dev.handover.sink.batch;

import dev.handover.change.DeadLetter;
import java.util.Objects;
import java.util.Optional;

/**
 * A record that was read: what it brings, or the dead letter that it is or became.
 *
 * @param bytes of its key and value
 */
public record Arrival(
        Partition partition, long offset, long bytes, Optional<Delivery> delivery, Optional<DeadLetter> letter) {
    public Arrival {
        Objects.requireNonNull(partition, "partition");
        if (delivery.isPresent() == letter.isPresent()) {
            throw new IllegalArgumentException("a record is a delivery or a dead letter");
        }
    }

    public static Arrival of(Partition partition, long offset, long bytes, Delivery delivery) {
        return new Arrival(partition, offset, bytes, Optional.of(delivery), Optional.empty());
    }

    public static Arrival of(Partition partition, long offset, long bytes, DeadLetter letter) {
        return new Arrival(partition, offset, bytes, Optional.empty(), Optional.of(letter));
    }
}
