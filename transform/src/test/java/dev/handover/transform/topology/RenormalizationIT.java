package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.transform.TransformConfig;
import dev.handover.transform.topology.Renormalization.Work;
import dev.handover.transform.version.VersionLog;
import dev.handover.wire.Encoded;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The change log of a real broker, and what is left when the broker has forgotten a group's offsets. */
class RenormalizationIT {
    private static final int ROWS = 40;
    private static final int PARTITIONS = TransformProcess.PARTITIONS;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before a test
    private Path directory;

    private final SchemaRegistry registry = new InMemorySchemaRegistry();

    @Test
    void whatIsFinishedIsNotRunAgainWhenItsOffsetsAreForgotten() throws Exception {
        try (Broker broker = Broker.start(directory.resolve("kafka"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            capture(broker, admin);
            List<Work> works = renormalization(broker, 2).plan(admin);
            assertThat(works).hasSize(1);

            renormalization(broker, 2).run(works, new CountDownLatch(1));

            assertThat(changes(admin)).isGreaterThan(ROWS);
            forget(admin);
            assertThat(renormalization(broker, 2).plan(admin)).as("finished").isEmpty();
            assertThat(renormalization(broker, 3).plan(admin))
                    .as("raised once more")
                    .hasSize(1);
        }
    }

    @Test
    void whatWasStoppedGoesOn() throws Exception {
        try (Broker broker = Broker.start(directory.resolve("kafka"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            capture(broker, admin);

            renormalization(broker, 2).run(renormalization(broker, 2).plan(admin), new CountDownLatch(0));

            assertThat(renormalization(broker, 2).plan(admin))
                    .as("not finished")
                    .hasSize(1);
            forget(admin);
            assertThat(renormalization(broker, 2).plan(admin)).as("begun anew").hasSize(1);
        }
    }

    @Test
    void aVersionThatHadNothingToDoWhenItWasRaisedIsFinished() throws Exception {
        try (Broker broker = Broker.start(directory.resolve("kafka"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            topics(admin);
            assertThat(renormalization(broker, 2).plan(admin)).isEmpty();
            capture(broker, admin);
            forget(admin);

            assertThat(renormalization(broker, 2).plan(admin)).isEmpty();
        }
    }

    private Renormalization renormalization(Broker broker, int version) {
        TransformConfig config = new TransformConfig(
                Notes.TOPICS,
                PARTITIONS,
                Optional.of("ehr"),
                List.of(Notes.mapping(version)),
                "one",
                1,
                directory.resolve("state"),
                TransformConfig.COMMIT_INTERVAL,
                Duration.ofSeconds(30),
                TransformConfig.RECORD_BYTES_MAX,
                TransformConfig.CACHE_BYTES_MAX,
                TransformConfig.ROCKS_BYTES_MAX,
                Map.of("bootstrap.servers", broker.bootstrap()));
        return new Renormalization(
                config, registry, new VersionLog(config.kafka(), config.topics(), 1, 1, () -> Instant.EPOCH));
    }

    /** Rows in the change log, all of which the transform has processed. */
    private void capture(Broker broker, Admin admin) throws Exception {
        topics(admin);
        SourceEvents events = new SourceEvents(Notes.TOPICS, PARTITIONS, registry);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 1; i <= ROWS; i++) {
                Encoded encoded = events.encode(Notes.change(i, "u" + i + "=new/N" + i));
                producer.send(new ProducerRecord<>(
                                encoded.topic(),
                                encoded.partition(),
                                encoded.key().orElse(null),
                                encoded.value()))
                        .get();
            }
        }
        assertThat(changes(admin)).isEqualTo(ROWS);
        admin.alterConsumerGroupOffsets(
                        Notes.TOPICS.pipeline() + "-transform",
                        ends(admin).entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey, end -> new OffsetAndMetadata(end.getValue()))))
                .all()
                .get();
    }

    private static void topics(Admin admin) throws Exception {
        String topic = Notes.TOPICS.source(Notes.SOURCE);
        if (!admin.listTopics().names().get().contains(topic)) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** What a broker does seven days after a group's last member has left. */
    private static void forget(Admin admin) throws Exception {
        List<String> renewing = admin.listGroups().all().get().stream()
                .map(group -> group.groupId())
                .filter(group -> group.contains("-version-"))
                .toList();
        assertThat(renewing).isNotEmpty();
        admin.deleteConsumerGroups(renewing).all().get();
    }

    private static long changes(Admin admin) throws Exception {
        return ends(admin).values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<TopicPartition, Long> ends(Admin admin) throws Exception {
        return admin
                .listOffsets(IntStream.range(0, PARTITIONS)
                        .mapToObj(i -> new TopicPartition(Notes.TOPICS.source(Notes.SOURCE), i))
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }
}
