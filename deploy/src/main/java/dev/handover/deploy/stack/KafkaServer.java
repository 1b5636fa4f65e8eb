package dev.handover.deploy.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/**
 * One Kafka node, broker and KRaft controller, in a JVM of its own on the caller's class path, with its log on disk.
 */
public final class KafkaServer {
    private static final Launch.Limits LIMITS = new Launch.Limits(Duration.ofSeconds(120), Duration.ofSeconds(30));
    private static final int PROBE_MILLIS_MAX = 2_000;

    private KafkaServer() {}

    public static ServerProcess<Endpoints.Kafka> start(StateDirectory state) {
        return start(state, OptionalInt.empty(), Map.of());
    }

    /**
     * Starts the node, formatting its directory the first time.
     *
     * @param port the port for clients, or empty for one of its own choice
     * @param overrides broker properties over the stack's own
     * @throws dev.handover.fault.Fault when it cannot be started here
     */
    public static ServerProcess<Endpoints.Kafka> start(
            StateDirectory state, OptionalInt port, Map<String, String> overrides) {
        String name = Service.KAFKA.directory();
        Path home = state.home(name);
        Settings kept = state.settings(name);
        String cluster = kept.value("cluster", () -> Uuid.randomUuid().toString());
        return ServerProcess.start(state, name, Signal.TERM, () -> {
            int clients = kept.port("port", port);
            int controller = kept.port("controller", OptionalInt.empty());
            Properties properties = properties(home.resolve("data"), clients, controller);
            properties.putAll(overrides);
            Path file = home.resolve("server.properties");
            Disk.writePrivate(file, Settings.text(properties, "written at every start"));
            List<String> command = List.of(
                    Programs.java(),
                    "-Xmx400m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:+UseSerialGC",
                    "-Dlogback.configurationFile=dev/handover/deploy/stack/kafka-logback.xml",
                    KafkaNodeMain.class.getName(),
                    file.toString(),
                    cluster);
            return new Launch<>(
                    name,
                    command,
                    // Not an argument: it may be longer than what the kernel shows of a command line.
                    Map.of("CLASSPATH", System.getProperty("java.class.path")),
                    home,
                    LIMITS,
                    new Endpoints.Kafka("127.0.0.1:" + clients),
                    () -> answers(clients));
        });
    }

    private static Properties properties(Path data, int port, int controller) {
        Properties properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", "1");
        properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controller);
        properties.setProperty("listeners", "CLIENT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
        properties.setProperty("advertised.listeners", "CLIENT://127.0.0.1:" + port);
        properties.setProperty("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.setProperty("inter.broker.listener.name", "CLIENT");
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty("log.dirs", data.toString());
        properties.setProperty("auto.create.topics.enable", "false");
        properties.setProperty("min.insync.replicas", "1");
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            properties.setProperty(internal + ".replication.factor", "1");
            properties.setProperty(internal + ".num.partitions", "4"); // 50 by default: slow start, many files
        }
        properties.setProperty("transaction.state.log.min.isr", "1");
        properties.setProperty("share.coordinator.state.topic.min.isr", "1");
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        properties.setProperty("log.cleaner.dedupe.buffer.size", "8388608"); // 128 MiB of heap by default
        properties.setProperty("message.max.bytes", "20971520"); // a row with a scanned document in it
        properties.setProperty("replica.fetch.max.bytes", "20971520");
        properties.setProperty("num.network.threads", "2");
        properties.setProperty("num.io.threads", "4");
        // A node that was killed is let in again only when the session of its former life has run out.
        properties.setProperty("broker.session.timeout.ms", "6000");
        properties.setProperty("broker.heartbeat.interval.ms", "1000");
        return properties;
    }

    /** A broker that is up but fenced is not listed yet. */
    private static boolean answers(int port) throws InterruptedException, ExecutionException, TimeoutException {
        if (Ports.isFree(port)) {
            return false; // spares the log the client's warnings
        }
        Map<String, Object> config = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:" + port,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PROBE_MILLIS_MAX,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PROBE_MILLIS_MAX);
        try (Admin admin = Admin.create(config)) {
            return !admin.describeCluster()
                    .nodes()
                    .get(PROBE_MILLIS_MAX, TimeUnit.MILLISECONDS)
                    .isEmpty();
        }
    }
}
