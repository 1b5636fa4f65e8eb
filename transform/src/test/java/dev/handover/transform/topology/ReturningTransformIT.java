package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.CanonicalEvent;
import dev.handover.change.SourceChange;
import dev.handover.row.Cell;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.transform.TransformConfig;
import dev.handover.transform.version.VersionLog;
import dev.handover.wire.CanonicalEvents;
import dev.handover.wire.Encoded;
import dev.handover.wire.HttpSchemaRegistry;
import dev.handover.wire.SchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A transform that comes back under its name, on a real broker, after a table was made while it was away. */
class ReturningTransformIT {
    private static final TableSchema VISITS =
            new TableSchema(TableId.parse("pas.public.visit"), Notes.SCHEMA.columns(), Notes.SCHEMA.key());
    private static final Duration WAIT_MAX = Duration.ofSeconds(40);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before a test
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before a test
    private Broker broker;

    @SuppressWarnings("NullAway.Init") // set before a test
    private RegistryServer server;

    @SuppressWarnings("NullAway.Init") // set before a test
    private SchemaRegistry registry;

    private final Map<TableId, Integer> came = new HashMap<>();

    @BeforeEach
    void start() throws Exception {
        broker = Broker.start(directory.resolve("kafka"));
        server = new RegistryServer();
        registry = new HttpSchemaRegistry(server.uri(), "BACKWARD_TRANSITIVE");
        create(Notes.TOPICS.source(Notes.SOURCE), Notes.TOPICS.canonical(Notes.TARGET), Notes.TOPICS.deadLetter());
    }

    @AfterEach
    void stop() {
        server.close();
        broker.close();
    }

    @Test
    @Timeout(180)
    void aTableThatWasMadeAfterAnOrderlyStopIsRead() throws Exception {
        try (KafkaConsumer<byte[], byte[]> canonical = canonical()) {
            try (Running first = new Running()) {
                send(Notes.change(1, "u1=new/N1"));
                await(canonical, Notes.TARGET, 1, first::isAlive);
            }

            comeBack(canonical, "an orderly stop");
        }
    }

    @Test
    @Timeout(180)
    void aTableThatWasMadeAfterAKillThatLostTheStateIsRead() throws Exception {
        try (KafkaConsumer<byte[], byte[]> canonical = canonical()) {
            Process first = TransformProcess.start(
                    broker.bootstrap(), server.uri(), directory.resolve("state"), directory.resolve("transform.log"));
            try {
                send(Notes.change(1, "u1=new/N1"));
                await(canonical, Notes.TARGET, 1, first::isAlive);
            } finally {
                first.destroyForcibly().waitFor();
            }
            // Kafka Streams that finds unfinished state shares out everything anew, new topics too
            Utils.delete(directory.resolve("state").toFile());

            comeBack(canonical, "a kill that lost the state");
        }
    }

    /** Within the session's time, or the group has forgotten the member, and all is shared out anew. */
    private void comeBack(KafkaConsumer<byte[], byte[]> canonical, String after) throws Exception {
        create(Notes.TOPICS.source(VISITS.table()), Notes.TOPICS.canonical(TableId.target("ehr", "visit")));
        send(visit(1));
        send(Notes.change(2, "u2=new/N2"));
        Instant began = Instant.now();
        try (Running second = new Running()) {
            await(canonical, Notes.TARGET, 2, second::isAlive);
            report(after, "known", began);
            await(canonical, TableId.target("ehr", "visit"), 1, second::isAlive);
            report(after, "new", began);
        }
    }

    private static void report(String after, String table, Instant began) {
        System.out.println("ReturningTransformIT after " + after + ": first change of the " + table + " table in "
                + Duration.between(began, Instant.now()));
    }

    /** The role on a thread of its own; closing it is an orderly stop. */
    private final class Running implements AutoCloseable {
        private final TransformRole role;
        private final CompletableFuture<Void> run;

        Running() {
            TransformConfig config = TransformProcess.config(broker.bootstrap(), directory.resolve("state"));
            VersionLog versions = new VersionLog(config.kafka(), config.topics(), 1, 1, InstantSource.system());
            role = new TransformRole(config, registry, Lab.FINGERPRINTS, versions, InstantSource.system());
            run = CompletableFuture.runAsync(role::run, task -> new Thread(task, role.name()).start());
        }

        boolean isAlive() {
            return !run.isDone();
        }

        @Override
        public void close() {
            role.stop();
            run.join();
        }
    }

    private void await(
            KafkaConsumer<byte[], byte[]> canonical, TableId table, int wanted, BooleanSupplier transformRuns) {
        CanonicalEvents events = new CanonicalEvents(Notes.TOPICS, registry);
        Instant deadline = Instant.now().plus(WAIT_MAX);
        while (came.getOrDefault(table, 0) < wanted) {
            assertThat(Instant.now())
                    .as("change %s of %s came", wanted, table.shortText())
                    .isBefore(deadline);
            assertThat(transformRuns.getAsBoolean()).as("the transform runs").isTrue();
            canonical.poll(Duration.ofMillis(50)).forEach(record -> {
                CanonicalEvent event = events.decode(Optional.ofNullable(record.key()), Optional.of(record.value()))
                        .fold(decoded -> decoded, rejection -> {
                            throw new AssertionError("undecodable: " + rejection);
                        });
                came.merge(event.schema().table(), 1, Integer::sum);
            });
        }
    }

    private void send(SourceChange change) throws Exception {
        Encoded encoded = new SourceEvents(Notes.TOPICS, TransformProcess.PARTITIONS, registry).encode(change);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            encoded.topic(), encoded.partition(), encoded.key().orElse(null), encoded.value()))
                    .get();
        }
    }

    private static SourceChange visit(long id) {
        Row row = new Row(
                VISITS, List.of(new Value.Int(id), new Value.Text("open"), Cell.NULL, new Value.Text("20260228")));
        return new SourceChange.Upsert(Notes.key(id), Notes.position(id), Notes.lineage(), row);
    }

    private void create(String... topics) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(Stream.of(topics)
                            .map(topic -> new NewTopic(topic, TransformProcess.PARTITIONS, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
    }

    private KafkaConsumer<byte[], byte[]> canonical() {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrap(),
                        "group.id", "test",
                        "auto.offset.reset", "earliest",
                        "isolation.level", "read_committed",
                        "metadata.max.age.ms", "1000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(Pattern.compile("demo\\.canonical\\..*"));
        return consumer;
    }
}
