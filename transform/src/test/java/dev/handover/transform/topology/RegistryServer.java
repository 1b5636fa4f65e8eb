package dev.handover.transform.topology;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SchemaRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.Schema;

/** The registry in memory, for another process: the three calls of Confluent's API that {@code wire} makes. */
final class RegistryServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SchemaRegistry registry = new InMemorySchemaRegistry();
    private final HttpServer server;

    RegistryServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/config", exchange -> answer(exchange, Map.of("compatibilityLevel", "BACKWARD_TRANSITIVE")));
        server.createContext("/schemas/ids/", exchange -> {
            int id = Integer.parseInt(exchange.getRequestURI().getPath().substring("/schemas/ids/".length()));
            answer(exchange, Map.of("schema", registry.schema(id).toString()));
        });
        server.createContext("/subjects/", exchange -> {
            String subject = exchange.getRequestURI().getPath().split("/")[2];
            String schema =
                    JSON.readTree(exchange.getRequestBody()).path("schema").asText();
            answer(exchange, Map.of("id", registry.register(subject, new Schema.Parser().parse(schema))));
        });
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange, Map<String, ?> body) throws IOException {
        byte[] bytes = JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
