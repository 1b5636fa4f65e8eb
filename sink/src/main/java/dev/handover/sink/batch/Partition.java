package dev.handover.sink.batch;

import java.util.Comparator;
import java.util.Objects;

/** A partition of a topic. */
public record Partition(String topic, int number) implements Comparable<Partition> {
    private static final Comparator<Partition> ORDER =
            Comparator.comparing(Partition::topic).thenComparingInt(Partition::number);

    public Partition {
        Objects.requireNonNull(topic, "topic");
    }

    @Override
    public int compareTo(Partition other) {
        return ORDER.compare(this, other);
    }

    /** {@code topic-number}, as Kafka writes it. */
    @Override
    public String toString() {
        return topic + "-" + number;
    }
}
