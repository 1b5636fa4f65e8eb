package dev.handover.capture.publish;

import dev.handover.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what earlier runs of capture left in the pipeline's state topic. */
public final class StateTopic {
    private static final Duration POLL = Duration.ofMillis(200);

    private StateTopic() {}

    /**
     * The newest value of every key, of committed transactions only. Called after the producer's transactional id was
     * taken over, so that no transaction of a predecessor is open.
     */
    public static Map<String, String> read(Map<String, String> kafka, Topics topics) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        Map<String, String> state = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topics.state(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
                    String key = new String(entry.key(), StandardCharsets.UTF_8);
                    if (entry.value() == null) {
                        state.remove(key);
                    } else {
                        state.put(key, new String(entry.value(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return state;
    }
}
