package dev.handover.deploy.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A schema registry with Confluent's REST API (Apicurio), its schemas in an H2 file. Out of the box it accepts any
 * change of a schema; here it starts with the rule {@code BACKWARD_TRANSITIVE} for every subject, set and read back
 * before it counts as ready.
 */
public final class RegistryServer {
    private static final Launch.Limits LIMITS = new Launch.Limits(Duration.ofSeconds(120), Duration.ofSeconds(15));
    private static final Duration PROBE_MAX = Duration.ofSeconds(5);
    private static final String API = "/apis/ccompat/v7";
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final String COMPATIBILITY = "BACKWARD_TRANSITIVE";

    /** The registry's release and how it is run. Newer ones (3.3.3) need Java 21; this one runs on 17. */
    private static final Artifact RELEASE = Artifact.REGISTRY;

    private static final String RUNNER = "apicurio-registry-app-3.0.9-runner.jar";

    private RegistryServer() {}

    public static ServerProcess<Endpoints.Registry> start(StateDirectory state, Artifacts artifacts) {
        return start(state, artifacts, OptionalInt.empty());
    }

    /**
     * Starts the registry.
     *
     * @param port the port to use, or empty for one of its own choice
     * @throws dev.handover.fault.Fault when it cannot be started here
     */
    public static ServerProcess<Endpoints.Registry> start(StateDirectory state, Artifacts artifacts, OptionalInt port) {
        String name = Service.REGISTRY.directory();
        Path binaries = artifacts.home(RELEASE);
        Path home = state.home(name);
        Settings kept = state.settings(name);
        return ServerProcess.start(state, name, Signal.TERM, () -> {
            int chosen = kept.port("port", port);
            Endpoints.Registry endpoint = new Endpoints.Registry(URI.create("http://127.0.0.1:" + chosen + API));
            List<String> command = List.of(
                    Programs.java(),
                    "-Xmx384m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1", // half the processor time of a start; it never has much to do
                    // By default H2 writes half a second after the commit: a registered schema could be lost by a
                    // crash.
                    "-Dapicurio.datasource.url=jdbc:h2:file:" + home.resolve("schemas") + ";WRITE_DELAY=0",
                    "-Dapicurio.storage.kind=sql",
                    "-Dapicurio.storage.sql.kind=h2",
                    "-Dquarkus.http.host=127.0.0.1",
                    "-Dquarkus.http.port=" + chosen,
                    "-Dquarkus.log.level=WARN",
                    "-Dquarkus.log.category.\"io.apicurio\".level=WARN",
                    "-Dquarkus.http.access-log.enabled=false",
                    "-jar",
                    binaries.resolve(RUNNER).toString());
            return new Launch<>(name, command, Map.of(), home, LIMITS, endpoint, () -> ruled(chosen, endpoint.url()));
        });
    }

    /** Sets the global rule; true once the registry says that it holds. */
    private static boolean ruled(int port, URI api) throws IOException, InterruptedException {
        if (Ports.isFree(port)) {
            return false;
        }
        HttpClient client = HttpClient.newBuilder().connectTimeout(PROBE_MAX).build();
        HttpRequest.Builder config =
                HttpRequest.newBuilder(URI.create(api + "/config")).timeout(PROBE_MAX);
        String wanted = "{\"compatibility\":\"" + COMPATIBILITY + "\"}";
        int status = client.send(
                        config.copy()
                                .header("Content-Type", CONTENT_TYPE)
                                .PUT(HttpRequest.BodyPublishers.ofString(wanted, StandardCharsets.UTF_8))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
        if (status != 200) {
            return false;
        }
        String holds = client.send(
                        config.copy().GET().build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body();
        return holds.contains("\"" + COMPATIBILITY + "\"");
    }
}
