package dev.handover.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * A registry that speaks Confluent's REST API: Confluent's own, Apicurio under {@code /apis/ccompat/v7}, Karapace.
 * Three calls and a cache; a request that gets no answer is repeated a bounded number of times. Thread-safe.
 */
public final class HttpSchemaRegistry implements SchemaRegistry {
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);
    private static final int ATTEMPTS_MAX = 5;
    private static final Duration PAUSE_FIRST = Duration.ofMillis(200);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final String compatibility;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<String, Map<Schema, Integer>> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private volatile Optional<Boolean> globalRuleIsOurs = Optional.empty();

    /**
     * @param base with the API's path, such as {@code http://127.0.0.1:8081/apis/ccompat/v7}
     * @param compatibility the rule of every subject that is registered here, such as {@code BACKWARD_TRANSITIVE}
     */
    public HttpSchemaRegistry(URI base, String compatibility) {
        this.base = base;
        this.compatibility = compatibility;
    }

    @Override
    public int register(String subject, Schema schema) {
        Map<Schema, Integer> known = ids.computeIfAbsent(subject, s -> new ConcurrentHashMap<>());
        Integer cached = known.get(schema);
        if (cached != null) {
            return cached;
        }
        if (known.isEmpty()) {
            enforceRule(subject);
        }
        String body = JSON.createObjectNode()
                .put("schema", schema.toString())
                .put("schemaType", "AVRO")
                .toString();
        HttpResponse<String> response = send("POST", "/subjects/" + encoded(subject) + "/versions", body);
        if (response.statusCode() == 409) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "schema-incompatible",
                    "subject \"" + subject + "\" refuses a schema that is not " + compatibility,
                    "a column changed in a way that readers of older records cannot follow: map the table to a new target,"
                            + " or reload it under a new pipeline name");
        }
        int id = ok(response, "subject \"" + subject + "\"").path("id").asInt();
        known.put(schema, id);
        schemas.put(id, schema);
        return id;
    }

    @Override
    public Schema schema(int id) {
        Schema cached = schemas.get(id);
        if (cached != null) {
            return cached;
        }
        HttpResponse<String> response = send("GET", "/schemas/ids/" + id, "");
        if (response.statusCode() == 404) {
            throw Fault.of(
                    ExitCode.FAILED,
                    "schema-unknown",
                    "the registry knows no schema " + id,
                    "was the registry's storage lost, or does the pipeline name another registry than its topics were written"
                            + " with? Restore it before anything is read");
        }
        Schema schema = new Schema.Parser()
                .parse(ok(response, "schema " + id).path("schema").asText());
        schemas.put(id, schema);
        return schema;
    }

    /**
     * The compatibility rule of subjects that have none of their own.
     *
     * @throws Fault {@code registry-unreachable}, or {@code registry-refused} when what answers does not speak the API
     */
    public String globalRule() {
        String rule = ok(send("GET", "/config", ""), "configuration")
                .path("compatibilityLevel")
                .asText();
        if (rule.isEmpty()) {
            throw Fault.of(
                    ExitCode.UNREACHABLE,
                    "registry-refused",
                    "what answers at " + base + " is no schema registry",
                    "check registry.url: it needs the path of Confluent's API, such as /apis/ccompat/v7 for Apicurio");
        }
        return rule;
    }

    private void enforceRule(String subject) {
        if (globalRuleIsOurs.isEmpty()) {
            globalRuleIsOurs = Optional.of(globalRule().equals(compatibility));
        }
        if (!globalRuleIsOurs.get()) {
            String body =
                    JSON.createObjectNode().put("compatibility", compatibility).toString();
            ok(send("PUT", "/config/" + encoded(subject), body), "compatibility of subject \"" + subject + "\"");
        }
    }

    private JsonNode ok(HttpResponse<String> response, String what) {
        if (response.statusCode() / 100 != 2) {
            throw Fault.of(
                    ExitCode.UNREACHABLE,
                    "registry-refused",
                    "the schema registry at " + base + " answered " + response.statusCode() + " for " + what,
                    "check registry.url: it needs the path of Confluent's API, such as /apis/ccompat/v7 for Apicurio");
        }
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw Fault.of(
                    ExitCode.UNREACHABLE,
                    "registry-refused",
                    "the schema registry at " + base + " answered something that is not JSON for " + what,
                    "check registry.url: it needs the path of Confluent's API, such as /apis/ccompat/v7 for Apicurio");
        }
    }

    private HttpResponse<String> send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(REQUEST_TIMEOUT)
                .header("Content-Type", CONTENT_TYPE)
                .header("Accept", CONTENT_TYPE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        long pauseMillis = PAUSE_FIRST.toMillis();
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
                if (response.statusCode() < 500 || attempt == ATTEMPTS_MAX) {
                    return response;
                }
            } catch (IOException e) {
                if (attempt == ATTEMPTS_MAX) {
                    throw Fault.causedBy(
                            e,
                            ExitCode.UNREACHABLE,
                            "registry-unreachable",
                            "no answer from the schema registry at " + base + " after " + ATTEMPTS_MAX + " attempts",
                            "start it, or correct registry.url");
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            pause(pauseMillis);
            pauseMillis *= 2;
        }
    }

    private static void pause(long millis) {
        try {
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Fault interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return Fault.causedBy(
                e, ExitCode.FAILED, "interrupted", "interrupted while asking the schema registry", "start again");
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
