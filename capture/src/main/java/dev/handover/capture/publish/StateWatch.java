package dev.handover.capture.publish;

import dev.handover.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Follows keys of the state topic that are written in no transaction: transactions of others that are open keep nothing
 * of them back. Connects at the first look. Used by one thread.
 */
public final class StateWatch implements AutoCloseable {
    private static final Duration CONNECT_MAX = Duration.ofMillis(500);
    private static final Duration LOOK_MAX = Duration.ofMillis(20);

    private final Map<String, String> kafka;
    private final TopicPartition partition;
    private final Predicate<String> keys;
    private final long from;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;

    /**
     * Follows these keys.
     *
     * @param from offset of the first record that is looked at
     */
    public StateWatch(Map<String, String> kafka, Topics topics, Predicate<String> keys, long from) {
        this.kafka = Map.copyOf(kafka);
        this.partition = new TopicPartition(topics.state(), 0);
        this.keys = keys;
        this.from = from;
    }

    /** Hands over every value that has come since the last look, in order; empty where one was removed. */
    public void look(BiConsumer<String, Optional<String>> values) {
        KafkaConsumer<byte[], byte[]> open = consumer;
        boolean first = open == null;
        if (open == null) {
            open = open();
            consumer = open;
        }
        for (ConsumerRecord<byte[], byte[]> entry : open.poll(first ? CONNECT_MAX : LOOK_MAX)) {
            String key = new String(entry.key(), StandardCharsets.UTF_8);
            if (keys.test(key)) {
                values.accept(
                        key,
                        Optional.ofNullable(entry.value()).map(value -> new String(value, StandardCharsets.UTF_8)));
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> open() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_uncommitted");
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        KafkaConsumer<byte[], byte[]> opened =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        opened.assign(List.of(partition));
        opened.seek(partition, from);
        return opened;
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
    }
}
