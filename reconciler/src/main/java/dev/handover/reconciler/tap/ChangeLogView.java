package dev.handover.reconciler.tap;

import dev.handover.change.Outcome;
import dev.handover.change.SourceEvent;
import dev.handover.row.TableId;
import dev.handover.wire.SourceEvents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The change logs of one source as everybody downstream may read them: committed records alone. It is in no consumer
 * group and commits nothing, so nobody notices it. Used by one thread.
 */
final class ChangeLogView implements AutoCloseable {
    private static final Duration KAFKA_MAX = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    /** A partition that has shown so many marks beyond what is compared waits for the others. */
    private static final int MARKS_AHEAD_MAX = 8;

    /** What capture leaves in the change log of a table that was parked and goes on. */
    private static final byte[] GAP = "gap".getBytes(StandardCharsets.UTF_8);

    private final TapConfig config;
    private final SourceEvents events;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, TableId> tables = new HashMap<>();
    private final Map<TopicPartition, Long> resume = new HashMap<>();
    private Instant nextLook = Instant.MIN;

    ChangeLogView(TapConfig config, SourceEvents events) {
        this.config = config;
        this.events = events;
        Map<String, Object> settings = new HashMap<>(config.kafka());
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        // where an offset is gone, records are: from the end, and only what can be known from there is compared
        settings.put("auto.offset.reset", "none");
        settings.put("allow.auto.create.topics", "false");
        settings.remove("group.id");
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        this.consumer = new KafkaConsumer<>(settings, bytes, bytes);
    }

    /** Where to read the change log of a table on. */
    void resume(TableId table, List<Long> offsets) {
        String topic = config.topics().source(table);
        tables.put(topic, table);
        for (int partition = 0; partition < offsets.size(); partition++) {
            resume.put(new TopicPartition(topic, partition), offsets.get(partition));
        }
    }

    /** Hands over what has come, waiting for a moment where nothing has. @return how many records counted */
    int poll(Tap tap, Duration wait, Instant now) {
        if (!now.isBefore(nextLook)) {
            look();
            nextLook = now.plus(LOOK_EVERY);
        }
        if (consumer.assignment().isEmpty()) {
            return 0;
        }
        pace(tap);
        int read = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            read += take(tap, record) ? 1 : 0;
        }
        return read;
    }

    private boolean take(Tap tap, ConsumerRecord<byte[], byte[]> record) {
        Outcome<SourceEvent> outcome =
                events.decode(Optional.ofNullable(record.key()), Optional.ofNullable(record.value()));
        boolean counts = outcome.fold(
                event -> {
                    tables.put(record.topic(), event.schema().table());
                    return tap.change(record.partition(), record.offset(), event);
                },
                rejection -> {
                    // what nobody can read is a change that nobody gets; the transaction it was of will lack it
                    TableId table = tables.get(record.topic());
                    if (table != null && Arrays.equals(record.value(), GAP)) {
                        tap.gap(table, record.partition(), record.offset());
                    }
                    return false;
                });
        return counts;
    }

    /** Topics that are new: from where the ledger says, else from their ends. */
    private void look() {
        String prefix = config.topics().sourcePrefix() + config.source().name() + ".";
        Set<TopicPartition> all = new HashSet<>(consumer.assignment());
        List<TopicPartition> more = new ArrayList<>();
        for (String topic : consumer.listTopics(KAFKA_MAX).keySet()) {
            for (int partition = 0; topic.startsWith(prefix) && partition < config.partitions(); partition++) {
                TopicPartition of = new TopicPartition(topic, partition);
                if (all.add(of)) {
                    more.add(of);
                }
            }
        }
        if (more.isEmpty()) {
            return;
        }
        consumer.assign(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(more, KAFKA_MAX);
        more.forEach(of -> {
            Long known = resume.remove(of);
            consumer.seek(of, known == null ? ends.getOrDefault(of, 0L) : known);
        });
    }

    private void pace(Tap tap) {
        Set<TopicPartition> ahead = new HashSet<>();
        for (TableViews views : tap.tables()) {
            String topic = config.topics().source(views.table());
            for (int partition = 0; partition < config.partitions(); partition++) {
                if (views.ahead(partition, MARKS_AHEAD_MAX)) {
                    ahead.add(new TopicPartition(topic, partition));
                }
            }
        }
        ahead.retainAll(consumer.assignment());
        Set<TopicPartition> paused = new HashSet<>(consumer.paused());
        paused.removeAll(ahead);
        consumer.resume(paused);
        consumer.pause(ahead);
    }

    /** Whether there is nothing yet that could be waited for. */
    boolean idle() {
        return consumer.assignment().isEmpty();
    }

    /** Ends a wait, from any thread. */
    void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
