package dev.handover.sink.batch;

import dev.handover.change.DeadLetter;
import dev.handover.row.TableSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one transaction at the target takes over from Kafka.
 *
 * @param deliveries in the order of each partition
 * @param letters dead letters of earlier stages, to be indexed, and records that are none of ours
 * @param nextOffsets where reading goes on in each partition that the batch touches, once it is committed
 * @param partial whether it ends within a transaction of the source although that was to be kept whole
 */
public record Batch(
        List<Delivery> deliveries, List<DeadLetter> letters, SortedMap<Partition, Long> nextOffsets, boolean partial) {
    public Batch {
        deliveries = List.copyOf(deliveries);
        letters = List.copyOf(letters);
        nextOffsets = new TreeMap<>(nextOffsets);
        for (Delivery delivery : deliveries) {
            if (!nextOffsets.containsKey(delivery.partition())) {
                throw new IllegalArgumentException("no next offset for " + delivery.partition());
            }
        }
    }

    /** One that ends where it may. */
    public Batch(List<Delivery> deliveries, List<DeadLetter> letters, SortedMap<Partition, Long> nextOffsets) {
        this(deliveries, letters, nextOffsets, false);
    }

    /** The same batch, as a part of a transaction of the source that had to be whole. */
    public Batch inPart() {
        return new Batch(deliveries, letters, nextOffsets, true);
    }

    /** Every schema that the batch brings, by changes or marks, with the first record that does. */
    public Map<TableSchema, Delivery> schemas() {
        Map<TableSchema, Delivery> schemas = new LinkedHashMap<>();
        deliveries.forEach(delivery -> schemas.putIfAbsent(delivery.event().schema(), delivery));
        return schemas;
    }

    /** Without dead letters. */
    public static Batch of(List<Delivery> deliveries, Map<Partition, Long> nextOffsets) {
        return new Batch(deliveries, List.of(), new TreeMap<>(nextOffsets));
    }
}
