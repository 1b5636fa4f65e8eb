package dev.handover.sink;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.role.Role;
import dev.handover.sink.archive.RawArchive;
import dev.handover.sink.archive.S3ObjectStore;
import dev.handover.sink.batch.Batch;
import dev.handover.sink.batch.Partition;
import dev.handover.sink.batch.Receipt;
import dev.handover.sink.batch.Sink;
import dev.handover.sink.postgres.ControlTables;
import dev.handover.sink.postgres.FindingLedger;
import dev.handover.sink.postgres.PostgresSink;
import dev.handover.wire.SchemaRegistry;
import dev.handover.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes canonical changes and dead letters to the target: poll, apply, commit, on one thread. Where to read on is told
 * by the target, in the transaction that applied what was read; Kafka's own offsets are written for those who watch
 * lag, and never read.
 */
public final class SinkRole implements Role {
    private static final Logger log = LoggerFactory.getLogger(SinkRole.class);
    private static final Duration TOPICS_POLL = Duration.ofMillis(200);
    private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(30);

    private final SinkConfig config;
    private final SchemaRegistry registry;
    private final InstantSource clock;
    private volatile boolean stopping; // set by any thread
    private volatile @Nullable KafkaConsumer<byte[], byte[]> polling; // woken by stop()

    public SinkRole(SinkConfig config, SchemaRegistry registry, InstantSource clock) {
        this.config = config;
        this.registry = registry;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "sink";
    }

    @Override
    public void run() {
        ControlTables.migrate(config.target());
        FindingWatch watch = new FindingWatch(config.limits());
        // what stopped a sink stops the next one too, before it claims anything
        watch.look(FindingLedger.read(config.target()).totals());
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        Optional<RawArchive> archive = config.archive()
                .map(settings -> new RawArchive(new S3ObjectStore(settings, config.retry()), settings.tables()));
        try (PostgresSink sink =
                        new PostgresSink(config.target(), config.retry(), config.copyRowsMin(), archive, clock);
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(ConsumerSettings.of(config), bytes, bytes)) {
            polling = consumer;
            if (awaitTopics(consumer)) {
                Optional<SourceTransactions> transactions = config.transactions() == Transactions.SOURCE
                        ? Optional.of(new SourceTransactions(config, consumer, clock))
                        : Optional.empty();
                try {
                    consumer.subscribe(topics(config.pipeline()), new Assignment(consumer, sink, transactions));
                    loop(consumer, sink, watch, transactions);
                } finally {
                    transactions.ifPresent(SourceTransactions::close);
                }
            }
        } catch (WakeupException e) {
            if (!stopping) {
                throw e;
            }
        } catch (OffsetOutOfRangeException e) {
            throw Fault.causedBy(e, ExitCode.FAILED, "log-lost", LOST, LOST_HINT);
        } catch (KafkaException e) {
            throw e.getCause() instanceof Fault fault ? fault : unreachable(e);
        } finally {
            polling = null;
            archive.ifPresent(RawArchive::close);
        }
    }

    private static final String LOST = "the canonical topics no longer hold what is to be applied next";
    private static final String LOST_HINT =
            "A topic was deleted, made anew, or cut by its retention. Load the tables again.";

    @Override
    public void stop() {
        stopping = true;
        KafkaConsumer<byte[], byte[]> consumer = polling;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    private void loop(
            KafkaConsumer<byte[], byte[]> consumer,
            Sink sink,
            FindingWatch watch,
            Optional<SourceTransactions> transactions) {
        Deliveries deliveries = new Deliveries(config, registry, clock);
        boolean joined = false;
        while (!stopping) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(config.pollMax());
            if (!joined && !consumer.assignment().isEmpty()) {
                joined = true;
                // a member that comes back under its name is given what it had, without the topics made meanwhile
                consumer.enforceRebalance("topics may have been made while the sink was away");
            }
            if (transactions.isPresent()) {
                applyWhole(records, deliveries, transactions.get(), batch -> apply(batch, consumer, sink, watch));
            } else {
                deliveries.batches(records).forEach(batch -> apply(batch, consumer, sink, watch));
            }
        }
    }

    private void applyWhole(
            ConsumerRecords<byte[], byte[]> records,
            Deliveries deliveries,
            SourceTransactions transactions,
            Consumer<Batch> apply) {
        records.forEach(record -> transactions.take(deliveries.arrival(record)));
        Optional<Batch> next = transactions.next();
        while (next.isPresent() && !stopping) {
            apply.accept(next.get());
            next = transactions.next();
        }
        transactions.pace();
    }

    private static void apply(Batch batch, KafkaConsumer<byte[], byte[]> consumer, Sink sink, FindingWatch watch) {
        Receipt receipt = sink.apply(batch);
        publish(consumer, batch);
        watch.look(receipt.findings());
    }

    /** Lets those who watch the consumer group see how far it is. Nothing depends on it, so nothing waits for it. */
    private static void publish(KafkaConsumer<byte[], byte[]> consumer, Batch batch) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        batch.nextOffsets()
                .forEach((partition, next) -> offsets.put(
                        new TopicPartition(partition.topic(), partition.number()), new OffsetAndMetadata(next)));
        consumer.commitAsync(offsets, (same, failure) -> {
            if (failure != null) {
                log.atDebug()
                        .addKeyValue("failure", failure.getClass().getSimpleName())
                        .log("offsets were not published");
            }
        });
    }

    /** Canonical topics and the dead letters. */
    static Pattern topics(String pipeline) {
        return Pattern.compile(
                Pattern.quote(pipeline + ".canonical.") + ".*|" + Pattern.quote(new Topics(pipeline).deadLetter()));
    }

    /** The dead letter topic is made last: once it is there, all are. @return whether it is; false when stopped */
    private boolean awaitTopics(KafkaConsumer<byte[], byte[]> consumer) {
        String last = new Topics(config.pipeline()).deadLetter();
        Instant deadline = clock.instant().plus(config.topicsWaitMax());
        while (!stopping) {
            if (consumer.listTopics(KAFKA_TIMEOUT).containsKey(last)) {
                return true;
            }
            if (clock.instant().isAfter(deadline)) {
                throw Fault.of(
                        ExitCode.TIMED_OUT,
                        "topics-missing",
                        "topic " + last + " does not exist after "
                                + config.topicsWaitMax().toSeconds() + " s",
                        "Start capture; it makes the pipeline's topics.");
            }
            try {
                Thread.sleep(TOPICS_POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private Fault unreachable(KafkaException e) {
        return Fault.causedBy(
                e,
                ExitCode.UNREACHABLE,
                "kafka-failed",
                "Kafka at " + config.kafka().get("bootstrap.servers") + " failed ("
                        + e.getClass().getSimpleName() + ")",
                "See that the brokers run and that the sink's user may read the pipeline's topics; then start again.");
    }

    /** Claims partitions at the target as they come, and reads on where the target says. */
    private record Assignment(
            KafkaConsumer<byte[], byte[]> consumer, Sink sink, Optional<SourceTransactions> transactions)
            implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            if (assigned.isEmpty()) {
                return;
            }
            SortedMap<Partition, Long> offsets = sink.claim(partitions(assigned));
            Map<TopicPartition, Long> first = consumer.beginningOffsets(assigned, KAFKA_TIMEOUT);
            Map<TopicPartition, Long> end = consumer.endOffsets(assigned, KAFKA_TIMEOUT);
            offsets.forEach((partition, next) -> {
                TopicPartition kafka = new TopicPartition(partition.topic(), partition.number());
                if (next < first.getOrDefault(kafka, 0L) || next > end.getOrDefault(kafka, 0L)) {
                    throw Fault.of(
                            ExitCode.FAILED,
                            "log-lost",
                            partition + " holds offsets " + first.get(kafka) + " to " + end.get(kafka) + ", but " + next
                                    + " is to be applied next",
                            LOST_HINT);
                }
                consumer.seek(kafka, next);
            });
            transactions.ifPresent(whole -> whole.assigned(offsets.keySet()));
            log.atInfo().addKeyValue("partitions", assigned.size()).log("partitions claimed");
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            transactions.ifPresent(whole -> whole.revoked(partitions(revoked)));
            sink.release(partitions(revoked));
        }

        private static Set<Partition> partitions(Collection<TopicPartition> kafka) {
            Set<Partition> partitions = new TreeSet<>();
            kafka.forEach(partition -> partitions.add(new Partition(partition.topic(), partition.partition())));
            return partitions;
        }
    }
}
