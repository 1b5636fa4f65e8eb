package dev.handover.mapping.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.handover.mapping.code.InvalidCodeMap.Problem;
import dev.handover.mapping.code.Translation.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeMapTest {
    private static final CsvLayout LAYOUT = CsvLayout.of("target")
            .withDisplay("display")
            .withRelation("relation")
            .withPart("part");
    private static final String HEADER = "code,target,display,relation,part\n";

    @Test
    void everyOutcomeIsAnotherOne() throws InvalidCodeMap {
        CodeMap map = read("""
                V270,Z370,Single live birth,equivalent,
                4011,I10,,approximate,
                2767,E875,,wider,
                4139,I208,,approximate,
                4139,I209,,approximate,
                0730,A70,,approximate,1.1
                0730,J17,,approximate,1.2
                E8500,,,no-map,
                UNK,,,null,
                """, Several.CHOICE);

        assertThat(map.lookup("V270"))
                .isEqualTo(new Translation.Exact(Target.of("Z370", "Single live birth", Relation.EQUIVALENT)));
        assertThat(map.lookup("4011")).isEqualTo(new Translation.Approximate(target("I10", Relation.RELATED)));
        assertThat(map.lookup("2767")).isEqualTo(new Translation.Approximate(target("E875", Relation.WIDER)));
        assertThat(map.lookup("4139"))
                .isEqualTo(new Translation.Choice(
                        List.of(target("I208", Relation.RELATED), target("I209", Relation.RELATED)), false));
        assertThat(map.lookup("0730"))
                .isEqualTo(new Translation.Combination(
                        List.of(new Translation.Cluster(List.of(
                                List.of(target("A70", Relation.RELATED)), List.of(target("J17", Relation.RELATED))))),
                        false));
        assertThat(map.lookup("E8500")).isEqualTo(new Translation.NoMap());
        assertThat(map.lookup("UNK")).isEqualTo(new Translation.Nothing());
        assertThat(map.lookup("never seen")).isEqualTo(new Translation.Unknown());
        assertThat(map.counts())
                .isEqualTo(Map.of(
                        Kind.EXACT, 1,
                        Kind.APPROXIMATE, 2,
                        Kind.CHOICE, 1,
                        Kind.COMBINATION, 1,
                        Kind.NO_MAP, 1,
                        Kind.NOTHING, 1));
        assertThat(map.lookup("V270").single().map(Target::code)).contains("Z370");
        assertThat(map.lookup("4011").single().map(Target::code)).contains("I10");
        assertThat(List.of("4139", "0730", "E8500", "UNK", "x"))
                .allSatisfy(code -> assertThat(map.lookup(code).single()).isEmpty());
    }

    @Test
    void aSnomedCodeAbove2To53KeepsEveryDigit() throws InvalidCodeMap {
        CodeMap map = read("""
                10939881000119105,A,,equivalent,
                10939881000119104,B,,equivalent,
                X,16335031000119103,,equivalent,
                """, Several.REFUSE);

        assertThat((long) Double.parseDouble("10939881000119105"))
                .as("what a double makes of it")
                .isEqualTo(10939881000119104L);
        assertThat(code(map.lookup("10939881000119105"))).isEqualTo("A");
        assertThat(code(map.lookup("10939881000119104"))).isEqualTo("B");
        assertThat(code(map.lookup("X"))).isEqualTo("16335031000119103");
        assertThat(map.sourceOf("A")).contains("10939881000119105");
    }

    @Test
    void v122MeansSomethingElseInEachVersionOfIcd() throws InvalidCodeMap {
        CodeMapBuilder builder = CodeMap.builder("icd").key(KeyPart.of("code"), KeyPart.of("version"));
        CsvCodes.read("code,version,target\nV122,9,Z863\nV122,10,V122\n", CsvLayout.of("target"), builder);
        CodeMap map = builder.build();

        assertThat(code(map.lookup("V122", "9"))).isEqualTo("Z863");
        assertThat(code(map.lookup("V122", "10"))).isEqualTo("V122");
        assertThat(map.lookup("V122", "11").kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(map.keyOf("Z863")).contains(List.of("V122", "9"));
        assertThatThrownBy(() -> map.lookup("V122")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leadingZerosAndTrailingZerosAreDigitsOfACode() throws InvalidCodeMap {
        CodeMap map = read("024,CVX,,equivalent,\n24,other,,equivalent,\n03.01,a,,equivalent,\n", Several.REFUSE);

        assertThat(code(map.lookup("024"))).isEqualTo("CVX");
        assertThat(code(map.lookup("24"))).isEqualTo("other");
        assertThat(List.of("3.1", "03.010", "03.1", "0024", "24.0"))
                .allSatisfy(code -> assertThat(map.lookup(code).kind()).isEqualTo(Kind.UNKNOWN));
    }

    @Test
    void aBlankAndAnEmptyCodeAndNoCodeAreDifferent() throws InvalidCodeMap {
        CodeMap map = read(",,,null,\n\" \",blank,,equivalent,\n", Several.REFUSE);

        assertThat(map.lookup("").kind()).isEqualTo(Kind.NOTHING);
        assertThat(code(map.lookup(" "))).isEqualTo("blank");
        assertThat(map.lookup("  ").kind()).isEqualTo(Kind.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "ICD9_DOT,  250.00, 25000",
        "ICD9_DOT,  25.00,  25.00", // is not diabetes
        "ICD9_DOT,  V12.21, V1221",
        "ICD9_DOT,  E850.0, E8500",
        "ICD9_DOT,  E85.00, E85.00",
        "ICD9_DOT,  250.,   250.",
        "ICD9_DOT,  1.2.3,  1.2.3",
        "ICD9_DOT,  250.0.0, 250.0.0",
        "ICD10_DOT, E11.9,  E119",
        "ICD10_DOT, E850.0, E850.0",
        "ICD10_DOT, S06.0X2A, S060X2A",
        "UPPER_CASE, ei, EI",
        "TRIM,      '\u2003x ', x"
    })
    void onlyWhatIsDeclaredToMeanNothingIsTakenAway(KeyForm form, String text, String formed) {
        assertThat(form.of(text)).isEqualTo(formed);
    }

    @Test
    void differencesCountUnlessTheKeyDeclaresThemAway() throws InvalidCodeMap {
        String rows = "250.00,E119,,equivalent,\n";

        assertThat(read(rows, Several.REFUSE).lookup("25000").kind()).isEqualTo(Kind.UNKNOWN);
        CodeMapBuilder builder =
                CodeMap.builder("icd").key(KeyPart.of("code", KeyForm.TRIM, KeyForm.UPPER_CASE, KeyForm.ICD9_DOT));
        CsvCodes.read(HEADER + rows + "v12.21,Z8632,,equivalent,\n", LAYOUT, builder);
        CodeMap map = builder.build();
        assertThat(code(map.lookup("25000 "))).isEqualTo("E119");
        assertThat(code(map.lookup(" V1221"))).isEqualTo("Z8632");
        assertThat(map.sourceOf("E119")).as("as the map writes it").contains("250.00");
    }

    @Test
    void aRowThatIsSaidAgainIsRefusedAndBothLinesAreNamed() {
        assertThat(refused("4019,I10,,equivalent,\n486,J189,,equivalent,\n4019,I10,other name,equivalent,\n"))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.place()).isEqualTo(new Place(4, 1));
                    assertThat(problem.fact()).isEqualTo("says again what line 2 says");
                    assertThat(problem.hint()).isEqualTo("remove one of the two rows");
                });
    }

    @Test
    void twoSpellingsOfOneKeyAreOneCode() {
        CodeMapBuilder builder = CodeMap.builder("sex").key(KeyPart.of("code", KeyForm.UPPER_CASE));
        builder.target(new Place(2, 1), List.of("f"), target("female", Relation.EQUIVALENT));
        builder.target(new Place(3, 1), List.of("F"), target("female", Relation.EQUIVALENT));

        assertThat(problems(builder)).singleElement().satisfies(problem -> assertThat(problem.hint())
                .contains("takes the two codes for one"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4019,I10,,equivalent,;4019,I169,,equivalent,        | REFUSE | contradicts line 2, which has the same code",
                "4019,,,no-map,;4019,I10,,equivalent,                | CHOICE | contradicts line 2, which has the same code",
                "4019,I10,,equivalent,;4019,I1,,wider,;4019,,,no-map,| CHOICE | contradicts line 2, which has the same code",
                "4019,,,null,;4019,I10,,equivalent,                  | ANY    | contradicts line 2, which has the same code",
                "4019,,,null,;4019,,,no-map,                         | ANY    | contradicts line 2, which has the same code",
                "4019,I10,,equivalent,;4019,I10,,wider,              | CHOICE | contradicts line 2, which has the same code",
                "0730,A70,,wider,1.1                                 | CHOICE | scenario 1 of this code has one part only",
                "0730,A70,,wider,1.1;0730,J17,,wider,1.2;0730,A,,wider, | REFUSE | contradicts line 2, which has the same code"
            })
    void rowsThatContradictEachOtherAreNeverResolvedByTheirOrder(String rows, Several several, String fact) {
        assertThat(problems(builder(rows.replace(';', '\n') + '\n', several)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.fact()).isEqualTo(fact));
    }

    @Test
    void contradictionsThatAreToBeKeptAreKeptWhole() throws InvalidCodeMap {
        CodeMap map = read("""
                76409,,,no-map,
                76409,P0509,,approximate,
                3694,H548,,approximate,
                3694,H548,,equivalent,
                same,A,,equivalent,
                same,A,,equivalent,
                """, Several.ANY);

        assertThat(map.lookup("76409"))
                .isEqualTo(new Translation.Choice(List.of(target("P0509", Relation.RELATED)), true));
        assertThat(map.lookup("3694"))
                .isEqualTo(new Translation.Choice(
                        List.of(target("H548", Relation.RELATED), target("H548", Relation.EQUIVALENT)), false));
        assertThat(map.lookup("same").kind()).isEqualTo(Kind.EXACT);
    }

    @Test
    void combinationsHaveScenariosOfPartsWithAlternatives() throws InvalidCodeMap {
        CodeMap map = read("""
                66602,O720,,approximate,
                66602,O43211,,approximate,1.2
                66602,O43212,,approximate,1.2
                66602,O720,,approximate,1.1
                66602,X,,approximate,2.1
                66602,Y,,approximate,2.2
                """, Several.CHOICE);

        Translation.Combination found = (Translation.Combination) map.lookup("66602");
        assertThat(found.alternatives().stream().map(CodeMapTest::codes))
                .containsExactly(
                        List.of(List.of("O720")),
                        List.of(List.of("O720"), List.of("O43211", "O43212")),
                        List.of(List.of("X"), List.of("Y")));
    }

    @Test
    void aSourceIsGivenBackOnlyWhereItIsTheOnlyExactOne() throws InvalidCodeMap {
        CodeMap map = read("""
                F,female,,equivalent,
                f,female,,equivalent,
                M,male,,equivalent,
                B,male,,wider,
                A,other,,wider,
                J,fluid,,equivalent,
                J,synovial,,equivalent,
                """, Several.CHOICE);

        assertThat(map.sourceOf("male")).contains("M");
        assertThat(map.sourceOf("female")).as("two codes mean it").isEmpty();
        assertThat(map.sourceOf("other")).as("only comes near").isEmpty();
        assertThat(map.sourceOf("fluid")).as("one of a choice").isEmpty();
        assertThat(map.sourceOf("never seen")).isEmpty();
    }

    @Test
    void aMapInTheConfigurationTranslatesExactlyOrToNull() {
        Map<String, Optional<String>> codes = new HashMap<>();
        codes.put("M", Optional.of("male"));
        codes.put("-", Optional.empty());
        CodeMap map = CodeMap.of("sex", codes);

        assertThat(code(map.lookup("M"))).isEqualTo("male");
        assertThat(map.lookup("-").kind()).isEqualTo(Kind.NOTHING);
        assertThat(map.lookup("F").kind()).isEqualTo(Kind.UNKNOWN);
        assertThatThrownBy(() -> CodeMap.of("none", Map.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mapsThatGiveTheSameAnswersAreEqual() throws InvalidCodeMap {
        String rows = "a,A,,equivalent,\nb,B,,wider,\n";
        CodeMap map = read(rows, Several.REFUSE);

        assertThat(read("b,B,,wider,\na,A,,equivalent,\n", Several.CHOICE))
                .isEqualTo(map)
                .hasSameHashCodeAs(map);
        assertThat(read(rows.replace("wider", "narrower"), Several.REFUSE)).isNotEqualTo(map);
        assertThat(read(rows.replace("b,", "c,"), Several.REFUSE)).isNotEqualTo(map);
        assertThat(builder(rows, Several.REFUSE).version("2").build()).isNotEqualTo(map);
        assertThat(builder(rows, Several.REFUSE)
                        .unmapped(new Unmapped.Provided(Relation.RELATED))
                        .build())
                .isNotEqualTo(map);
    }

    @Test
    void aTranslationCannotBePrintedIntoALog() throws InvalidCodeMap {
        CodeMap map = read("""
                042,B20,HIV disease,equivalent,
                V08,Z21,HIV infection,wider,
                0730,B20,,wider,1.1
                0730,B21,,wider,1.2
                079,B20,,wider,
                079,B21,,wider,
                """, Several.CHOICE);

        assertThat(List.of("042", "V08", "0730", "079")).allSatisfy(code -> assertThat(
                        map.lookup(code) + "" + map.lookup(code).single())
                .doesNotContain("B2", "Z21", "HIV"));
        assertThat(new Translation.Fallback(target("B20", Relation.WIDER)).toString())
                .doesNotContain("B20");
        assertThat(new Translation.Cluster(List.of(List.of(target("B20", Relation.WIDER)))).toString())
                .doesNotContain("B20");
    }

    @Test
    void eachOutcomeHasAFunctionOfItsOwn() {
        Target target = target("x", Relation.EQUIVALENT);
        Target near = target("x", Relation.WIDER);
        List<List<Target>> parts = List.of(List.of(target), List.of(near));
        List<Translation> all = List.of(
                new Translation.Exact(target),
                new Translation.Approximate(near),
                new Translation.Choice(List.of(target, near), false),
                new Translation.Combination(List.of(new Translation.Cluster(parts)), false),
                new Translation.NoMap(),
                new Translation.Nothing(),
                new Translation.Fallback(target),
                new Translation.Unknown());

        assertThat(all.stream().map(each -> each.fold(new KindByCase()))).containsExactly(Kind.values());
        assertThat(all.stream().map(Translation::kind)).containsExactly(Kind.values());
    }

    private static final class KindByCase implements Translation.Cases<Kind> {
        @Override
        public Kind exact(Translation.Exact exact) {
            return Kind.EXACT;
        }

        @Override
        public Kind approximate(Translation.Approximate approximate) {
            return Kind.APPROXIMATE;
        }

        @Override
        public Kind choice(Translation.Choice choice) {
            return Kind.CHOICE;
        }

        @Override
        public Kind combination(Translation.Combination combination) {
            return Kind.COMBINATION;
        }

        @Override
        public Kind noMap(Translation.NoMap noMap) {
            return Kind.NO_MAP;
        }

        @Override
        public Kind nothing(Translation.Nothing nothing) {
            return Kind.NOTHING;
        }

        @Override
        public Kind fallback(Translation.Fallback fallback) {
            return Kind.FALLBACK;
        }

        @Override
        public Kind unknown(Translation.Unknown unknown) {
            return Kind.UNKNOWN;
        }
    }

    private static List<List<String>> codes(Translation.Cluster cluster) {
        return cluster.parts().stream()
                .map(part -> part.stream().map(Target::code).toList())
                .toList();
    }

    private static Target target(String code, Relation relation) {
        return Target.of(code, "", relation);
    }

    private static String code(Translation translation) {
        return translation.single().map(Target::code).orElse(translation.toString());
    }

    private static CodeMap read(String rows, Several several) throws InvalidCodeMap {
        return builder(rows, several).build();
    }

    private static CodeMapBuilder builder(String rows, Several several) {
        CodeMapBuilder builder = CodeMap.builder("test").key(KeyPart.of("code")).several(several);
        try {
            CsvCodes.read(HEADER + rows, LAYOUT, builder);
        } catch (InvalidCodeMap unreadable) {
            throw new IllegalArgumentException(unreadable);
        }
        return builder;
    }

    private static List<Problem> refused(String rows) {
        return problems(builder(rows, Several.REFUSE));
    }

    private static List<Problem> problems(CodeMapBuilder builder) {
        return catchThrowableOfType(InvalidCodeMap.class, builder::build).problems();
    }
}
