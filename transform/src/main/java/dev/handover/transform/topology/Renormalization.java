package dev.handover.transform.topology;

import dev.handover.change.Outcome;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.mapping.TableMapping;
import dev.handover.transform.TransformConfig;
import dev.handover.transform.version.RenewedRows;
import dev.handover.transform.version.VersionLog;
import dev.handover.wire.SchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a raised mapping version to rows that nobody changes: what the change log says of them is sent to it once
 * more, and the ordinary path does the rest. The guard {@code (position, mapping version)} lets each row's newest
 * change pass, for its mapping is newer; everything older is stale. A change log keeps the newest record of every key,
 * so nothing is read from the source.
 *
 * <p>How far it is stands in the offsets of a consumer group of its own for each table and version, with the end that
 * it works towards: that of the log when the version was first seen here. Records and offsets go in one transaction, so
 * a crash repeats nothing and loses nothing. Brokers forget the offsets of a group that nobody uses, so the end of the
 * work is written down in the {@link VersionLog} as well. Used by one thread.
 */
final class Renormalization {
    private static final Logger LOG = LoggerFactory.getLogger(Renormalization.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int POLL_RECORDS_MAX = 5_000;
    private static final String END = "end=";

    private final TransformConfig config;
    private final SourceEvents events;
    private final VersionLog versions;

    Renormalization(TransformConfig config, SchemaRegistry registry, VersionLog versions) {
        this.config = config;
        this.versions = versions;
        this.events = new SourceEvents(config.topics(), config.partitions(), registry);
    }

    /** What is left to do for one table: by partition, from where to where. */
    record Work(TableMapping mapping, String topic, Map<Integer, Span> spans) {
        Work {
            spans = Map.copyOf(spans);
        }

        boolean done() {
            return spans.values().stream().allMatch(span -> span.next() >= span.end());
        }
    }

    /** Offsets of one partition. */
    record Span(long next, long end) {}

    /**
     * Finds what is to be done, and remembers the ends. To be called before the first record is processed under the
     * mappings of this process.
     */
    List<Work> plan(Admin admin) throws ExecutionException, InterruptedException {
        List<TableMapping> raised = config.mappings().stream()
                .filter(mapping -> mapping.version() > 1)
                .toList();
        if (raised.isEmpty()) {
            return List.of();
        }
        Set<RenewedRows> renewed = versions.read().renewed();
        raised = raised.stream()
                .filter(mapping -> !renewed.contains(renewed(mapping)))
                .toList();
        Map<TopicPartition, OffsetAndMetadata> processed = ChangeLogs.committed(admin, config.applicationId());
        List<Work> works = new ArrayList<>();
        for (TableMapping mapping : raised) {
            Work work = work(admin, mapping, processed);
            if (work.done()) {
                versions.add(renewed(mapping));
            } else {
                works.add(work);
            }
        }
        return works;
    }

    private static RenewedRows renewed(TableMapping mapping) {
        return new RenewedRows(mapping.source().text(), mapping.target().shortText(), mapping.version());
    }

    private Work work(Admin admin, TableMapping mapping, Map<TopicPartition, OffsetAndMetadata> processed)
            throws ExecutionException, InterruptedException {
        String topic = config.topics().source(mapping.source());
        String group = group(mapping);
        Map<TopicPartition, OffsetAndMetadata> known = ChangeLogs.committed(admin, group);
        Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
        Map<Integer, Span> spans = new HashMap<>();
        for (int i = 0; i < config.partitions(); i++) {
            TopicPartition partition = new TopicPartition(topic, i);
            OffsetAndMetadata at = known.get(partition);
            if (at == null) {
                OffsetAndMetadata end = processed.get(partition);
                at = new OffsetAndMetadata(0, END + (end == null ? 0 : end.offset()));
                first.put(partition, at);
            }
            spans.put(i, new Span(at.offset(), Long.parseLong(at.metadata().substring(END.length()))));
        }
        if (!first.isEmpty()) {
            admin.alterConsumerGroupOffsets(group, first).all().get();
        }
        return new Work(mapping, topic, spans);
    }

    private String group(TableMapping mapping) {
        return config.applicationId() + "-version-" + mapping.version() + "-"
                + config.topics().canonical(mapping.target()) + "-"
                + config.topics().source(mapping.source());
    }

    /** Does it; returns early once {@code stopped} is counted down, and goes on at the next start. */
    void run(List<Work> works, CountDownLatch stopped) {
        if (works.isEmpty()) {
            return;
        }
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.initTransactions();
            for (Work work : works) {
                for (Map.Entry<Integer, Span> entry : work.spans().entrySet()) {
                    again(work, entry.getKey(), entry.getValue(), producer, stopped);
                }
                if (stopped.getCount() > 0) {
                    versions.add(renewed(work.mapping()));
                    LOG.atInfo()
                            .addKeyValue("table", work.mapping().target().shortText())
                            .addKeyValue("version", work.mapping().version())
                            .log("the change log was sent again for a raised mapping version");
                }
            }
        }
    }

    private void again(
            Work work, int number, Span span, KafkaProducer<byte[], byte[]> producer, CountDownLatch stopped) {
        TopicPartition partition = new TopicPartition(work.topic(), number);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(group(work.mapping()))) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, span.next());
            while (stopped.getCount() > 0 && consumer.position(partition) < span.end()) {
                // The newest of each key is enough: the older ones would be stale.
                Map<ByteBuffer, ConsumerRecord<byte[], byte[]>> newest = new LinkedHashMap<>();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
                    if (record.offset() < span.end() && isChange(record)) {
                        newest.put(ByteBuffer.wrap(record.key()), record);
                    }
                }
                long next = Math.min(consumer.position(partition), span.end());
                producer.beginTransaction();
                for (ConsumerRecord<byte[], byte[]> record : newest.values()) {
                    // A failed send fails the commit below.
                    var unused = producer.send(new ProducerRecord<>(
                            work.topic(), number, record.timestamp(), record.key(), record.value()));
                }
                producer.sendOffsetsToTransaction(
                        Map.of(partition, new OffsetAndMetadata(next, END + span.end())), consumer.groupMetadata());
                producer.commitTransaction();
            }
        }
    }

    private boolean isChange(ConsumerRecord<byte[], byte[]> record) {
        Outcome<SourceEvent> event =
                events.decode(Optional.ofNullable(record.key()), Optional.ofNullable(record.value()));
        // What cannot be read was a dead letter, and would be one again. Rows that are not in the log are loaded again.
        return record.key() != null && event.fold(SourceChange.class::isInstance, rejection -> false);
    }

    private KafkaConsumer<byte[], byte[]> consumer(String group) {
        Map<String, Object> properties = new HashMap<>(config.kafka());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS_MAX);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> properties = new HashMap<>(config.kafka());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.applicationId() + "-again-" + config.instance());
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, config.recordBytesMax());
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
