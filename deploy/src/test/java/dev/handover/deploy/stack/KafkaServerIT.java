package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaServerIT {
    private static final String TOPIC = "changes";
    private static final Duration READ_MAX = Duration.ofSeconds(30);

    @Test
    void keepsTransactionsThroughSigkillAndANewPort(@TempDir Path directory) throws Exception {
        int port;
        try (StateDirectory state = StateDirectory.open(directory)) {
            try (ServerProcess<Endpoints.Kafka> server = KafkaServer.start(state)) {
                port = port(server);
                createTopic(server);
                write(server, "one");
                assertThatThrownBy(() -> describe(server, "chagnes"))
                        .as("a typing error makes no topic")
                        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);

                server.kill();
                long startNanos = System.nanoTime();
                server.restart();
                System.out.printf("kafka restarted after SIGKILL in %.1f s%n", (System.nanoTime() - startNanos) / 1e9);

                write(server, "two");
                assertThat(read(server, 2)).containsExactly("one", "two");
            }
        }
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                StateDirectory state = StateDirectory.open(directory);
                ServerProcess<Endpoints.Kafka> server = KafkaServer.start(state)) {
            assertThat(port(server)).as("the old port is taken").isNotEqualTo(other.getLocalPort());
            assertThat(read(server, 2)).containsExactly("one", "two");
        }
    }

    private static int port(ServerProcess<Endpoints.Kafka> server) {
        String bootstrap = server.endpoint().bootstrap();
        return Integer.parseInt(bootstrap.substring(bootstrap.indexOf(':') + 1));
    }

    private static void createTopic(ServerProcess<Endpoints.Kafka> server) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", server.endpoint().bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static void describe(ServerProcess<Endpoints.Kafka> server, String topic) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", server.endpoint().bootstrap()))) {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
        }
    }

    private static void write(ServerProcess<Endpoints.Kafka> server, String value) throws Exception {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", server.endpoint().bootstrap(),
                "transactional.id", "writer",
                "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, value.getBytes(StandardCharsets.UTF_8)))
                    .get();
            producer.commitTransaction();
        }
    }

    private static List<String> read(ServerProcess<Endpoints.Kafka> server, int count) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", server.endpoint().bootstrap(),
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
            long startNanos = System.nanoTime();
            while (values.size() < count && System.nanoTime() - startNanos < READ_MAX.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(new String(record.value(), StandardCharsets.UTF_8));
                }
            }
        }
        return values;
    }
}
