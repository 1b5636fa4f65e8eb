package dev.handover.sink;

import dev.handover.change.CanonicalEvent;
import dev.handover.change.DeadLetter;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Stage;
import dev.handover.sink.batch.Batch;
import dev.handover.sink.batch.Delivery;
import dev.handover.sink.batch.Partition;
import dev.handover.wire.CanonicalEvents;
import dev.handover.wire.DeadLetters;
import dev.handover.wire.SchemaRegistry;
import dev.handover.wire.Topics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decodes records, and gathers them into batches. A record that cannot be decoded becomes a dead letter; if it was a
 * change, its bucket's next change will not follow, and the sink stops there.
 */
final class Deliveries {
    private final Topics topics;
    private final CanonicalEvents events;
    private final DeadLetters letters;
    private final InstantSource clock;
    private final SinkConfig config;

    Deliveries(SinkConfig config, SchemaRegistry registry, InstantSource clock) {
        this.topics = new Topics(config.pipeline());
        this.events = new CanonicalEvents(topics, registry);
        this.letters = new DeadLetters(topics, registry);
        this.clock = clock;
        this.config = config;
    }

    /** The records of one poll as batches, in order, each within the limits. */
    List<Batch> batches(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        List<Batch> batches = new ArrayList<>();
        Gathering gathering = new Gathering();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            long bytes = (long) Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
            if (gathering.records > 0
                    && (gathering.records >= config.recordsMax() || gathering.bytes + bytes > config.bytesMax())) {
                batches.add(gathering.batch());
                gathering = new Gathering();
            }
            take(record, gathering);
            gathering.records++;
            gathering.bytes += bytes;
            gathering.nextOffsets.put(new Partition(record.topic(), record.partition()), record.offset() + 1);
        }
        if (gathering.records > 0) {
            batches.add(gathering.batch());
        }
        return batches;
    }

    private static final class Gathering {
        private final List<Delivery> deliveries = new ArrayList<>();
        private final List<DeadLetter> letters = new ArrayList<>();
        private final SortedMap<Partition, Long> nextOffsets = new TreeMap<>();
        private int records;
        private long bytes;

        Batch batch() {
            return new Batch(deliveries, letters, nextOffsets);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Gathering gathering) {
        LogCoordinates at = new LogCoordinates(record.topic(), record.partition(), record.offset());
        Optional<byte[]> key = Optional.ofNullable(record.key());
        Optional<byte[]> value = Optional.ofNullable(record.value());
        if (record.topic().equals(topics.deadLetter())) {
            Outcome<DeadLetter> decoded = letters.decode(value.orElse(new byte[0]));
            gathering.letters.add(decoded.fold(letter -> letter, why -> undecodable(at, key, value, why)));
            return;
        }
        Outcome<CanonicalEvent> decoded = events.decode(key, value);
        boolean added = decoded.fold(
                event -> gathering.deliveries.add(new Delivery(at, event, key, value)),
                why -> gathering.letters.add(undecodable(at, key, value, why)));
        if (!added) {
            throw new IllegalStateException("a list refused an element");
        }
    }

    private DeadLetter undecodable(
            LogCoordinates at, Optional<byte[]> key, Optional<byte[]> value, Rejection rejection) {
        return new DeadLetter(Stage.DECODE, rejection, at, key, value, "", "", "", 0, clock.instant());
    }
}
