package dev.handover.transform.topology;

import dev.handover.digest.FingerprintKey;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.transform.TransformConfig;
import dev.handover.wire.CanonicalEvents;
import dev.handover.wire.DeadLetters;
import dev.handover.wire.Encoded;
import dev.handover.wire.SchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * One source, one processor, two sinks, six stores. The names are on disk and in Kafka (stores and changelogs are named
 * by them), so changing one abandons state.
 */
public final class TransformTopology {
    static final String CHANGE_LOG = "change-log";
    static final String MAP = "map";
    static final String CANONICAL = "canonical";
    static final String DEAD_LETTER = "dead-letter";

    private TransformTopology() {}

    /** The topology of a configuration; nothing is started or asked. */
    public static Topology build(
            TransformConfig config, SchemaRegistry registry, FingerprintKey fingerprints, InstantSource clock) {
        SourceEvents source = new SourceEvents(config.topics(), config.partitions(), registry);
        CanonicalEvents canonical = new CanonicalEvents(config.topics(), registry);
        DeadLetters deadLetters = new DeadLetters(config.topics(), registry);
        Serializer<byte[]> keys = Serdes.ByteArray().serializer();
        Deserializer<byte[]> bytes = Serdes.ByteArray().deserializer();
        Serializer<Encoded> values = (topic, encoded) -> encoded.value();
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        CHANGE_LOG,
                        new RecordTime(),
                        bytes,
                        bytes,
                        config.changeLogTopics())
                .addProcessor(
                        MAP,
                        () -> new ChangeProcessor(
                                config.topics(),
                                config.partitions(),
                                new Bindings(config::mappings, fingerprints),
                                source,
                                canonical,
                                deadLetters,
                                config::sources,
                                clock),
                        CHANGE_LOG)
                .addStateStore(rows(), MAP)
                .addStateStore(buckets(), MAP)
                .addStateStore(copies(), MAP)
                .addStateStore(chunks(), MAP)
                .addStateStore(inMemory(TaskStores.LOSSES), MAP)
                .addStateStore(inMemory(TaskStores.MARKS), MAP)
                .addSink(CANONICAL, new OwnTopic(), keys, values, samePartition(config.partitions()), MAP)
                .addSink(DEAD_LETTER, config.topics().deadLetter(), keys, values, deadLetterPartition(), MAP);
    }

    private static StoreBuilder<KeyValueStore<byte[], byte[]>> rows() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(TaskStores.ROWS), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    private static StoreBuilder<KeyValueStore<byte[], byte[]>> buckets() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(TaskStores.BUCKETS), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(Map.of());
    }

    private static StoreBuilder<KeyValueStore<byte[], byte[]>> copies() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(TaskStores.COPIES), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    private static StoreBuilder<KeyValueStore<byte[], byte[]>> chunks() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(TaskStores.CHUNKS), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> inMemory(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    /** A row stays in its partition; a topic with another number of partitions would scatter its buckets. */
    private static StreamPartitioner<byte[], Encoded> samePartition(int expected) {
        return (topic, key, encoded, found) -> {
            if (found != expected) {
                throw Fault.of(
                        ExitCode.CONFLICT,
                        "partitions-differ",
                        "topic \"" + topic + "\" has " + found + " partitions, the pipeline " + expected,
                        "every topic of a pipeline has the same number: delete the topic if it is empty, and let capture"
                                + " create it");
            }
            return Optional.of(Set.of(encoded.partition()));
        };
    }

    private static StreamPartitioner<byte[], Encoded> deadLetterPartition() {
        return (topic, key, encoded, found) -> Optional.of(Set.of(encoded.partition()));
    }
}
