package dev.handover.sink;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.sink.batch.Arrival;
import dev.handover.sink.batch.Batch;
import dev.handover.sink.batch.Gathering;
import dev.handover.sink.batch.HoldBack;
import dev.handover.sink.batch.Partition;
import dev.handover.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers transactions of the source whole: what is read goes into {@link HoldBack}, and comes out of it as batches.
 * Nothing is applied unless this sink owns every partition of the pipeline, for a part of a transaction may be in any
 * of them. Dead letters belong to none, and go at once. The sink's thread only.
 */
final class SourceTransactions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SourceTransactions.class);

    /**
     * Partitions of a sink that died are given away within Kafka's session time-out, 45 s; another one keeps its own.
     */
    private static final Duration SHARED_MAX = Duration.ofSeconds(60);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(30);

    private final SinkConfig config;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final InstantSource clock;
    private final String deadLetter;
    private final Pattern canonical;
    private final HoldBack held;
    private final RoundWatch rounds;
    private final List<Arrival> letters = new ArrayList<>();
    private Set<TopicPartition> paused = Set.of();
    private Instant sharedSince;
    private Instant nextLook = Instant.MIN;
    private boolean ownsAll;
    private boolean whole = true;

    SourceTransactions(SinkConfig config, KafkaConsumer<byte[], byte[]> consumer, InstantSource clock) {
        this.config = config;
        this.consumer = consumer;
        this.clock = clock;
        this.deadLetter = new Topics(config.pipeline()).deadLetter();
        this.canonical = SinkRole.topics(config.pipeline());
        this.held = new HoldBack(config.batch(), config.heldBytesMax());
        this.rounds = new RoundWatch(config, consumer, clock);
        this.sharedSince = clock.instant();
    }

    @Override
    public void close() {
        rounds.close();
    }

    void assigned(Set<Partition> partitions) {
        held.assign(canonical(partitions));
        changed();
    }

    void revoked(Set<Partition> partitions) {
        held.revoke(canonical(partitions));
        letters.removeIf(letter -> partitions.contains(letter.partition()));
        changed();
    }

    /** Until it was looked at, who owns what is not known. */
    private void changed() {
        if (ownsAll) {
            sharedSince = clock.instant();
        }
        ownsAll = false;
        nextLook = Instant.MIN;
        paused = Set.of();
    }

    private Set<Partition> canonical(Set<Partition> partitions) {
        return partitions.stream()
                .filter(partition -> !partition.topic().equals(deadLetter))
                .collect(Collectors.toSet());
    }

    void take(Arrival arrival) {
        if (arrival.partition().topic().equals(deadLetter)) {
            letters.add(arrival);
        } else {
            held.add(arrival);
        }
    }

    /** The next batch; empty until more is read. */
    Optional<Batch> next() {
        if (!letters.isEmpty()) {
            Gathering gathering = new Gathering(config.batch());
            letters.forEach(gathering::take);
            letters.clear();
            return Optional.of(gathering.batch());
        }
        if (!ownsAll) {
            look();
        }
        if (!ownsAll) {
            return Optional.empty();
        }
        Optional<Batch> next = held.next();
        next.ifPresent(batch -> tell());
        return next;
    }

    private void tell() {
        if (whole && !held.isWhole()) {
            log.atWarn()
                    .addKeyValue("heldBytesMax", config.heldBytesMax())
                    .addKeyValue("remedy", "raise sinks[].write.heldBytes, and the sink's memory with it")
                    .log("a transaction of the source is larger than may be held back: it is applied in parts");
        } else if (!whole && held.isWhole()) {
            log.atInfo().log("the transactions that were applied in parts are whole");
        }
        whole = held.isWhole();
    }

    /** Decides which partitions are read on, and learns which of them rounds of marks have passed by. */
    void pace() {
        look();
        rounds.tell(held);
        Set<TopicPartition> pausing = held.paused(this::drained).stream()
                .map(SourceTransactions::kafka)
                .filter(consumer.assignment()::contains)
                .collect(Collectors.toSet());
        if (!pausing.equals(paused)) {
            Set<TopicPartition> resumed = new HashSet<>(consumer.paused());
            resumed.removeAll(pausing);
            consumer.resume(resumed);
            consumer.pause(pausing);
            paused = pausing;
        }
    }

    private void look() {
        Instant now = clock.instant();
        if (now.isBefore(nextLook)) {
            return;
        }
        nextLook = now.plus(LOOK);
        if (!ownsAll) {
            ownsAll = ownsAll(now);
        }
        if (ownsAll) {
            rounds.look(held);
        }
    }

    private boolean ownsAll(Instant now) {
        Set<TopicPartition> owned = consumer.assignment();
        for (Map.Entry<String, List<PartitionInfo>> topic :
                consumer.listTopics(KAFKA_TIMEOUT).entrySet()) {
            for (PartitionInfo partition : topic.getValue()) {
                if (canonical.matcher(topic.getKey()).matches()
                        && !owned.contains(new TopicPartition(topic.getKey(), partition.partition()))) {
                    requireSoon(now, topic.getKey());
                    return false;
                }
            }
        }
        return true;
    }

    private void requireSoon(Instant now, String topic) {
        if (now.isAfter(sharedSince.plus(SHARED_MAX))) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "partitions-shared",
                    "another sink of the pipeline holds partitions of " + topic
                            + ", and transactions of the source are whole only in one",
                    "Run one sink under transactions: source, or write transactions: batch.");
        }
    }

    private boolean drained(Partition partition) {
        TopicPartition kafka = kafka(partition);
        return consumer.assignment().contains(kafka)
                && consumer.currentLag(kafka).orElse(1) == 0;
    }

    static TopicPartition kafka(Partition partition) {
        return new TopicPartition(partition.topic(), partition.number());
    }
}
