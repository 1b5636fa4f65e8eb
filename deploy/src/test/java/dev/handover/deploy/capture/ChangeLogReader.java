package dev.handover.deploy.capture;

import dev.handover.change.SourceEvent;
import dev.handover.wire.SourceEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a change log topic from its beginning, committed transactions only, as far as it goes. */
final class ChangeLogReader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final SourceEvents events;
    private final List<SourceEvent> read = new ArrayList<>();

    ChangeLogReader(String bootstrap, String topic, int partitions, SourceEvents events) {
        this.events = events;
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> assigned = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            assigned.add(new TopicPartition(topic, partition));
        }
        consumer.assign(assigned);
        consumer.seekToBeginning(assigned);
    }

    /** Everything there is by now. */
    List<SourceEvent> all() {
        for (int empty = 0; empty < 3; ) {
            int before = read.size();
            for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(Duration.ofMillis(100))) {
                read.add(events.decode(Optional.ofNullable(entry.key()), Optional.ofNullable(entry.value()))
                        .fold(event -> event, rejected -> {
                            throw new AssertionError("undecodable: " + rejected);
                        }));
            }
            empty = read.size() == before ? empty + 1 : 0;
        }
        return read;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
