package dev.handover.deploy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.handover.change.Finding;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.KafkaServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.fault.Retry;
import dev.handover.row.TableId;
import dev.handover.sink.SinkConfig;
import dev.handover.sink.SinkRole;
import dev.handover.sink.Transactions;
import dev.handover.sink.batch.Delivery;
import dev.handover.sink.batch.FindingLimits;
import dev.handover.sink.batch.History;
import dev.handover.wire.CanonicalEvents;
import dev.handover.wire.Encoded;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkRoleIT {
    private static final Topics TOPICS = new Topics("demo");
    private static final Duration WAIT = Duration.ofSeconds(60);

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private FindingLimits limits = FindingLimits.NONE;
    private Transactions transactions = Transactions.BATCH;

    @Test
    void appliesThroughRestartsAndTheDeathOfTheServer(@TempDir Path directory) throws Exception {
        try (Clinic clinic = new Clinic(directory.resolve("target"));
                StateDirectory state = StateDirectory.open(directory.resolve("kafka"));
                ServerProcess<Endpoints.Kafka> kafka = KafkaServer.start(state)) {
            String bootstrap = kafka.endpoint().bootstrap();
            History history = new History(History.patients("ward"));
            topics(bootstrap, history.schema().table());

            CompletableFuture<Void> first;
            SinkRole role = role(clinic, bootstrap);
            first = CompletableFuture.runAsync(role::run);
            send(bootstrap, history.upsert(10, 1, "Ann").upsert(11, 2, "Bob").mark(11, true));
            await().atMost(WAIT)
                    .until(() -> tableExists(clinic) && clinic.names(history).size() == 2);

            clinic.server().kill();
            send(bootstrap, history.upsert(12, 1, "Anna").delete(13, 2).mark(13, true));
            clinic.server().restart();
            await().atMost(WAIT)
                    .untilAsserted(() -> assertThat(clinic.names(history)).isEqualTo(Map.of(1L, "Anna")));

            role.stop();
            first.get(30, TimeUnit.SECONDS);

            SinkRole second = role(clinic, bootstrap);
            CompletableFuture<Void> running = CompletableFuture.runAsync(second::run);
            send(bootstrap, history.upsert(14, 3, "Cleo").mark(14, true));
            await().atMost(WAIT)
                    .untilAsserted(() -> assertThat(clinic.names(history)).isEqualTo(Map.of(1L, "Anna", 3L, "Cleo")));
            second.stop();
            running.get(30, TimeUnit.SECONDS);
            assertThat(clinic.rows("SELECT sum(changes), sum(inserted), sum(updated), sum(deleted), sum(stale) FROM"
                            + " handover.ledger"))
                    .containsExactly(List.of("5", "3", "1", "1", "0"));
            assertThat(clinic.rows("SELECT DISTINCT position_text, loaded, epoch > 1 FROM handover.applied WHERE topic"
                            + " LIKE '%canonical%'"))
                    .containsExactly(List.of(History.at(14).text(), "t", "t"));
            stopsAtALimitAndAgainAtOnce(clinic, bootstrap, history);
        }
    }

    @Test
    void appliesWholeTransactionsAndNothingWhereAnotherSinkHoldsAPart(@TempDir Path directory) throws Exception {
        transactions = Transactions.SOURCE;
        try (Clinic clinic = new Clinic(directory.resolve("target"));
                StateDirectory state = StateDirectory.open(directory.resolve("kafka"));
                ServerProcess<Endpoints.Kafka> kafka = KafkaServer.start(state)) {
            String bootstrap = kafka.endpoint().bootstrap();
            History history = new History(History.patients("ward"));
            topics(bootstrap, history.schema().table());
            SinkRole alone = role(clinic, bootstrap);
            CompletableFuture<Void> running = CompletableFuture.runAsync(alone::run);
            send(bootstrap, history.mark(1, true).upsert(10, 1, "Ann").upsert(11, 2, "Bob"));
            await().atMost(WAIT)
                    .until(() -> clinic.one("SELECT count(*) FROM handover.applied WHERE position IS NOT NULL")
                            .equals("4"));
            assertThat(clinic.names(history)).as("its end is not known").isEmpty();
            send(bootstrap, history.mark(12, true));
            await().atMost(WAIT).until(() -> clinic.names(history).size() == 2);
            alone.stop();
            running.get(30, TimeUnit.SECONDS);

            transactions = Transactions.BATCH;
            SinkRole other = role(clinic, bootstrap);
            CompletableFuture<Void> holding = CompletableFuture.runAsync(other::run);
            await().atMost(WAIT).until(() -> clinic.one("SELECT min(epoch) > 1 FROM handover.applied")
                    .equals("t"));
            transactions = Transactions.SOURCE;
            assertThatThrownBy(role(clinic, bootstrap)::run).isInstanceOfSatisfying(Fault.class, fault -> {
                assertThat(fault.code()).isEqualTo("partitions-shared");
                assertThat(fault.exitCode()).isEqualTo(ExitCode.CONFLICT);
            });
            assertThat(clinic.one("SELECT count(*) FROM handover.receipt")).isEqualTo("1");
            other.stop();
            holding.get(30, TimeUnit.SECONDS);
        }
    }

    private void stopsAtALimitAndAgainAtOnce(Clinic clinic, String bootstrap, History history) throws Exception {
        limits = new FindingLimits(List.of(new FindingLimits.Limit(
                history.schema().table(),
                TableId.parse("pas.public." + history.schema().table().name()),
                1,
                "weight",
                Finding.Kind.SENTINEL,
                Optional.empty(),
                Optional.of(new FindingLimits.Count(1)))));
        send(
                bootstrap,
                history.finding(Finding.of("weight", Finding.Kind.SENTINEL, "-1"))
                        .upsert(15, 4, "Dora")
                        .upsert(16, 5, "Eve")
                        .mark(16, true));
        assertThatThrownBy(role(clinic, bootstrap)::run)
                .isInstanceOfSatisfying(Fault.class, fault -> {
                    assertThat(fault.code()).isEqualTo("finding-limit");
                    assertThat(fault.exitCode()).isEqualTo(ExitCode.NO);
                    assertThat(fault.hint()).contains("handover mapping explain ward.Patient Äß.weight");
                })
                .hasMessageStartingWith("ward.Patient Äß.weight: sentinel found 2 times in ")
                .hasMessageEndingWith("under mapping version 1, more than the limit of 1 that stops");

        String claims = clinic.one("SELECT sum(epoch) FROM handover.applied");
        assertThatThrownBy(role(clinic, bootstrap)::run).hasMessageContaining("sentinel found 2 times");
        assertThat(clinic.one("SELECT sum(epoch) FROM handover.applied"))
                .as("it stops before it claims anything")
                .isEqualTo(claims);

        limits = FindingLimits.NONE;
        SinkRole third = role(clinic, bootstrap);
        CompletableFuture<Void> running = CompletableFuture.runAsync(third::run);
        send(bootstrap, history.finding().upsert(17, 6, "Fay").mark(17, true));
        await().atMost(WAIT).untilAsserted(() -> assertThat(clinic.names(history))
                .containsEntry(4L, "Dora")
                .containsEntry(6L, "Fay"));
        third.stop();
        running.get(30, TimeUnit.SECONDS);
        assertThat(clinic.rows("SELECT column_name, kind, count, examples FROM handover.finding"))
                .containsExactly(List.of("weight", "sentinel", "2", "{-9}"));
    }

    private static boolean tableExists(Clinic clinic) throws Exception {
        return clinic.one("SELECT count(*) FROM pg_tables WHERE schemaname = 'ward'")
                .equals("1");
    }

    private SinkRole role(Clinic clinic, String bootstrap) {
        SinkConfig config = new SinkConfig(
                "demo",
                clinic.target(),
                Map.of("bootstrap.servers", bootstrap),
                SinkConfig.RECORDS_MAX,
                SinkConfig.BYTES_MAX,
                SinkConfig.POLL_MAX,
                WAIT,
                new Retry(60, Duration.ofMillis(50), Duration.ofMillis(500)),
                SinkConfig.COPY_ROWS_MIN,
                Optional.empty(),
                Optional.empty(),
                limits,
                transactions,
                SinkConfig.HELD_BYTES_MAX);
        return new SinkRole(config, registry, InstantSource.system());
    }

    private static void topics(String bootstrap, TableId table) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(
                            new NewTopic(TOPICS.canonical(table), History.PARTITIONS, (short) 1),
                            new NewTopic(TOPICS.deadLetter(), 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private void send(String bootstrap, History history) throws Exception {
        CanonicalEvents events = new CanonicalEvents(TOPICS, registry);
        Map<String, Object> config =
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "transactional.id", "transform");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (Delivery delivery : history.batch().deliveries()) {
                Encoded encoded = events.encode(delivery.event());
                sent.add(producer.send(new ProducerRecord<>(
                        encoded.topic(), encoded.partition(), encoded.key().orElse(null), encoded.value())));
            }
            producer.commitTransaction();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }
}
