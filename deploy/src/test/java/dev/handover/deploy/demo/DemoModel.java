package dev.handover.deploy.demo;

import dev.handover.deploy.config.Mappings;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.SourceSchemas;
import dev.handover.deploy.pipeline.SchemaRecord;
import dev.handover.deploy.pipeline.Trial;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The demo's mapping, bound to the schemas of its legacy hospital: what ships, without a server. */
record DemoModel(LegacyEngine engine, PipelineConfig pipeline, List<Mapper> mappers) {
    /** The tables of the clinical model; the others pass with other names at most. */
    static final List<String> CLEAN = List.of(
            "patient",
            "patient_identifier",
            "encounter",
            "condition",
            "observation",
            "medication_request",
            "allergy_intolerance",
            "document");

    private static final String HEAD = """
            apiVersion: handover/v1
            kind: Pipeline
            metadata: {name: demo}
            kafka: {bootstrap: ["localhost:9092"]}
            registry: {url: "http://localhost:8081"}
            digest: {key: "${env:HANDOVER_DIGEST_KEY}"}
            targetSchema: clinical
            archive: {region: us-east-1, bucket: handover}
            sources:
              - {name: pas, kind: postgres, host: localhost, database: pas, user: u, password: "${dir:/run/secrets:p}",
                 clock: {timezone: America/New_York}}
            sinks:
              - {name: cloud, kind: postgres, url: "jdbc:postgresql://localhost:5432/c", user: u, password: "${dir:/run/secrets:p}"}
            """;

    /** @param directory for the files of its maps */
    static DemoModel of(LegacyEngine engine, Path directory) throws IOException, MappingMismatch {
        LegacyHospital.writeMaps(directory);
        Path record = Files.writeString(directory.resolve(engine + ".json"), LegacyHospital.schemas(engine));
        SourceSchemas schemas = SchemaRecord.read(record);
        Path file = Files.writeString(
                directory.resolve(engine + ".yaml"),
                HEAD + LegacyHospital.mapping(engine) + LegacyHospital.rules(engine));
        PipelineConfig pipeline = PipelineFile.read(file);
        Mappings mappings = new Mappings(pipeline);
        List<Mapper> mappers = new ArrayList<>();
        for (TableSchema schema : schemas.tables().values()) {
            for (TableMapping mapping : mappings.of(schema.table())) {
                mappers.add(Mapper.bind(mapping, schema));
            }
        }
        return new DemoModel(engine, pipeline, List.copyOf(mappers));
    }

    /** Mappings of the clinical model, by source table. */
    Map<String, Mapper> clean() {
        Map<String, Mapper> clean = new TreeMap<>();
        mappers.stream()
                .filter(mapper -> CLEAN.contains(mapper.mapping().target().name()))
                .forEach(mapper -> clean.put(mapper.mapping().source().name(), mapper));
        return clean;
    }

    /** Mappings that the file declares. */
    List<Mapper> declared() {
        Set<String> named = new HashSet<>();
        pipeline.tables().forEach(table -> named.add(table.from()));
        return mappers.stream()
                .filter(mapper -> named.contains(mapper.source().table().text()))
                .toList();
    }

    /** What the mapping makes of the rows that the hospital begins with. */
    Trial.Result trial(Mapper mapper) {
        LegacyTable table = LegacyHospital.plan(SyntheaArchive.bundled(), engine).stream()
                .filter(each -> each.name().equals(mapper.source().table().name()))
                .findFirst()
                .orElseThrow();
        Trial trial = new Trial(mapper);
        try (var rows = table.rows().get()) {
            rows.forEach(cells -> trial.take(row(mapper.source(), table, cells)));
        }
        return trial.result();
    }

    private static Row row(TableSchema schema, LegacyTable table, @Nullable String[] texts) {
        List<String> names =
                table.columns().stream().map(LegacyTable.Column::name).toList();
        List<Cell> cells = new ArrayList<>();
        for (Column column : schema.columns()) {
            int index = names.indexOf(column.name());
            String text = index < 0 ? null : texts[index];
            cells.add(text == null ? Cell.NULL : CanonicalText.parse(column.type(), canonical(column.type(), text)));
        }
        return new Row(schema, cells);
    }

    /** From the text that the engine would read to the one that it would print. */
    private static String canonical(ColumnType type, String text) {
        return switch (type.kind()) {
            case BOOLEAN -> text.equals("1") ? "true" : "false";
            case BYTES -> "\\x" + text;
            case DECIMAL ->
                type.length() == ColumnType.UNLIMITED || text.equals("NaN")
                        ? text
                        : new BigDecimal(text)
                                .setScale(type.scale(), RoundingMode.HALF_UP)
                                .toPlainString();
            case TIMESTAMP -> withoutZeros(text);
            case TIMESTAMPTZ -> withoutZeros(text.replace("+00", "")) + (text.equals("infinity") ? "" : "+00");
            default -> text;
        };
    }

    /** No fraction ends with a zero. */
    private static String withoutZeros(String time) {
        return time.contains(".") ? time.replaceFirst("\\.?0+$", "") : time;
    }
}
