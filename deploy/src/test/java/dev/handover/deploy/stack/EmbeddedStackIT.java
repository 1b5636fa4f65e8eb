package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.fault.Fault;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStackIT {
    @Test
    void findsEverythingAgainAtTheSecondStart(@TempDir Path directory) throws Exception {
        StackConfig config =
                StackConfig.of(directory.resolve("state"), EnumSet.complementOf(EnumSet.of(Service.MARIADB)));
        Endpoints first;
        try (EmbeddedStack stack = timed("first start", config)) {
            first = stack.endpoints();
            assertThatThrownBy(() -> EmbeddedStack.start(config, line -> {}))
                    .isInstanceOfSatisfying(Fault.class, fault -> {
                        assertThat(fault.code()).isEqualTo("state-in-use");
                        assertThat(fault.exitCode().number()).isEqualTo(7);
                    });
            for (Endpoints.Postgres database : List.of(first.source(), first.target())) {
                sql(database, "create table origin as select current_database()::text as name");
            }
            try (Admin admin = admin(first)) {
                admin.createTopics(List.of(new NewTopic("t", 3, (short) 1)))
                        .all()
                        .get();
            }
            assertThat(register(first).statusCode()).isEqualTo(200);
        }
        try (EmbeddedStack stack = timed("second start", config)) {
            Endpoints second = stack.endpoints();
            for (Endpoints.Postgres database : List.of(second.source(), second.target())) {
                assertThat(one(database, "select name from origin")).isEqualTo(database.database());
            }
            try (Admin admin = admin(second)) {
                assertThat(admin.listTopics().names().get()).containsExactly("t");
            }
            assertThat(subjects(second)).isEqualTo("[\"s\"]");
            assertThat(List.of(second.source(), second.target(), second.kafka(), second.registry(), second.objects()))
                    .isEqualTo(
                            List.of(first.source(), first.target(), first.kafka(), first.registry(), first.objects()));
        }
    }

    @Test
    void stopsWhatHasStartedWhenOneServerFails(@TempDir Path directory) throws Exception {
        Path inTheWay = Files.createDirectories(directory.resolve(Service.OBJECTS.directory()));
        Files.createFile(inTheWay.resolve("data"));
        StackConfig config = StackConfig.of(directory, Set.of(Service.SOURCE, Service.TARGET, Service.OBJECTS));
        assertThatThrownBy(() -> EmbeddedStack.start(config, line -> {}))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo("disk"));
        try (Stream<Path> records = Files.list(Files.createDirectories(directory.resolve("run")))) {
            assertThat(records).isEmpty();
        }
        StateDirectory.open(directory).close(); // it was let go
    }

    @Test
    void refusesAPortThatIsTakenBeforeItStartsAnything(@TempDir Path directory) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StackConfig config = new StackConfig(
                    directory,
                    Artifacts.sharedCache(System.getenv()),
                    Set.of(Service.SOURCE, Service.OBJECTS),
                    Map.of(Service.OBJECTS, other.getLocalPort()));
            assertThatThrownBy(() -> EmbeddedStack.start(config, line -> {}))
                    .isInstanceOfSatisfying(Fault.class, fault -> {
                        assertThat(fault.code()).isEqualTo("port-taken");
                        assertThat(fault.exitCode().number()).isEqualTo(7);
                        assertThat(fault).hasMessageContaining(Integer.toString(other.getLocalPort()));
                    });
            assertThat(directory.resolve("source")).doesNotExist();
        }
    }

    private static EmbeddedStack timed(String what, StackConfig config) {
        long startNanos = System.nanoTime();
        EmbeddedStack stack = EmbeddedStack.start(config, System.out::println);
        System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - startNanos) / 1e9);
        return stack;
    }

    private static Admin admin(Endpoints endpoints) {
        return Admin.create(Map.of("bootstrap.servers", endpoints.kafka().bootstrap()));
    }

    private static HttpResponse<String> register(Endpoints endpoints) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(endpoints.registry().url() + "/subjects/s/versions"))
                                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"schema\":\"\\\"string\\\"\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static String subjects(Endpoints endpoints) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(endpoints.registry().url() + "/subjects"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static void sql(Endpoints.Postgres endpoint, String sql) throws Exception {
        try (Connection connection = connect(endpoint);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(Endpoints.Postgres endpoint, String sql) throws Exception {
        try (Connection connection = connect(endpoint);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static Connection connect(Endpoints.Postgres endpoint) throws Exception {
        return DriverManager.getConnection(
                endpoint.jdbcUrl(), endpoint.user(), endpoint.password().text());
    }
}
