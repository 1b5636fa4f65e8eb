package dev.handover.change;

import java.util.Objects;

/** The place of a record in Kafka. */
public record LogCoordinates(String topic, int partition, long offset) {
    public LogCoordinates {
        Objects.requireNonNull(topic, "topic");
    }

    /** {@code topic-partition@offset}, for people. */
    public String text() {
        return topic + "-" + partition + "@" + offset;
    }
}
