package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryServerIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final String VERSION_1 =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}";
    private static final String COMPATIBLE =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},"
                    + "{\"name\":\"b\",\"type\":\"string\",\"default\":\"\"}]}";
    private static final String INCOMPATIBLE =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}";

    @Test
    void refusesIncompatibleSchemasAndKeepsTheOthersThroughSigkill(@TempDir Path directory) throws Exception {
        try (StateDirectory state = StateDirectory.open(directory);
                ServerProcess<Endpoints.Registry> server = RegistryServer.start(state, Caches.shared())) {
            URI api = server.endpoint().url();
            assertThat(get(api, "/config").body()).contains("BACKWARD_TRANSITIVE");
            assertThat(register(api, VERSION_1).statusCode()).isEqualTo(200);
            assertThat(register(api, INCOMPATIBLE).statusCode()).isEqualTo(409);
            int id = JSON.readTree(register(api, COMPATIBLE).body()).get("id").asInt();

            server.kill();
            server.restart();

            assertThat(get(api, "/subjects/s/versions").body()).isEqualTo("[1,2]");
            assertThat(JSON.readTree(register(api, COMPATIBLE).body()).get("id").asInt())
                    .isEqualTo(id);
            assertThat(register(api, INCOMPATIBLE).statusCode()).isEqualTo(409);
        }
    }

    private static HttpResponse<String> register(URI api, String schema) throws Exception {
        String body = JSON.writeValueAsString(Map.of("schema", schema));
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(api + "/subjects/s/versions"))
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(URI api, String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(api + path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
