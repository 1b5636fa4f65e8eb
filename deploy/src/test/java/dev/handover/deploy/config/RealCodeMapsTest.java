package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.handover.deploy.source.RealData;
import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.CodeMapBuilder;
import dev.handover.mapping.code.ConceptMaps;
import dev.handover.mapping.code.CsvCodes;
import dev.handover.mapping.code.CsvLayout;
import dev.handover.mapping.code.InvalidCodeMap;
import dev.handover.mapping.code.KeyForm;
import dev.handover.mapping.code.KeyPart;
import dev.handover.mapping.code.Relation;
import dev.handover.mapping.code.Several;
import dev.handover.mapping.code.Target;
import dev.handover.mapping.code.Translation;
import dev.handover.mapping.code.Translation.Cluster;
import dev.handover.mapping.code.Translation.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Counts that must come out on published maps, where they are at hand. Each number was counted by two scripts that
 * share nothing with the readers.
 */
class RealCodeMapsTest {
    private final Path folder = RealData.directory().resolve("codemaps");

    @BeforeEach
    void requireData() {
        boolean present = Files.isDirectory(folder);
        if (!present) {
            System.out.println("SKIPPED RealCodeMapsTest: there is no " + folder
                    + "; name the folder of real data in HANDOVER_REAL_DATA");
        }
        assumeTrue(present, "no real data");
    }

    @Test
    void everyIcd9CodeOfTheGemHasTheOutcomeThatItsFlagsSay() throws Exception {
        CodeMap map = gem(Several.ANY);

        assertThat(map.size()).isEqualTo(14_567);
        assertThat(map.counts())
                .isEqualTo(Map.of(
                        Kind.EXACT, 3_489,
                        Kind.APPROXIMATE, 7_158,
                        Kind.CHOICE, 2_838,
                        Kind.COMBINATION, 668,
                        Kind.NO_MAP, 414));
        List<Translation.Choice> choices = all(map, Translation.Choice.class);
        assertThat(choices.stream().mapToInt(choice -> choice.targets().size()).sum())
                .isEqualTo(11_806);
        assertThat(choices.stream().filter(Translation.Choice::orNone)).hasSize(19);
        List<Translation.Combination> combinations = all(map, Translation.Combination.class);
        assertThat(combinations.stream()
                        .mapToInt(each -> each.alternatives().size())
                        .sum())
                .isEqualTo(794);
        assertThat(combinations.stream()
                        .filter(each -> each.alternatives().stream()
                                        .filter(cluster -> cluster.parts().size() > 1)
                                        .count()
                                > 1))
                .hasSize(63);
    }

    @Test
    void codesOfTheGemOneByOne() throws Exception {
        CodeMap map = gem(Several.ANY);

        assertThat(map.lookup("001.0")).isEqualTo(new Translation.Exact(Target.of("A000", "", Relation.EQUIVALENT)));
        assertThat(map.lookup("486")).isEqualTo(new Translation.Approximate(Target.of("J189", "", Relation.RELATED)));
        assertThat(map.lookup("365.70")).isEqualTo(new Translation.NoMap());
        assertThat(map.lookup("764.09"))
                .isEqualTo(new Translation.Choice(List.of(Target.of("P0509", "", Relation.RELATED)), true));
        assertThat(((Translation.Choice) map.lookup("V54.12")).targets()).hasSize(533);
        assertThat(((Translation.Combination) map.lookup("754.35"))
                        .alternatives().stream().map(RealCodeMapsTest::codes))
                .containsExactly(
                        List.of(List.of("Q6501"), List.of("Q6532")), List.of(List.of("Q6502"), List.of("Q6531")));
        assertThat(map.lookup("V12.2").kind()).as("a category").isEqualTo(Kind.UNKNOWN);
        assertThat(map.lookup("10").kind()).as("0010 without its zeros").isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void theGemsOwnContradictionsAreRefusedWithBothLines() {
        InvalidCodeMap refused = catchThrowableOfType(InvalidCodeMap.class, () -> gem(Several.REFUSE));

        assertThat(refused.problems()).hasSize(19 + 11);
        assertThat(refused.problems())
                .anySatisfy(problem -> {
                    assertThat(problem.place().line()).isEqualTo(24_413);
                    assertThat(problem.fact()).isEqualTo("contradicts line 11761, which has the same code");
                })
                .anySatisfy(problem -> {
                    assertThat(problem.place().line()).isEqualTo(25_156);
                    assertThat(problem.fact()).isEqualTo("contradicts line 4962, which has the same code");
                });
    }

    @Test
    void everyExactTranslationOfTheGemGoesBack() throws Exception {
        CodeMap map = gem(Several.ANY);
        Set<String> returned = new HashSet<>();
        map.forEach((key, translation) -> {
            if (translation instanceof Translation.Exact exact) {
                assertThat(map.sourceOf(exact.target().code())).contains(key.get(0));
                assertThat(map.lookup(map.sourceOf(exact.target().code()).orElseThrow()))
                        .isEqualTo(translation);
                returned.add(key.get(0));
            }
        });
        assertThat(returned).hasSize(3_489);
        assertThat(map.sourceOf("F329")).as("two codes only come near to it").isEmpty();
    }

    @Test
    void theMapOfTheDemoSaysWhatTheGemSays() throws Exception {
        CodeMap gem = gem(Several.ANY);
        List<String> compared = new ArrayList<>();
        DemoCodeMapsTest.icd9().forEach((key, translation) -> {
            if (!key.get(0).equals("V122")) {
                compared.add(key.get(0));
                assertThat(withoutNames(translation)).as(key.get(0)).isEqualTo(withoutNames(gem.lookup(key.get(0))));
            }
        });
        assertThat(compared).hasSize(182);
    }

    @Test
    void theMapsOfTheDemoLeadToCodesThatExist() throws IOException, InvalidCodeMap {
        Map<String, String> tables = Map.of("race", "v3-Race", "specimen", "v2-0487");
        for (Map.Entry<String, String> table : tables.entrySet()) {
            CodeMap known = csv("hl7/" + table.getValue(), "code", CsvLayout.of("display"), Several.REFUSE);
            DemoCodeMapsTest.text(table.getKey()).forEach((key, translation) -> targets(translation)
                    .forEach(target -> assertThat(known.lookup(target.code()).kind())
                            .as(target.code())
                            .isEqualTo(Kind.EXACT)));
        }
    }

    @Test
    void all19ConceptMapsOfFhirR4AreRead() throws Exception {
        String bundle = gunzipped("fhir_r4_conceptmaps.json.gz");
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        Map<String, CodeMap> maps = new HashMap<>();
        List<String> refused = new ArrayList<>();
        for (String url : ConceptMaps.urls(bundle)) {
            try {
                conceptMap(bundle, url, Several.REFUSE);
            } catch (InvalidCodeMap contradictory) {
                refused.add(url);
                assertThat(contradictory.problems())
                        .extracting(problem -> problem.place().line() + ": " + problem.fact())
                        .containsExactlyElementsOf(contradictions(bundle));
            }
            CodeMap map = conceptMap(bundle, url, Several.ANY);
            maps.put(url.substring(url.lastIndexOf('/') + 1), map);
            map.counts().forEach((kind, count) -> counts.merge(kind, count, Integer::sum));
        }

        assertThat(maps).hasSize(19);
        assertThat(refused)
                .as("says of three specimens that there is a code and that there is none")
                .containsExactly("http://hl7.org/fhir/ConceptMap/102");
        assertThat(counts)
                .isEqualTo(Map.of(
                        Kind.EXACT, 188,
                        Kind.APPROXIMATE, 7,
                        Kind.CHOICE, 7,
                        Kind.COMBINATION, 86,
                        Kind.NO_MAP, 54));
        assertThat(map(maps, "102").counts())
                .isEqualTo(Map.of(Kind.EXACT, 127, Kind.CHOICE, 2, Kind.COMBINATION, 86, Kind.NO_MAP, 53));
        assertThat(map(maps, "102").lookup("CLIPP"))
                .isEqualTo(new Translation.Choice(List.of(Target.of("119327009", "", Relation.EQUIVALENT)), true));
        assertThat(map(maps, "101").lookup("old").kind()).isEqualTo(Kind.NO_MAP);
        assertThat(map(maps, "101").lookup("billing").kind()).isEqualTo(Kind.FALLBACK);
        assertThat(map(maps, "103").remarks()).singleElement().satisfies(remark -> assertThat(remark.fact())
                .isEqualTo("an element without code"));
        assertThat(map(maps, "example2").key()).hasSize(2);
        assertThat(map(maps, "example2").lookup("code", "some-code").kind()).isEqualTo(Kind.EXACT);
        assertThat(map(maps, "example2").lookup("code", "other").kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void aHospitalsOwnMapsAreReadAndTheirDuplicatesNamed() throws Exception {
        CsvLayout layout = CsvLayout.of("target_concept_id").withNoMap("0");
        String ethnicity = "mimiciv_gcpt_per_ethnicity";
        assertThat(csv(ethnicity, "concept_name", layout, Several.REFUSE).counts())
                .isEqualTo(Map.of(Kind.EXACT, 5, Kind.NO_MAP, 3));
        assertThat(csv("mimiciv_gcpt_vis_admission", "concept_name", layout, Several.REFUSE)
                        .counts())
                .isEqualTo(Map.of(Kind.EXACT, 84));
        String route = "mimiciv_gcpt_drug_route";
        assertThat(catchThrowableOfType(InvalidCodeMap.class, () -> csv(route, "concept_name", layout, Several.CHOICE))
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.fact()).startsWith("says again what line "));
        assertThat(csv(route, "concept_name", layout, Several.ANY).counts()).isEqualTo(Map.of(Kind.EXACT, 95));
    }

    private static CodeMap conceptMap(String bundle, String url, Several several) throws InvalidCodeMap {
        CodeMapBuilder builder = CodeMap.builder(url).several(several);
        ConceptMaps.read(bundle, ConceptMaps.Selection.of(url), builder);
        return builder.build();
    }

    /** Where the lines of the file say what the reader must say of them. */
    private static List<String> contradictions(String bundle) {
        List<String> lines = bundle.lines().toList();
        List<String> facts = new ArrayList<>();
        for (String code : List.of("CSITE", "CLIPP", "SHU")) {
            List<Integer> found = IntStream.range(0, lines.size())
                    .filter(i -> lines.get(i).strip().equals("\"code\" : \"" + code + "\","))
                    .map(i -> i + 2)
                    .boxed()
                    .toList();
            assertThat(found).as(code).hasSize(2);
            facts.add(found.get(1) + ": contradicts line " + found.get(0) + ", which has the same code");
        }
        return facts;
    }

    private static CodeMap map(Map<String, CodeMap> maps, String name) {
        return Objects.requireNonNull(maps.get(name), name);
    }

    private CodeMap gem(Several several) throws IOException, InvalidCodeMap {
        CodeMapBuilder builder = CodeMap.builder("gem")
                .key(KeyPart.of("icd_9", KeyForm.ICD9_DOT))
                .several(several);
        CsvCodes.read(
                gunzipped("icd9cm_to_icd10cm_gem.csv.gz"),
                CsvLayout.of("icd_10").withFlags("flags"),
                builder);
        return builder.build();
    }

    private CodeMap csv(String name, String key, CsvLayout layout, Several several) throws IOException, InvalidCodeMap {
        CodeMapBuilder builder = CodeMap.builder(name).key(KeyPart.of(key)).several(several);
        CsvCodes.read(Files.readString(folder.resolve(name + ".csv")), layout, builder);
        return builder.build();
    }

    private String gunzipped(String name) throws IOException {
        try (InputStream file = new GZIPInputStream(Files.newInputStream(folder.resolve(name)))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static <T extends Translation> List<T> all(CodeMap map, Class<T> type) {
        List<T> found = new ArrayList<>();
        map.forEach((key, translation) -> {
            if (type.isInstance(translation)) {
                found.add(type.cast(translation));
            }
        });
        return found;
    }

    private static List<Target> targets(Translation translation) {
        return translation instanceof Translation.Choice choice
                ? choice.targets()
                : translation.single().stream().toList();
    }

    /** Codes, relations and structure as text. */
    private static String withoutNames(Translation translation) {
        if (translation instanceof Translation.Combination combination) {
            return combination.kind() + " "
                    + combination.alternatives().stream()
                            .map(RealCodeMapsTest::codes)
                            .toList();
        }
        Stream<String> targets = targets(translation).stream().map(target -> target.code() + target.relation());
        return translation.kind() + " " + targets.sorted().toList();
    }

    private static List<List<String>> codes(Cluster cluster) {
        return cluster.parts().stream()
                .map(part -> part.stream().map(Target::code).toList())
                .toList();
    }
}
