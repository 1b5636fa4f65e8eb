package dev.handover.transform.topology;

import dev.handover.change.CanonicalEvent;
import dev.handover.change.DeadLetter;
import dev.handover.change.Outcome;
import dev.handover.digest.FingerprintKey;
import dev.handover.transform.TransformConfig;
import dev.handover.wire.CanonicalEvents;
import dev.handover.wire.DeadLetters;
import dev.handover.wire.Encoded;
import dev.handover.wire.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The topology without a broker, with one partition; it can be ended at any record and begun again from its stores. */
final class Lab implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    static final FingerprintKey FINGERPRINTS =
            FingerprintKey.of("a key of the migration".getBytes(StandardCharsets.UTF_8));

    private final TopologyTestDriver driver;
    private final CanonicalEvents canonical;
    private final DeadLetters deadLetters;
    private final Map<String, TestInputTopic<byte[], byte[]>> inputs = new LinkedHashMap<>();
    private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new LinkedHashMap<>();

    Lab(TransformConfig config, SchemaRegistry registry) {
        driver = new TopologyTestDriver(
                TransformTopology.build(config, registry, FINGERPRINTS, () -> NOW), StreamsSettings.properties(config));
        canonical = new CanonicalEvents(config.topics(), registry);
        deadLetters = new DeadLetters(config.topics(), registry);
    }

    /** What came out for one record: a canonical event or a dead letter. */
    record Produced(String topic, Optional<CanonicalEvent> event, Optional<DeadLetter> deadLetter) {}

    /** Everything that comes out for one record, in order per topic. */
    List<Produced> send(Encoded encoded) {
        return send(encoded.topic(), encoded.key().orElse(null), encoded.value());
    }

    List<Produced> send(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        inputs.computeIfAbsent(
                        topic,
                        name -> driver.createInputTopic(name, new ByteArraySerializer(), new ByteArraySerializer()))
                .pipeInput(key, value);
        List<Produced> produced = new ArrayList<>();
        for (String name : driver.producedTopicNames()) {
            if (!name.endsWith("-changelog")) {
                drain(name, produced);
            }
        }
        return produced;
    }

    private void drain(String topic, List<Produced> produced) {
        boolean dead = topic.endsWith(".dead-letter");
        outputs.computeIfAbsent(
                        topic,
                        name -> driver.createOutputTopic(
                                name, new ByteArrayDeserializer(), new ByteArrayDeserializer()))
                .readRecordsToList()
                .forEach(record -> produced.add(
                        dead
                                ? new Produced(
                                        topic,
                                        Optional.empty(),
                                        Optional.of(accepted(deadLetters.decode(record.value()))))
                                : new Produced(
                                        topic,
                                        Optional.of(accepted(canonical.decode(
                                                Optional.ofNullable(record.key()), Optional.of(record.value())))),
                                        Optional.empty())));
    }

    private static <T> T accepted(Outcome<T> outcome) {
        return outcome.fold(value -> value, rejection -> {
            throw new AssertionError("undecodable output: " + rejection);
        });
    }

    /** What a changelog would bring back. */
    record Remembered(
            Map<byte[], byte[]> rows,
            Map<byte[], byte[]> buckets,
            Map<byte[], byte[]> copies,
            Map<byte[], byte[]> chunks,
            Map<String, byte[]> losses) {
        static final Remembered NOTHING = new Remembered(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
    }

    Remembered remembered() {
        return new Remembered(
                all(TaskStores.ROWS),
                all(TaskStores.BUCKETS),
                all(TaskStores.COPIES),
                all(TaskStores.CHUNKS),
                all(TaskStores.LOSSES));
    }

    void restore(Remembered remembered) {
        remembered.rows().forEach(this.<byte[]>store(TaskStores.ROWS)::put);
        remembered.buckets().forEach(this.<byte[]>store(TaskStores.BUCKETS)::put);
        remembered.copies().forEach(this.<byte[]>store(TaskStores.COPIES)::put);
        remembered.chunks().forEach(this.<byte[]>store(TaskStores.CHUNKS)::put);
        remembered.losses().forEach(this.<String>store(TaskStores.LOSSES)::put);
    }

    private <K> Map<K, byte[]> all(String name) {
        Map<K, byte[]> all = new LinkedHashMap<>();
        try (KeyValueIterator<K, byte[]> entries = this.<K>store(name).all()) {
            entries.forEachRemaining(entry -> all.put(entry.key, entry.value));
        }
        return all;
    }

    private <K> KeyValueStore<K, byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }

    @Override
    public void close() {
        driver.close();
    }
}
