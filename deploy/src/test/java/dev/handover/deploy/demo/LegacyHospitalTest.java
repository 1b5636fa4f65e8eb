package dev.handover.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
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
                        "exam_code=358",
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
    @CsvSource({"POSTGRES, da1dda63481676e1", "MARIADB, 815d3b3e4bdc04e8"})
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
                Map.entry("lab_result", 2),
                Map.entry("vitals", 2),
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
        assertThat(pipeline.rules()).hasSize(18);
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
        assertThat(cells(LegacyEngine.POSTGRES, "diagnosis", "code"))
                .contains("401.1", "V122", "V12.2", "E930.0", "813.44")
                .anyMatch(code -> code.matches("[0-9]{5}"))
                .anyMatch(code -> code.matches("[ev][0-9]{2}.*"));
        assertThat(cells(LegacyEngine.POSTGRES, "vitals", "units")).contains("lb", "kg", "F", "C", "mm Hg", "/min ");
        assertThat(cells(LegacyEngine.POSTGRES, "lab_result", "units"))
                .contains("K/uL", "mg%", "N/A", "", " ", "mmol/L 24h ", "mMol/L");
        assertThat(cells(LegacyEngine.POSTGRES, "lab_result", "value_txt"))
                .contains("+++", "___", " ")
                .anyMatch(value -> value.startsWith(">="))
                .anyMatch(value -> value.startsWith("< "))
                .anyMatch(value -> value.matches("[0-9]+-[0-9]+"));
        assertThat(cells(LegacyEngine.POSTGRES, "prescription", "route")).contains("PO/NG", "DIALYS", "IV DRIP", "");
        assertThat(cells(LegacyEngine.POSTGRES, "patient", "race")).contains("BLACK/AFRICAN", "HISPANIC", "caucasian");
        assertThat(cells(LegacyEngine.POSTGRES, "lab_result", "specimen")).contains("Blood ", "JOINT FLUID", "SWAB");
    }

    @ParameterizedTest
    @EnumSource
    void theSchemaMakesEveryTable(LegacyEngine engine) {
        String ddl =
                String.join("\n", LegacyHospital.statements(LegacyHospital.resource(engine.resource("schema", "sql"))));
        assertThat(LegacyHospital.tables())
                .allMatch(table -> ddl.matches("(?s).*CREATE TABLE [`\"]?" + table + "[`\"]? \\(.*"));
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
