package dev.handover.sink;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.sink.batch.HoldBack;
import dev.handover.sink.batch.Partition;
import dev.handover.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
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
    private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PROBE = Duration.ofMillis(100);

    /** So often, whoever is behind for so long is looked at for records that nobody will ever commit. */
    private static final Duration SLOW = Duration.ofSeconds(20);

    /** From then on, it is said what is waited for. */
    private static final Duration TOLD = Duration.ofSeconds(30);

    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final Map<String, Object> probing;
    private final InstantSource clock;
    private Map<SourceId, SourcePosition> rounds = Map.of();
    private @Nullable Inquiry awaited;
    private Map<SourceId, SourcePosition> processed = Map.of();
    private Map<TopicPartition, Long> ends = Map.of();
    private Set<String> still = Set.of();

    /** Rounds that were read, and where the change logs ended after that. */
    private static final class Inquiry {
        private final Map<SourceId, SourcePosition> rounds;
        private final Map<TopicPartition, Long> left;
        private final Instant since;
        private Instant probed;
        private boolean told;

        Inquiry(Map<SourceId, SourcePosition> rounds, Map<TopicPartition, Long> ends, Instant since) {
            this.rounds = rounds;
            this.left = new HashMap<>(ends);
            this.since = since;
            this.probed = since;
        }
    }

    RoundWatch(SinkConfig config, KafkaConsumer<byte[], byte[]> consumer, InstantSource clock) {
        this.topics = new Topics(config.pipeline());
        this.consumer = consumer;
        this.clock = clock;
        this.admin = Admin.create(new HashMap<>(config.kafka()));
        this.probing = new HashMap<>(config.kafka());
        probing.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        probing.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        probing.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        probing.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        probing.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    /**
     * Asks how far everybody is, if a partition still lacks the round that was the newest at the last look.
     *
     * @throws Fault {@code kafka-denied} when the change logs may not be looked at
     */
    void look(HoldBack held) {
        try {
            ask(held);
        } catch (RetriableException e) {
            log.atInfo()
                    .addKeyValue("failure", e.getClass().getSimpleName())
                    .log("Kafka did not tell how far the transform is: asked again at the next look");
        } catch (AuthorizationException e) {
            throw denied(e.getClass().getSimpleName());
        }
    }

    private Fault denied(String what) {
        return Fault.of(
                ExitCode.DENIED,
                "kafka-denied",
                "Kafka does not let the sink see how far the transform is (" + what + ")",
                "under transactions: source the sink's user needs DESCRIBE on topics " + topics.sourcePrefix()
                        + "* and on group " + topics.transformGroup());
    }

    private void ask(HoldBack held) {
        boolean late = !held.lacking(rounds).isEmpty();
        rounds = held.rounds();
        Inquiry inquiry = awaited;
        if (inquiry == null && late) {
            inquiry = new Inquiry(rounds, ends(changeLogs(held)), clock.instant());
            awaited = inquiry;
        }
        if (inquiry != null && isProcessed(inquiry)) {
            ends = ends(
                    held.lacking(rounds).stream().map(SourceTransactions::kafka).collect(Collectors.toSet()));
            processed = inquiry.rounds;
            awaited = null;
        }
        say(held.still());
    }

    /** Tells what is known, as the consumer goes on. */
    void tell(HoldBack held) {
        if (!processed.isEmpty()) {
            held.passed(processed, this::isRead);
            if (held.lacking(processed).isEmpty()) {
                processed = Map.of();
            }
        }
    }

    private void say(Set<String> now) {
        now.stream().filter(topic -> !still.contains(topic)).forEach(topic -> log.atWarn()
                .addKeyValue("topic", topic)
                .log("a table gets no marks: transactions of the others go on without it, and later than otherwise"));
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

    /** Kafka leaves out what the user may not see: then nothing is known of the others either. */
    private Set<TopicPartition> changeLogs(HoldBack held) {
        Set<TopicPartition> logs = new HashSet<>();
        Set<String> hidden = new HashSet<>(held.logs());
        for (Map.Entry<String, List<PartitionInfo>> topic :
                consumer.listTopics(KAFKA_TIMEOUT).entrySet()) {
            if (topic.getKey().startsWith(topics.sourcePrefix())) {
                hidden.remove(topic.getKey());
                topic.getValue()
                        .forEach(partition -> logs.add(new TopicPartition(topic.getKey(), partition.partition())));
            }
        }
        if (!hidden.isEmpty()) {
            throw denied("topic " + hidden.iterator().next() + " is hidden");
        }
        return logs;
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

    private boolean isProcessed(Inquiry inquiry) {
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        inquiry.left.entrySet().removeIf(end -> next(committed, end.getKey()) >= end.getValue());
        Instant now = clock.instant();
        if (!inquiry.left.isEmpty() && now.isAfter(inquiry.probed.plus(SLOW))) {
            probe(inquiry, committed);
            inquiry.probed = clock.instant();
        }
        if (!inquiry.left.isEmpty() && now.isAfter(inquiry.since.plus(TOLD)) && !inquiry.told) {
            inquiry.told = true;
            TopicPartition first = inquiry.left.keySet().iterator().next();
            log.atInfo()
                    .addKeyValue("topic", first.topic())
                    .addKeyValue("partition", first.partition())
                    .addKeyValue("partitions", inquiry.left.size())
                    .log(
                            "transactions wait for a table that may have no part in them, until the transform has processed"
                                    + " this change log");
        }
        return inquiry.left.isEmpty();
    }

    private static long next(Map<TopicPartition, OffsetAndMetadata> committed, TopicPartition partition) {
        OffsetAndMetadata offset = committed.get(partition);
        return offset == null ? 0 : offset.offset();
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() {
        try {
            return wait(admin.listConsumerGroupOffsets(topics.transformGroup()).partitionsToOffsetAndMetadata());
        } catch (GroupIdNotFoundException e) {
            return Map.of();
        }
    }

    /**
     * Takes for processed what has no record: a transform commits no offset of a partition of which it has read nothing
     * since its start, though all that is left there was never committed.
     */
    private void probe(Inquiry inquiry, Map<TopicPartition, OffsetAndMetadata> committed) {
        try (KafkaConsumer<byte[], byte[]> probe =
                new KafkaConsumer<>(probing, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Set<TopicPartition> silent = Set.copyOf(inquiry.left.keySet());
            probe.assign(silent);
            silent.forEach(partition -> probe.seek(partition, next(committed, partition)));
            Set<TopicPartition> speaking = new HashSet<>();
            Instant end = clock.instant().plus(KAFKA_TIMEOUT);
            while (speaking.size() < silent.size() && clock.instant().isBefore(end)) {
                probe.poll(PROBE).partitions().forEach(speaking::add);
                probe.pause(speaking);
                inquiry.left
                        .entrySet()
                        .removeIf(left -> !speaking.contains(left.getKey())
                                && probe.position(left.getKey(), KAFKA_TIMEOUT) >= left.getValue());
                if (speaking.containsAll(inquiry.left.keySet())) {
                    return;
                }
            }
        }
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
