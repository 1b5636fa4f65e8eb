package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code handover bench} as a user types it, in a process of its own. */
class BenchIT {
    private static final int MINUTES_MAX = 5;
    private static final long ROWS = 3_000;
    private static final int RATE = 200;

    @Test
    void itMeasuresEveryPhaseAndLeavesNothing(@TempDir Path directory) throws Exception {
        Path state = directory.resolve("bench");

        JsonNode data = bench(directory, "--state", state.toString());

        assertThat(data.path("servers").asText()).isEqualTo("embedded");
        for (JsonNode phase : data.path("phases")) {
            List<String> components = new ArrayList<>();
            for (JsonNode used : phase.path("components")) {
                components.add(used.path("component").asText());
                assertThat(used.path("peakMemoryBytes").asLong())
                        .as(used.toString())
                        .isGreaterThan(1 << 20);
            }
            assertThat(components)
                    .containsExactlyInAnyOrder("source", "capture", "kafka", "registry", "transform", "sink", "target");
            for (String role : List.of("capture", "transform", "sink")) {
                JsonNode used = phase.path("components").get(components.indexOf(role));
                assertThat(used.path("cpuSeconds").asDouble()).as(role).isPositive();
                assertThat(used.path("cpuMicrosPerChange").asDouble()).as(role).isPositive();
            }
        }
        assertThat(state).doesNotExist();
        assertThat(ProcessHandle.allProcesses()
                        .filter(process -> process.info()
                                .commandLine()
                                .filter(line -> line.contains(state.toString()))
                                .isPresent())
                        .toList())
                .isEmpty();
    }

    @Test
    void onGivenServersItRemovesWhatItMadeAndNothingElse(@TempDir Path directory) throws Exception {
        Set<Service> services = Set.of(Service.SOURCE, Service.TARGET, Service.KAFKA, Service.REGISTRY);
        try (EmbeddedStack stack =
                EmbeddedStack.start(StackConfig.of(directory.resolve("stack"), services), line -> {})) {
            Endpoints endpoints = stack.endpoints();
            sql(endpoints.source(), "CREATE TABLE public.ward (id int PRIMARY KEY)");
            Path file = pipeline(directory, endpoints);

            JsonNode data =
                    bench(directory, "--state", directory.resolve("bench").toString(), "-c", file.toString());

            assertThat(data.path("servers").asText()).isEqualTo("given");
            assertThat(data.path("phases").get(0).path("components")).hasSize(3);
            nothingIsLeft(endpoints);
            assertThat(ended(directory, "load: ", file))
                    .as("status of a process that SIGTERM ended")
                    .isEqualTo(143);
            nothingIsLeft(endpoints);
            sql(endpoints.target(), "CREATE SCHEMA handover_bench");
            assertThat(run(directory, "--state", directory.resolve("bench").toString(), "-c", file.toString()))
                    .as("a schema that is there is not the benchmark's")
                    .isEqualTo(7);
            assertThat(Files.readString(directory.resolve("err")))
                    .contains("schema handover_bench at the target exists");
            assertThat(one(endpoints.target(), "SELECT count(*) FROM pg_namespace WHERE nspname = 'handover_bench'"))
                    .isEqualTo(1);
        }
    }

    private static void nothingIsLeft(Endpoints endpoints) throws Exception {
        String schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'handover%'";
        assertThat(one(endpoints.source(), schemas)).isZero();
        assertThat(one(endpoints.target(), schemas)).isZero();
        assertThat(one(endpoints.source(), "SELECT count(*) FROM pg_replication_slots"))
                .isZero();
        assertThat(one(endpoints.source(), "SELECT count(*) FROM pg_publication"))
                .isZero();
        assertThat(one(endpoints.source(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .as("the user's own table alone")
                .isEqualTo(1);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", endpoints.kafka().bootstrap()))) {
            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).isEmpty();
            assertThat(admin.listGroups().all().get(30, TimeUnit.SECONDS)).isEmpty();
        }
        try (InputStream subjects =
                URI.create(endpoints.registry().url() + "/subjects").toURL().openStream()) {
            assertThat(new ObjectMapper().readTree(subjects)).isEmpty();
        }
    }

    /** Every phase has converged, with figures that can be. */
    private static JsonNode bench(Path directory, String... words) throws Exception {
        int status = run(directory, words);
        assertThat(status).as(Files.readString(directory.resolve("err"))).isZero();
        JsonNode document = new ObjectMapper().readTree(directory.resolve("out").toFile());
        assertThat(document.path("kind").asText()).isEqualTo("Bench");
        JsonNode data = document.path("data");
        assertThat(data.path("valid").asBoolean()).isTrue();
        assertThat(data.path("rows").asLong()).isEqualTo(ROWS);
        List<String> phases = new ArrayList<>();
        for (JsonNode phase : data.path("phases")) {
            phases.add(phase.path("name").asText());
            assertThat(phase.path("check").path("verdict").asText()).isEqualTo("converged");
            assertThat(phase.path("check").path("rowsCompared").asLong()).isGreaterThanOrEqualTo(ROWS);
            assertThat(phase.path("check").path("divergences").asLong()).isZero();
            double seconds = phase.path("seconds").asDouble();
            assertThat(seconds).isBetween(0.5, 240.0);
            assertThat(phase.path("secondsFromFirst").asDouble()).isBetween(0.0, seconds + 0.5);
            assertThat(phase.path("perSecond").asDouble()).isPositive();
            assertThat(phase.path("perSecondFromFirst").asDouble()).isPositive();
        }
        assertThat(phases).containsExactly("load", "delta", "latency");
        assertThat(data.path("phases").get(0).path("changes").asLong()).isEqualTo(ROWS);
        assertThat(data.path("phases").get(1).path("changes").asLong()).isEqualTo(ROWS / 5);
        latency(data.path("phases").get(2));
        return data;
    }

    private static void latency(JsonNode phase) {
        JsonNode latency = phase.path("latency");
        assertThat(latency.path("samples").asLong()).isEqualTo(5 * RATE);
        assertThat(latency.path("p50Millis").asDouble()).isPositive();
        assertThat(latency.path("p95Millis").asDouble())
                .isGreaterThanOrEqualTo(latency.path("p50Millis").asDouble());
        assertThat(latency.path("p99Millis").asDouble())
                .isGreaterThanOrEqualTo(latency.path("p95Millis").asDouble());
        assertThat(latency.path("maxMillis").asDouble())
                .isBetween(latency.path("p99Millis").asDouble(), 240_000.0);
        assertThat(phase.path("seconds").asDouble())
                .as("the stream takes its time, and its last row arrives after it was written")
                .isGreaterThan(4.9);
    }

    /** Runs it on given servers until it has said that, then ends it by SIGTERM. */
    private static int ended(Path directory, String said, Path file) throws IOException, InterruptedException {
        Process process = start(directory, "--state", directory.resolve("bench").toString(), "-c", file.toString());
        try {
            await("the phase").atMost(Duration.ofMinutes(2)).until(() -> Files.readString(directory.resolve("err"))
                    .contains(said));
            process.toHandle().destroy();
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("it ends, cleaned up")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static int run(Path directory, String... words) throws IOException, InterruptedException {
        Process process = start(directory, words);
        try {
            assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES))
                    .as("the benchmark ends")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroy();
        }
    }

    private static Process start(Path directory, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.handover.deploy.cli.Main",
                "bench",
                "-o",
                "json",
                "--rows",
                Long.toString(ROWS),
                "--for",
                "5s",
                "--rate",
                Integer.toString(RATE)));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
        process.getOutputStream().close();
        return process;
    }

    private static Path pipeline(Path directory, Endpoints endpoints) throws IOException {
        Path secrets = Files.createDirectories(directory.resolve("secrets"));
        Files.writeString(secrets.resolve("digest"), "0123456789abcdef0123456789abcdef");
        Files.writeString(
                secrets.resolve("source"), endpoints.source().password().text());
        Files.writeString(
                secrets.resolve("target"), endpoints.target().password().text());
        return Files.writeString(directory.resolve("pipeline.yaml"), """
                apiVersion: handover/v1
                kind: Pipeline
                metadata: {name: pilot}
                secrets: {file: {roots: ["%1$s"]}}
                kafka: {bootstrap: ["%2$s"], topics: {partitions: 2, replication: 1, minInsync: 1}}
                registry: {url: "%3$s"}
                digest: {key: "${file:%1$s/digest}"}
                targetSchema: clinical
                sources:
                  - {name: pas, kind: postgres, host: 127.0.0.1, port: %4$d, database: source, user: %5$s,
                     password: "${file:%1$s/source}", tls: {mode: disable}}
                sinks:
                  - {name: cloud, kind: postgres, url: "%6$s", user: %7$s,
                     password: "${file:%1$s/target}", tls: {mode: disable}}
                """.formatted(
                        secrets,
                        endpoints.kafka().bootstrap(),
                        endpoints.registry().url(),
                        endpoints.source().port(),
                        endpoints.source().user(),
                        endpoints.target().jdbcUrl(),
                        endpoints.target().user()));
    }

    private static Connection open(Endpoints.Postgres server) throws SQLException {
        return DriverManager.getConnection(
                server.jdbcUrl(), server.user(), server.password().text());
    }

    private static void sql(Endpoints.Postgres server, String sql) throws SQLException {
        try (Connection connection = open(server);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long one(Endpoints.Postgres server, String sql) throws SQLException {
        try (Connection connection = open(server);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
    }
}
