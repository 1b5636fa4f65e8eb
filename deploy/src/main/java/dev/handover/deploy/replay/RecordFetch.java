package dev.handover.deploy.replay;

import dev.handover.change.LogCoordinates;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads single records of Kafka's topics by their place. Used by one thread. */
final class RecordFetch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int POLLS_MAX = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private Set<String> topics = Set.of();

    RecordFetch(Map<String, String> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * The record at a place; empty where Kafka does not keep it any more.
     *
     * @throws Fault {@code kafka-failed} when Kafka does not answer
     */
    Optional<ConsumerRecord<byte[], byte[]>> at(LogCoordinates place) {
        TopicPartition partition = new TopicPartition(place.topic(), place.partition());
        try {
            if (!has(place.topic())) {
                return Optional.empty();
            }
            consumer.assign(List.of(partition));
            Long end = consumer.endOffsets(List.of(partition), TIMEOUT).get(partition);
            if (end == null || place.offset() >= end) {
                return Optional.empty();
            }
            consumer.seek(partition, place.offset());
            for (int polls = 0; consumer.position(partition, TIMEOUT) <= place.offset(); polls++) {
                if (polls > POLLS_MAX) {
                    throw new TimeoutException("no record and no end");
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
                    return record.offset() == place.offset() ? Optional.of(record) : Optional.empty();
                }
            }
            return Optional.empty();
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    /**
     * Whether there is such a topic; asked of Kafka once.
     *
     * @throws Fault {@code kafka-failed} when Kafka does not answer
     */
    boolean has(String topic) {
        if (topics.isEmpty()) {
            try {
                topics = Set.copyOf(consumer.listTopics(TIMEOUT).keySet());
            } catch (KafkaException e) {
                throw failed(e);
            }
        }
        return topics.contains(topic);
    }

    static Fault failed(KafkaException e) {
        return Fault.causedBy(
                e,
                ExitCode.UNREACHABLE,
                "kafka-failed",
                "Kafka failed (" + e.getClass().getSimpleName() + ")",
                "see that the brokers run and that the user may read the change logs and write the replay topic; then"
                        + " run the same command again");
    }

    @Override
    public void close() {
        consumer.close();
    }
}
