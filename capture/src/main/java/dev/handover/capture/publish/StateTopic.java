package dev.handover.capture.publish;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Reads what earlier runs of capture left in the pipeline's state topic, and writes what people ask of the next. */
public final class StateTopic {
    private static final Duration POLL = Duration.ofMillis(200);

    private static final String WRITE_MILLIS_MAX = "10000";

    private StateTopic() {}

    /**
     * What the topic holds.
     *
     * @param values the newest of every key
     * @param end offset after the last record that was looked at
     */
    public record Read(Map<String, String> values, long end) {
        public Read {
            values = Map.copyOf(values);
        }
    }

    /**
     * The newest value of every key, of committed transactions only. Called after the producer's transactional id was
     * taken over, so that no transaction of a predecessor is open.
     */
    public static Read read(Map<String, String> kafka, Topics topics) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        Map<String, String> state = new HashMap<>();
        long end;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topics.state(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
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
        return new Read(state, end);
    }

    /**
     * Writes one entry from outside of capture, in no transaction. The topic is there.
     *
     * @param value empty to remove what is under the key
     * @throws Fault {@code kafka-unreachable}
     */
    public static void write(Map<String, String> kafka, Topics topics, String key, Optional<String> value) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("request.timeout.ms", "5000");
        settings.put("delivery.timeout.ms", WRITE_MILLIS_MAX);
        settings.put("max.block.ms", WRITE_MILLIS_MAX);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            topics.state(),
                            0,
                            key.getBytes(StandardCharsets.UTF_8),
                            value.map(text -> text.getBytes(StandardCharsets.UTF_8))
                                    .orElse(null)))
                    .get();
        } catch (KafkaException | ExecutionException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.UNREACHABLE,
                    "kafka-unreachable",
                    "kafka did not take an entry of the state topic",
                    "check that the brokers run, and that kafka.bootstrap and kafka.security are right");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(e, ExitCode.FAILED, "interrupted", "interrupted while writing to kafka", "try again");
        }
    }
}
