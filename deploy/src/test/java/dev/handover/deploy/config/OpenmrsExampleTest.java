package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.handover.deploy.source.RealData;
import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.CodeMapBuilder;
import dev.handover.mapping.code.ConceptMaps;
import dev.handover.mapping.code.CsvCodes;
import dev.handover.mapping.code.CsvLayout;
import dev.handover.mapping.code.InvalidCodeMap;
import dev.handover.mapping.code.KeyPart;
import dev.handover.mapping.code.Several;
import dev.handover.mapping.code.Target;
import dev.handover.mapping.code.Translation;
import dev.handover.mapping.code.Translation.Kind;
import dev.handover.mapping.unit.Ucum;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What the example of OpenMRS decides by hand, against published maps where they are at hand. */
class OpenmrsExampleTest {
    private static final Path EXAMPLE = Path.of("examples", "openmrs");
    private static final Pattern DECIDED = Pattern.compile("SELECT '([^']*)'(?: AS string)?, '([^']*)'");
    private static final List<String> NO_UNITS = List.of("-", "?");

    private final Path published = RealData.directory().resolve("codemaps");

    @Test
    void everyMapOfTheFileIsMadeByAStatementAndEveryStatementMakesOne() throws IOException {
        List<String> maps = example().maps().values().stream()
                .map(map -> Path.of(map.file()).getFileName().toString().replace(".tsv", ".sql"))
                .sorted()
                .toList();
        try (Stream<Path> statements = Files.list(EXAMPLE.resolve("maps"))) {
            assertThat(statements.map(file -> file.getFileName().toString()).sorted())
                    .containsExactlyElementsOf(maps);
        }
    }

    @Test
    void everyStringOfUnitsIsDecidedByAUcumCode() throws IOException {
        Map<String, String> decided = decided();
        assertThat(decided).hasSize(7).containsEntry("cells/mmL", "?").containsEntry("", "-");
        assertThat(codes(decided))
                .allSatisfy(
                        code -> assertThat(Ucum.standard().parse(code)).as(code).isPresent());
    }

    /** OMOP knows each code; and where another hospital writes the same string, it means the same by way of OMOP. */
    @Test
    void unitsMeanWhatOthersTakeThemFor() throws Exception {
        requireData();
        CodeMap omop = csv("omop_ucum_concepts", "concept_id", "concept_code");
        CodeMap mimic = csv("mimiciv_gcpt_meas_unit", "concept_name", "target_concept_id");
        Map<String, String> decided = decided();
        Map<String, String> ucum = new HashMap<>();
        omop.forEach(
                (key, translation) -> translation.single().map(Target::code).ifPresent(code -> ucum.put(code, code)));
        assertThat(ucum).containsKeys(codes(decided).toArray(String[]::new));
        Map<String, String> elsewhere = new HashMap<>();
        decided.keySet().forEach(string -> single(mimic, string)
                .flatMap(concept -> single(omop, concept))
                .ifPresent(code -> elsewhere.put(string, code)));
        assertThat(elsewhere).containsOnlyKeys("kg", "cm", "day").allSatisfy((string, code) -> assertThat(decided)
                .containsEntry(string, code));
    }

    @Test
    void codesThatTheFileWritesAreThoseOfTheirSystems() throws Exception {
        requireData();
        CodeMap interpretations = csv("hl7/v3-ObservationInterpretation", "code", "display");
        assertThat(column("clinical.observation_quantity", "interpretation")
                        .map()
                        .values())
                .hasSize(15)
                .allSatisfy(code -> assertThat(
                                interpretations.lookup(code.orElseThrow()).kind())
                        .as(code.orElseThrow())
                        .isEqualTo(Kind.EXACT));
        CodeMap gender = conceptMap("http://hl7.org/fhir/ConceptMap/cm-administrative-gender-v2");
        column("clinical.person", "gender").map().forEach((hl7, fhir) -> assertThat(targets(gender, fhir.orElseThrow()))
                .as(hl7)
                .contains(hl7));
        assertThat(Files.readString(published.resolve("hl7/naming_systems.csv")))
                .contains(",uri,http://hl7.org/fhir/sid/us-ssn,");
        assertThat(Files.readString(EXAMPLE.resolve("maps/identifier-system.sql")))
                .contains("'http://hl7.org/fhir/sid/us-ssn'");
    }

    private void requireData() {
        boolean present = Files.isDirectory(published);
        if (!present) {
            System.out.println("SKIPPED OpenmrsExampleTest: there is no " + published
                    + "; name the folder of real data in HANDOVER_REAL_DATA");
        }
        assumeTrue(present, "no real data");
    }

    private static PipelineConfig example() {
        return PipelineFile.read(EXAMPLE.resolve("openmrs.yaml"));
    }

    private static TableConfig.Column column(String table, String name) {
        return example().tables().stream()
                .filter(each -> each.to().equals(table))
                .flatMap(each -> Optional.ofNullable(each.columns().get(name)).stream())
                .findFirst()
                .orElseThrow();
    }

    /** The list in the statement that makes the map of units. */
    private static Map<String, String> decided() throws IOException {
        Map<String, String> decided = new LinkedHashMap<>();
        Matcher line = DECIDED.matcher(Files.readString(EXAMPLE.resolve("maps/unit.sql")));
        while (line.find()) {
            decided.put(line.group(1), line.group(2));
        }
        return decided;
    }

    private static Collection<String> codes(Map<String, String> decided) {
        return decided.values().stream()
                .filter(code -> !NO_UNITS.contains(code))
                .toList();
    }

    private static Optional<String> single(CodeMap map, String code) {
        return map.lookup(code).single().map(Target::code);
    }

    private static List<String> targets(CodeMap map, String code) {
        Translation translation = map.lookup(code);
        List<Target> targets = translation instanceof Translation.Choice choice
                ? choice.targets()
                : translation.single().stream().toList();
        return targets.stream().map(Target::code).toList();
    }

    private CodeMap csv(String name, String key, String target) throws IOException, InvalidCodeMap {
        CodeMapBuilder builder = CodeMap.builder(name).key(KeyPart.of(key)).several(Several.ANY);
        CsvCodes.read(
                Files.readString(published.resolve(name + ".csv")),
                CsvLayout.of(target).withNoMap("0"),
                builder);
        return builder.build();
    }

    private CodeMap conceptMap(String url) throws IOException, InvalidCodeMap {
        CodeMapBuilder builder = CodeMap.builder(url).several(Several.CHOICE);
        try (InputStream file =
                new GZIPInputStream(Files.newInputStream(published.resolve("fhir_r4_conceptmaps.json.gz")))) {
            ConceptMaps.read(
                    new String(file.readAllBytes(), StandardCharsets.UTF_8), ConceptMaps.Selection.of(url), builder);
        }
        return builder.build();
    }
}
