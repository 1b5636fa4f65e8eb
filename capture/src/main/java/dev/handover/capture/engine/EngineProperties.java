package dev.handover.capture.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.handover.capture.Boundary;
import dev.handover.capture.CaptureConfig;
import dev.handover.capture.SourceConfig;
import dev.handover.row.TableId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The engine's properties: what the configuration passes on, under what Handover needs. Pure. */
final class EngineProperties {
    /** The engine's name and the prefix of its topics, which nothing is sent to. */
    static final String PREFIX = "handover";

    private static final ObjectMapper JSON = new ObjectMapper();

    private EngineProperties() {}

    /** @param history whether the schema's history was kept before; if not, it is made from the schema of now */
    static Properties of(
            CaptureConfig config, SourceLog log, Collection<TableId> tables, Boundary from, boolean history) {
        SourceConfig source = config.source();
        Properties properties = new Properties();
        properties.putAll(source.debezium());
        properties.setProperty("name", PREFIX);
        properties.setProperty("topic.prefix", PREFIX);
        // No default since Kafka 4.2, and never connected to.
        properties.setProperty("bootstrap.servers", config.kafka().getOrDefault("bootstrap.servers", ""));
        properties.setProperty("connector.class", source.engine().connectorClass());
        properties.setProperty("database.hostname", source.host());
        properties.setProperty("database.port", String.valueOf(source.port()));
        properties.setProperty("database.user", source.user());
        properties.setProperty("database.password", source.password());
        properties.setProperty("snapshot.mode", log.keepsSchemaHistory() && !history ? "recovery" : "no_data");
        properties.setProperty("snapshot.max.threads", "1");
        properties.setProperty("max.batch.size", String.valueOf(config.batchEvents()));
        properties.setProperty("max.queue.size", String.valueOf(config.batchEvents() * 4));
        properties.setProperty("max.queue.size.in.bytes", "134217728");
        properties.setProperty("poll.interval.ms", "20");
        properties.setProperty("provide.transaction.metadata", "true");
        properties.setProperty("tombstones.on.delete", "false");
        properties.setProperty("skipped.operations", "none");
        properties.setProperty("event.processing.failure.handling.mode", "fail");
        // else a value that cannot be converted becomes null, with a warning
        properties.setProperty("event.converting.failure.handling.mode", "fail");
        properties.setProperty("inconsistent.schema.handling.mode", "fail");
        properties.setProperty("schema.history.internal.skip.unparseable.ddl", "false");
        properties.setProperty("column.propagate.source.type", ".*");
        properties.setProperty("schema.name.adjustment.mode", "none");
        properties.setProperty("field.name.adjustment.mode", "none");
        properties.setProperty("errors.max.retries", "0");
        properties.setProperty("openlineage.integration.enabled", "false");
        properties.setProperty("internal.task.management.timeout.ms", "180000");
        properties.setProperty("record.processing.threads", "1");
        properties.setProperty("offset.storage", BoundaryOffsets.class.getName());
        properties.setProperty("offset.flush.interval.ms", "0");
        properties.setProperty(BoundaryOffsets.KEY, json(List.of(PREFIX, Map.of("server", PREFIX))));
        properties.setProperty(BoundaryOffsets.VALUE, json(from.offset()));
        if (log.keepsSchemaHistory()) {
            history(config, properties);
        }
        properties.putAll(log.properties(tables));
        return properties;
    }

    private static void history(CaptureConfig config, Properties properties) {
        String prefix = "schema.history.internal";
        properties.setProperty(prefix, "io.debezium.storage.kafka.history.KafkaSchemaHistory");
        properties.setProperty(
                prefix + ".kafka.topic",
                config.topics().schemaHistory(config.source().name()));
        properties.setProperty(
                prefix + ".kafka.bootstrap.servers", config.kafka().getOrDefault("bootstrap.servers", ""));
        properties.setProperty(prefix + ".store.only.captured.databases.ddl", "true");
        config.kafka().forEach((key, value) -> {
            properties.setProperty(prefix + ".producer." + key, value);
            properties.setProperty(prefix + ".consumer." + key, value);
        });
    }

    /** Debezium's list of tables: regular expressions joined by commas, with every other character escaped. */
    static String tables(Collection<TableId> tables, String heartbeat) {
        return Stream.concat(tables.stream().map(TableId::shortText), Stream.of(heartbeat))
                .map(EngineProperties::literally)
                .collect(Collectors.joining(","));
    }

    private static String literally(String name) {
        StringBuilder regex = new StringBuilder();
        name.codePoints().forEach(c -> {
            if (c < 128 && (Character.isLetterOrDigit(c) || c == '_')) {
                regex.appendCodePoint(c);
            } else {
                regex.append(String.format("\\x{%x}", c));
            }
        });
        return regex.toString();
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a boundary is not JSON", e);
        }
    }
}
