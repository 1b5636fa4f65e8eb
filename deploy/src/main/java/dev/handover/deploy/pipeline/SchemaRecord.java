package dev.handover.deploy.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.handover.capture.SourceTable;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.deploy.config.SourceSchemas;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The schemas of a pipeline's sources, asked or recorded. The record is a JSON document of names and types, the same
 * for the same schemas, with a column on each line, so that a change of it reads well; it holds nothing of any row.
 */
public final class SchemaRecord {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API_VERSION = "handover/v1";
    private static final String KIND = "SourceSchemas";
    /** More is no record; a guard against the wrong file. */
    private static final long SIZE_MAX_BYTES = 64L << 20;

    private static final String REMEDY = "make it again: handover schema record";

    private SchemaRecord() {}

    /** Where the record of a pipeline file is, unless somebody says otherwise: beside it. */
    public static Path beside(Path pipelineFile) {
        return pipelineFile.resolveSibling(pipelineFile.getFileName() + ".schemas.json");
    }

    /** Asks every source of a pipeline. @throws Fault when one does not answer */
    public static SourceSchemas live(Assembly assembly) {
        Set<String> sources = new HashSet<>();
        Map<TableId, TableSchema> tables = new HashMap<>();
        Map<TableId, String> refused = new HashMap<>();
        for (SourceConfig source : assembly.pipeline().sources()) {
            sources.add(source.name());
            for (SourceTable table : assembly.inventory(source).tables()) {
                Optional<SourceTable.Problem> problem = table.problem();
                if (problem.isPresent()) {
                    refused.put(table.table(), problem.get().message());
                } else {
                    table.schema().ifPresent(schema -> tables.put(table.table(), schema));
                }
            }
        }
        return SourceSchemas.of(sources, tables, refused);
    }

    /** Reads a record. @throws Fault {@code schemas-unreadable}, {@code schemas-invalid} */
    public static SourceSchemas read(Path file) {
        try {
            if (Files.size(file) > SIZE_MAX_BYTES) {
                throw invalid(file, "is above 64 MiB");
            }
            JsonNode document = JSON.readTree(Files.readAllBytes(file));
            if (!API_VERSION.equals(document.path("apiVersion").asText())
                    || !KIND.equals(document.path("kind").asText())) {
                throw invalid(file, "is not a record of schemas");
            }
            return schemas(document);
        } catch (JsonProcessingException | IllegalArgumentException broken) {
            throw Fault.causedBy(broken, ExitCode.USAGE, "schemas-invalid", file + " is damaged", REMEDY);
        } catch (IOException unreadable) {
            throw Fault.causedBy(
                    unreadable,
                    ExitCode.USAGE,
                    "schemas-unreadable",
                    file + " can't be read",
                    "name a record that this user may read, or make one with: handover schema record");
        }
    }

    private static Fault invalid(Path file, String fact) {
        return Fault.of(ExitCode.USAGE, "schemas-invalid", file + " " + fact, REMEDY);
    }

    private static SourceSchemas schemas(JsonNode document) {
        Set<String> sources = new HashSet<>();
        document.path("sources").forEach(source -> sources.add(source.asText()));
        Map<TableId, TableSchema> tables = new HashMap<>();
        for (JsonNode table : document.path("tables")) {
            TableId id = TableId.parse(table.path("table").asText());
            List<Column> columns = new ArrayList<>();
            table.path("columns").forEach(column -> columns.add(column(column)));
            List<String> key = new ArrayList<>();
            table.path("key").forEach(name -> key.add(name.asText()));
            tables.put(id, new TableSchema(id, columns, key));
        }
        Map<TableId, String> refused = new HashMap<>();
        for (JsonNode table : document.path("refused")) {
            refused.put(
                    TableId.parse(table.path("table").asText()),
                    table.path("problem").asText());
        }
        return SourceSchemas.of(sources, tables, refused);
    }

    private static Column column(JsonNode column) {
        return new Column(
                column.path("name").asText(),
                new ColumnType(
                        Kind.valueOf(column.path("kind").asText().toUpperCase(Locale.ROOT)),
                        column.path("length").asInt(ColumnType.UNLIMITED),
                        column.path("scale").asInt(),
                        column.path("type").asText()),
                column.path("nullable").asBoolean());
    }

    /** A record, as {@link #read} takes it. */
    public static String text(SourceSchemas schemas) {
        return "{\n  \"apiVersion\": " + quoted(API_VERSION) + ",\n  \"kind\": " + quoted(KIND)
                + ",\n  \"sources\": ["
                + schemas.sources().stream().map(SchemaRecord::quoted).collect(Collectors.joining(", "))
                + "],\n  \"tables\": ["
                + schemas.tables().values().stream().map(SchemaRecord::table).collect(Collectors.joining(","))
                + "\n  ],\n  \"refused\": ["
                + schemas.refused().entrySet().stream()
                        .map(entry -> "\n    {\"table\": "
                                + quoted(entry.getKey().text()) + ", \"problem\": " + quoted(entry.getValue()) + "}")
                        .collect(Collectors.joining(","))
                + "\n  ]\n}\n";
    }

    private static String table(TableSchema table) {
        return "\n    {\"table\": " + quoted(table.table().text()) + ", \"key\": ["
                + table.key().stream().map(SchemaRecord::quoted).collect(Collectors.joining(", "))
                + "], \"columns\": [\n      "
                + table.columns().stream().map(SchemaRecord::column).collect(Collectors.joining(",\n      "))
                + "]}";
    }

    private static String column(Column column) {
        ColumnType type = column.type();
        ObjectNode node = JSON.createObjectNode()
                .put("name", column.name())
                .put("type", type.name())
                .put("kind", type.kind().name().toLowerCase(Locale.ROOT));
        if (type.length() != ColumnType.UNLIMITED) {
            node.put("length", type.length());
        }
        if (type.scale() != 0) {
            node.put("scale", type.scale());
        }
        return node.put("nullable", column.nullable()).toString();
    }

    private static String quoted(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }
}
