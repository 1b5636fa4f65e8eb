package dev.handover.sink;

import dev.handover.change.CanonicalEvent;
import dev.handover.change.DeadLetter;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Stage;
import dev.handover.sink.batch.Arrival;
import dev.handover.sink.batch.Batch;
import dev.handover.sink.batch.Delivery;
import dev.handover.sink.batch.Gathering;
import dev.handover.sink.batch.Partition;
import dev.handover.wire.CanonicalEvents;
import dev.handover.wire.DeadLetters;
import dev.handover.wire.SchemaRegistry;
import dev.handover.wire.Topics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        Gathering gathering = new Gathering(config.batch());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Arrival arrival = arrival(record);
            if (!gathering.fits(arrival.bytes())) {
                batches.add(gathering.batch());
                gathering = new Gathering(config.batch());
            }
            gathering.take(arrival);
        }
        if (!gathering.isEmpty()) {
            batches.add(gathering.batch());
        }
        return batches;
    }

    /** What a record brings. */
    Arrival arrival(ConsumerRecord<byte[], byte[]> record) {
        LogCoordinates at = new LogCoordinates(record.topic(), record.partition(), record.offset());
        Partition partition = new Partition(record.topic(), record.partition());
        long bytes = (long) Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        Optional<byte[]> key = Optional.ofNullable(record.key());
        Optional<byte[]> value = Optional.ofNullable(record.value());
        if (record.topic().equals(topics.deadLetter())) {
            Outcome<DeadLetter> decoded = letters.decode(value.orElse(new byte[0]));
            DeadLetter letter = decoded.fold(known -> known, why -> undecodable(at, key, value, why));
            return Arrival.of(partition, record.offset(), bytes, letter);
        }
        Outcome<CanonicalEvent> decoded = events.decode(key, value);
        return decoded.fold(
                event -> Arrival.of(partition, record.offset(), bytes, new Delivery(at, event, key, value)),
                why -> Arrival.of(partition, record.offset(), bytes, undecodable(at, key, value, why)));
    }

    private DeadLetter undecodable(
            LogCoordinates at, Optional<byte[]> key, Optional<byte[]> value, Rejection rejection) {
        return new DeadLetter(Stage.DECODE, rejection, at, key, value, "", "", "", 0, clock.instant());
    }
}
