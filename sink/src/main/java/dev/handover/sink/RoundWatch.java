package dev.handover.sink;

import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.sink.batch.HoldBack;
import dev.handover.sink.batch.HoldBack.Passage;
import dev.handover.sink.batch.Partition;
import dev.handover.wire.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a round of marks has passed a partition by, where one lacks it for longer than it takes a running
 * transform. Three facts in their order, each asked for when the one before is known: where the change logs end, that
 * the transform has processed them up to there, and where the canonical topics end then. What the transform wrote is in
 * one transaction with the offsets it has processed, so all of it is before those ends, and read once the consumer is
 * there. Ends are those of uncommitted records: a transaction that Kafka is committing may show in one partition before
 * it shows in another. The sink's thread only.
 */
final class RoundWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RoundWatch.class);
    private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(30);

    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private Map<SourceId, SourcePosition> rounds = Map.of();
    private @Nullable Passage awaited;
    private @Nullable Passage passage;
    private Map<TopicPartition, Long> ends = Map.of();
    private Set<String> still = Set.of();

    RoundWatch(SinkConfig config, KafkaConsumer<byte[], byte[]> consumer) {
        this.topics = new Topics(config.pipeline());
        this.consumer = consumer;
        Map<String, Object> settings = new HashMap<>(config.kafka());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) KAFKA_TIMEOUT.toMillis());
        this.admin = Admin.create(settings);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    /** Asks how far everybody is, if a partition still lacks the round that was the newest at the last look. */
    void look(HoldBack held) {
        try {
            ask(held);
        } catch (RetriableException e) {
            log.atInfo()
                    .addKeyValue("failure", e.getClass().getSimpleName())
                    .log("Kafka did not tell how far the transform is: asked again at the next look");
        }
    }

    private void ask(HoldBack held) {
        boolean late = !held.lacking(rounds).isEmpty();
        rounds = held.rounds();
        if (awaited == null && late) {
            awaited = new Passage(rounds, changeLogEnds());
        }
        Passage asked = awaited;
        if (asked != null && isProcessed(asked)) {
            Set<TopicPartition> lacking =
                    held.lacking(rounds).stream().map(SourceTransactions::kafka).collect(Collectors.toSet());
            ends = ends(lacking);
            passage = asked;
            awaited = null;
        }
    }

    /** Tells what is known, as the consumer goes on. */
    void tell(HoldBack held) {
        Passage known = passage;
        if (known == null) {
            return;
        }
        Set<String> now = held.passed(known, this::isRead);
        now.stream().filter(topic -> !still.contains(topic)).forEach(topic -> log.atWarn()
                .addKeyValue("topic", topic)
                .log("a table gets no marks: transactions of the others go on without it, up to two seconds later"));
        still.stream()
                .filter(topic -> !now.contains(topic))
                .forEach(topic -> log.atInfo().addKeyValue("topic", topic).log("the table gets marks again"));
        still = now;
    }

    private boolean isRead(Partition partition) {
        TopicPartition kafka = SourceTransactions.kafka(partition);
        Long end = ends.get(kafka);
        return end != null && consumer.assignment().contains(kafka) && consumer.position(kafka) >= end;
    }

    private Map<Partition, Long> changeLogEnds() {
        Set<TopicPartition> logs = new HashSet<>();
        for (Map.Entry<String, List<PartitionInfo>> topic :
                consumer.listTopics(KAFKA_TIMEOUT).entrySet()) {
            if (topic.getKey().startsWith(topics.sourcePrefix())) {
                topic.getValue()
                        .forEach(partition -> logs.add(new TopicPartition(topic.getKey(), partition.partition())));
            }
        }
        Map<Partition, Long> found = new HashMap<>();
        ends(logs).forEach((kafka, end) -> found.put(new Partition(kafka.topic(), kafka.partition()), end));
        return found;
    }

    private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions) {
        return wait(admin.listOffsets(
                                partitions.stream()
                                        .collect(Collectors.toMap(kafka -> kafka, kafka -> OffsetSpec.latest())),
                                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .all())
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private boolean isProcessed(Passage asked) {
        Map<TopicPartition, OffsetAndMetadata> processed =
                wait(admin.listConsumerGroupOffsets(topics.transformGroup()).partitionsToOffsetAndMetadata());
        return asked.logEnds().entrySet().stream()
                .allMatch(end -> end.getValue() == 0
                        || Optional.ofNullable(processed.get(SourceTransactions.kafka(end.getKey())))
                                .filter(offset -> offset.offset() >= end.getValue())
                                .isPresent());
    }

    private static <T> T wait(KafkaFuture<T> future) {
        try {
            return future.get(KAFKA_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("Kafka did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }
}
