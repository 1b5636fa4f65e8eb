package dev.handover.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.mapping.operation.Zoned;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

class LegacyHospitalTest {
    private static final SyntheaArchive ARCHIVE = SyntheaArchive.bundled();
    private static final Row ROW = new Row(
            new TableSchema(
                    TableId.target("any", "any"),
                    List.of(new Column("id", ColumnType.of(Kind.INT64), false)),
                    List.of("id")),
            List.of(new Value.Int(1)));

    @Test
    void everyTableHasItsRows() {
        Map<String, Long> counts = new LinkedHashMap<>();
        LegacyHospital.plan(ARCHIVE, LegacyEngine.POSTGRES)
                .forEach(table -> counts.put(table.name(), table.rows().get().count()));
        assertThat(counts.entrySet().stream().map(Object::toString))
                .containsExactly(
                        "facility=4",
                        "organization=64",
                        "provider=64",
                        "payer=10",
                        "exam_code=234",
                        "patient=29",
                        "patient_identifier=110",
                        "patient_name=54",
                        "insurance=1388",
                        "encounter=6202",
                        "bed_move=1347",
                        "diagnosis=3500",
                        "lab_result=51667",
                        "vitals=17097",
                        "prescription=3346",
                        "immunization=1617",
                        "allergy=23",
                        "procedure=17842",
                        "order=1551",
                        "CarePlan=356",
                        "document=388",
                        "device=535",
                        "billing=9548",
                        "appointment=776",
                        "intake_form=1034",
                        "transfer_queue=0");
        assertThat(LegacyHospital.tables()).containsExactlyElementsOf(counts.keySet());
    }

    /** A change of these digests is a change of the demo's data: say so in the commit that changes them. */
    @ParameterizedTest
    @CsvSource({"POSTGRES, 00e5e300bca8d2e1", "MARIADB, e4b718ba4b068676"})
    void theRowsAreTheSameOnEveryMachine(LegacyEngine engine, String digest) throws NoSuchAlgorithmException {
        assertThat(digest(engine)).isEqualTo(digest);
    }

    @ParameterizedTest
    @EnumSource
    void noKeyOccursTwice(LegacyEngine engine) {
        Map<String, Integer> keyWidths = Map.ofEntries(
                Map.entry("exam_code", 2),
                Map.entry("patient_identifier", 3),
                Map.entry("patient_name", 2),
                Map.entry("bed_move", 3),
                Map.entry("vitals", 3),
                Map.entry("immunization", 3),
                Map.entry("billing", 2),
                Map.entry("appointment", 2));
        for (LegacyTable table : LegacyHospital.plan(ARCHIVE, engine)) {
            int width = keyWidths.getOrDefault(table.name(), 1);
            Set<List<@Nullable String>> keys = new HashSet<>();
            assertThat(table.rows()
                            .get()
                            .filter(row -> !keys.add(Stream.of(row).limit(width).toList()))
                            .count())
                    .as(table.name())
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theMappingTakesEveryRow(LegacyEngine engine) {
        for (Map<String, Object> table : mapped(engine)) {
            String from = (String) Objects.requireNonNull(table.get("from"));
            LegacyTable source = table(engine, from.substring(from.lastIndexOf('.') + 1));
            columns(table).forEach((target, column) -> {
                if (column.get("map") instanceof Map<?, ?> codes) {
                    assertThat(values(source, column)).as(target).allMatch(codes::containsKey);
                }
                if (column.get("parse") != null) {
                    assertThat(values(source, column))
                            .as(target)
                            .allMatch(value -> takes(new ParseTime("yyyyMMdd"), value));
                }
                if (column.get("timezone") != null && column.get("onInvalid") == null) {
                    assertThat(values(source, column))
                            .as(target)
                            .allMatch(value -> takes(new Zoned(Quirks.ZONE), value));
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePipelineFileAcceptsTheMapping(LegacyEngine engine) {
        String head = """
                apiVersion: handover/v1
                kind: Pipeline
                metadata: {name: demo}
                kafka: {bootstrap: ["localhost:9092"]}
                registry: {url: "http://localhost:8081"}
                digest: {key: "${env:HANDOVER_DIGEST_KEY}"}
                sources:
                  - {name: pas, kind: postgres, host: localhost, database: pas, user: u, password: "${dir:/run/secrets:p}"}
                sinks:
                  - {name: cloud, kind: postgres, url: "jdbc:postgresql://localhost:5432/c", user: u, password: "${dir:/run/secrets:p}"}
                """;
        PipelineConfig pipeline =
                PipelineFile.parse("demo", head + LegacyHospital.mapping(engine) + LegacyHospital.rules(engine));
        assertThat(pipeline.tables()).hasSameSizeAs(mapped(engine));
        assertThat(pipeline.rules()).hasSize(6);
    }

    @Test
    void theSinsAreThere() {
        assertThat(cells(LegacyEngine.POSTGRES, "diagnosis", "snomed"))
                .anyMatch(code -> new BigInteger(code).bitLength() > 53);
        assertThat(cells(LegacyEngine.MARIADB, "lab_result", "accession"))
                .anyMatch(number -> new BigInteger(number).bitLength() == 64);
        assertThat(cells(LegacyEngine.POSTGRES, "lab_result", "value_num"))
                .contains("NaN")
                .anyMatch(number -> !number.equals("NaN") && new BigDecimal(number).scale() == 1);
        assertThat(cells(LegacyEngine.POSTGRES, "patient", "death_dt")).contains("infinity");
        assertThat(cells(LegacyEngine.MARIADB, "patient", "death_dt")).contains("0000-00-00");
        assertThat(cells(LegacyEngine.MARIADB, "encounter", "duration"))
                .anyMatch(time -> Integer.parseInt(time.substring(0, time.indexOf(':'))) > 24);
        assertThat(cells(LegacyEngine.POSTGRES, "document", "body")).anyMatch(body -> body.length() > 8_192);
        assertThat(cells(LegacyEngine.POSTGRES, "payer", "payer_cd")).contains("03.01");
    }

    @ParameterizedTest
    @EnumSource
    void theSchemaMakesEveryTable(LegacyEngine engine) {
        String ddl =
                String.join("\n", LegacyHospital.statements(LegacyHospital.resource(engine.resource("schema", "sql"))));
        assertThat(LegacyHospital.tables())
                .allMatch(table -> ddl.matches("(?s).*CREATE TABLE [`\"]?" + table + "[`\"]? \\(.*"));
    }

    private static boolean takes(Operation operation, String value) {
        return operation.apply(new Value.Text(value), new Evaluation(ROW)).fold(cell -> true, rejection -> false);
    }

    private static LegacyTable table(LegacyEngine engine, String name) {
        return LegacyHospital.plan(ARCHIVE, engine).stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> cells(LegacyEngine engine, String table, String column) {
        return values(table(engine, table), Map.of("from", column));
    }

    private static List<String> values(LegacyTable table, Map<String, Object> column) {
        int index =
                table.columns().stream().map(LegacyTable.Column::name).toList().indexOf(column.get("from"));
        assertThat(index)
                .as(table.name() + " has the column " + column.get("from"))
                .isNotNegative();
        return table.rows().get().flatMap(row -> Stream.ofNullable(row[index])).toList();
    }

    @SuppressWarnings("unchecked") // the shape of a resource of ours
    private static List<Map<String, Object>> mapped(LegacyEngine engine) {
        Map<String, Object> yaml = new Yaml().load(LegacyHospital.mapping(engine));
        return (List<Map<String, Object>>) Objects.requireNonNull(yaml.get("tables"));
    }

    @SuppressWarnings("unchecked") // as above
    private static Map<String, Map<String, Object>> columns(Map<String, Object> table) {
        return (Map<String, Map<String, Object>>) Objects.requireNonNull(table.get("columns"));
    }

    private static String digest(LegacyEngine engine) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (LegacyTable table : LegacyHospital.plan(ARCHIVE, engine)) {
            table.rows().get().forEach(row -> {
                for (String cell : row) {
                    digest.update((cell == null ? "\\N" : "=" + cell).getBytes(StandardCharsets.UTF_8));
                    digest.update((byte) 0);
                }
            });
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }
}
