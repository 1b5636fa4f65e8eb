package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalEvent;
import dev.handover.change.CanonicalMark;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.row.RowKey;
import dev.handover.wire.CanonicalEvents;
import dev.handover.wire.Encoded;
import dev.handover.wire.HttpSchemaRegistry;
import dev.handover.wire.SchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real broker, the role in a process of its own, and SIGKILL in mid-flight. */
class KilledTransformIT {
    private static final int ROWS = Integer.getInteger("handover.transform.rows", 20_000);
    private static final int KILLS = 2;
    private static final int QUIET_POLLS = 5;
    private static final Duration WAIT_MAX = Duration.ofSeconds(90);

    private final Map<Bucket, BucketState> buckets = new HashMap<>();
    private final Map<RowKey, Optional<Fingerprint>> rows = new HashMap<>();
    private final List<Integer> marked = new ArrayList<>();
    private int changes;
    private Instant lastAt = Instant.EPOCH;

    @Test
    @Timeout(400)
    void noChangeIsLostOrCountedTwice(@TempDir Path directory) throws Exception {
        try (Broker broker = Broker.start(directory.resolve("kafka"));
                RegistryServer server = new RegistryServer();
                KafkaConsumer<byte[], byte[]> canonical = consumer(broker)) {
            createTopics(broker);
            SchemaRegistry registry = new HttpSchemaRegistry(server.uri(), "BACKWARD_TRANSITIVE");
            SourceEvents source = new SourceEvents(Notes.TOPICS, TransformProcess.PARTITIONS, registry);
            CanonicalEvents events = new CanonicalEvents(Notes.TOPICS, registry);
            canonical.subscribe(Pattern.compile("demo\\.canonical\\..*"));
            Path log = directory.resolve("transform.log");
            Process process = TransformProcess.start(broker.bootstrap(), server.uri(), directory.resolve("state"), log);
            try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
                int part = ROWS / (KILLS + 1);
                for (int life = 0; life <= KILLS; life++) {
                    Instant began = Instant.now();
                    sendRows(producer, source, life * part, part);
                    if (life < KILLS) {
                        readUntil(canonical, events, life * part + part / 2, process);
                        Duration processor = cpu(process);
                        process.destroyForcibly().waitFor();
                        Instant killed = Instant.now();
                        readWhatWasCommitted(canonical, events);
                        process = TransformProcess.start(
                                broker.bootstrap(), server.uri(), directory.resolve("state"), log);
                        readUntil(canonical, events, changes + 1, process);
                        report("life " + life + ": CPU " + processor + ", first change after SIGKILL in "
                                + Duration.between(killed, lastAt));
                    } else {
                        int before = changes;
                        sendMarks(producer, source);
                        readUntil(canonical, events, (KILLS + 1) * part, process);
                        report("life " + life + ": " + (changes - before) + " changes in "
                                + Duration.between(began, lastAt) + ", CPU " + cpu(process));
                    }
                }
                readMarks(canonical, events);
                Digest sum = Digest.EMPTY;
                for (Optional<Fingerprint> row : rows.values()) {
                    sum = row.map(sum::plus).orElse(sum);
                }
                Digest told = buckets.values().stream().map(BucketState::digest).reduce(Digest.EMPTY, Digest::plus);
                assertThat(told).isEqualTo(sum);
                assertThat(changes).isEqualTo((KILLS + 1) * part);
                assertThat(marked).containsExactlyInAnyOrder(0, 1, 2, 3);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static void report(String line) {
        System.out.println("KilledTransformIT " + line);
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private void readUntil(
            KafkaConsumer<byte[], byte[]> canonical, CanonicalEvents events, int wanted, Process process) {
        Instant deadline = Instant.now().plus(WAIT_MAX);
        while (changes < wanted) {
            assertThat(Instant.now())
                    .as("%s of %s changes came", changes, wanted)
                    .isBefore(deadline);
            assertThat(process.isAlive()).as("the transform runs").isTrue();
            read(canonical, events);
        }
    }

    /** Until nothing comes any more, so that the next change is of the next life. */
    private void readWhatWasCommitted(KafkaConsumer<byte[], byte[]> canonical, CanonicalEvents events) {
        int before = -1;
        while (changes != before) {
            before = changes;
            for (int poll = 0; poll < QUIET_POLLS; poll++) {
                read(canonical, events);
            }
        }
    }

    private void readMarks(KafkaConsumer<byte[], byte[]> canonical, CanonicalEvents events) {
        Instant deadline = Instant.now().plus(WAIT_MAX);
        while (marked.size() < TransformProcess.PARTITIONS) {
            assertThat(Instant.now()).as("marks of %s came", marked).isBefore(deadline);
            read(canonical, events);
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> canonical, CanonicalEvents events) {
        for (ConsumerRecord<byte[], byte[]> record : canonical.poll(Duration.ofMillis(50))) {
            CanonicalEvent event = events.decode(Optional.ofNullable(record.key()), Optional.of(record.value()))
                    .fold(decoded -> decoded, rejection -> {
                        throw new AssertionError("undecodable: " + rejection);
                    });
            if (event instanceof CanonicalChange change) {
                check(change, record.partition());
                lastAt = Instant.now();
            } else if (event instanceof CanonicalMark) {
                marked.add(record.partition());
            }
        }
    }

    private void check(CanonicalChange change, int partition) {
        BucketState state = change.bucket();
        long before = Optional.ofNullable(buckets.put(state.bucket(), state))
                .map(BucketState::sequence)
                .orElse(0L);
        assertThat(state.sequence()).isEqualTo(before + 1);
        assertThat(partition).isEqualTo(Bucket.of(change.key()).partition(TransformProcess.PARTITIONS));
        assertThat(change.provenance().log().partition()).isEqualTo(partition);
        rows.put(change.key(), change.fold(upsert -> Optional.of(upsert.fingerprint()), delete -> Optional.empty()));
        changes++;
    }

    /** Every tenth change updates an earlier row without repeating its note, every fiftieth deletes one. */
    private static void sendRows(KafkaProducer<byte[], byte[]> producer, SourceEvents source, int from, int count) {
        producer.beginTransaction();
        for (int i = from; i < from + count; i++) {
            String mark = i % 50 == 49
                    ? "d" + (i + 1)
                    : i % 10 == 5 ? "u" + (i + 1) + "=open/~" : "u" + (i + 1) + "=new/N" + i;
            long key = i % 50 == 49 ? i - 1 : i % 10 == 5 ? i - 1 : i;
            send(producer, source.encode(Notes.change(key, mark)));
        }
        producer.commitTransaction();
    }

    private static void sendMarks(KafkaProducer<byte[], byte[]> producer, SourceEvents source) {
        producer.beginTransaction();
        Mark mark = new Mark(Notes.SCHEMA, Notes.position(ROWS + 1), Origin.STREAM, true, Lab.NOW, Lab.NOW);
        for (int partition = 0; partition < TransformProcess.PARTITIONS; partition++) {
            send(producer, source.encode(mark, partition));
        }
        producer.commitTransaction();
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, Encoded encoded) {
        // A failed send fails the commit of its transaction.
        Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(
                encoded.topic(), encoded.partition(), encoded.key().orElse(null), encoded.value()));
    }

    private static void createTopics(Broker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            for (String topic : List.of(Notes.TOPICS.source(Notes.SOURCE), Notes.TOPICS.canonical(Notes.TARGET))) {
                admin.createTopics(List.of(new NewTopic(topic, TransformProcess.PARTITIONS, (short) 1)))
                        .all()
                        .get();
            }
            admin.createTopics(List.of(new NewTopic(Notes.TOPICS.deadLetter(), 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(Broker broker) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "capture", "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Broker broker) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrap(),
                        "group.id", "test",
                        "auto.offset.reset", "earliest",
                        "isolation.level", "read_committed",
                        "metadata.max.age.ms", "1000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
