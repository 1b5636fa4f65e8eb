package dev.handover.mapping.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.handover.mapping.code.InvalidCodeMap.Problem;
import dev.handover.mapping.code.Translation.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConceptMapsTest {
    @ParameterizedTest
    @CsvSource({
        "equivalence,  equal,       EXACT,       EQUIVALENT",
        "equivalence,  equivalent,  EXACT,       EQUIVALENT",
        "equivalence,  wider,       APPROXIMATE, WIDER",
        "equivalence,  subsumes,    APPROXIMATE, WIDER",
        "equivalence,  narrower,    APPROXIMATE, NARROWER",
        "equivalence,  specializes, APPROXIMATE, NARROWER",
        "equivalence,  inexact,     APPROXIMATE, INEXACT",
        "equivalence,  relatedto,   APPROXIMATE, RELATED",
        "equivalence,  unmatched,   NO_MAP,",
        "equivalence,  disjoint,    NO_MAP,",
        "relationship, equivalent,  EXACT,       EQUIVALENT",
        "relationship, related-to,  APPROXIMATE, RELATED",
        "relationship, source-is-narrower-than-target, APPROXIMATE, WIDER",
        "relationship, source-is-broader-than-target,  APPROXIMATE, NARROWER",
        "relationship, not-related-to, NO_MAP,"
    })
    void everyWordOfR4AndR5HasItsMeaning(String name, String word, Kind kind, Relation relation) throws InvalidCodeMap {
        Translation found = element("{'code': 'a', 'target': [{'code': 'b', '" + name + "': '" + word + "'}]}")
                .lookup("a");

        assertThat(found.kind()).isEqualTo(kind);
        assertThat(found.single().map(Target::relation)).isEqualTo(Optional.ofNullable(relation));
    }

    @Test
    void severalTargetsAreAChoiceAndNoneIsPreferred() throws InvalidCodeMap {
        Translation found = element("{'code': 'a', 'target': [{'code': 'b', 'equivalence': 'equal', 'display': 'B'},"
                        + " {'code': 'c', 'equivalence': 'wider'}, {'code': 'd', 'equivalence': 'disjoint'}]}")
                .lookup("a");

        assertThat(found)
                .isEqualTo(new Translation.Choice(
                        List.of(Target.of("b", "B", Relation.EQUIVALENT), Target.of("c", "", Relation.WIDER)), false));
    }

    @Test
    void aTargetWithProductsIsACombination() throws InvalidCodeMap {
        Translation found = element("{'code': 'ACNFLD', 'target': [{'code': '119323008', 'equivalence': 'equivalent',"
                        + " 'product': [{'property': 'TypeModifier', 'system': 'http://snomed.info/sct',"
                        + " 'value': '47002008'}]}]}")
                .lookup("ACNFLD");

        assertThat(found)
                .isEqualTo(new Translation.Combination(
                        List.of(new Translation.Cluster(List.of(
                                List.of(Target.of("119323008", "", Relation.EQUIVALENT)),
                                List.of(new Target(
                                        "47002008",
                                        "",
                                        Relation.EQUIVALENT,
                                        "http://snomed.info/sct",
                                        "TypeModifier"))))),
                        false));
    }

    @Test
    void productsOfR5AreTypedValues() throws InvalidCodeMap {
        Translation found = element("{'code': 'a', 'target': [{'code': 'b', 'relationship': 'equivalent', 'product':"
                        + " [{'attribute': 'site', 'valueCoding': {'system': 's', 'code': 'c', 'display': 'C'}}]}]}")
                .lookup("a");

        assertThat(((Translation.Combination) found)
                        .alternatives()
                        .get(0)
                        .parts()
                        .get(1))
                .containsExactly(new Target("c", "C", Relation.EQUIVALENT, "s", "site"));
    }

    @Test
    void whatATargetDependsOnIsPartOfTheKey() throws InvalidCodeMap {
        CodeMap map = element(
                "{'code': 'a', 'target': [{'code': 'left', 'equivalence': 'equal',"
                        + " 'dependsOn': [{'property': 'side', 'value': 'L'}]}, {'code': 'right', 'equivalence': 'equal',"
                        + " 'dependsOn': [{'attribute': 'side', 'valueCode': 'R'}]}, {'code': 'any', 'equivalence': 'wider'}]}");

        assertThat(map.key().stream().map(KeyPart::name)).containsExactly("code", "side");
        assertThat(map.lookup("a", "L").single().map(Target::code)).contains("left");
        assertThat(map.lookup("a", "R").single().map(Target::code)).contains("right");
        assertThat(map.lookup("a", "").single().map(Target::code)).contains("any");
        assertThat(map.lookup("b", "L").kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(map.keyOf("left")).contains(List.of("a", "L"));
    }

    @Test
    void noMapOfR5IsDeclaredAndSilenceIsNot() throws InvalidCodeMap {
        CodeMap map = map("{'source': 's', 'target': 't', 'element': [{'code': 'a', 'noMap': true},"
                + " {'code': 'b'}, {'target': [{'code': 'x', 'equivalence': 'narrower'}]},"
                + " {'code': 'c', 'target': [{'code': 'd', 'relationship': 'equivalent'}]}]}");

        assertThat(map.lookup("a").kind()).isEqualTo(Kind.NO_MAP);
        assertThat(map.lookup("b").kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(map.remarks())
                .extracting(Problem::fact)
                .containsExactly("a code without target", "an element without code");
        assertThat(map.size()).isEqualTo(2);
    }

    @Test
    void productsOfATargetThatIsNoneAreRemarked() throws InvalidCodeMap {
        CodeMap map = element("{'code': 'a', 'target': [{'equivalence': 'unmatched', 'product':"
                + " [{'property': 'p', 'value': '1'}]}]}");

        assertThat(map.lookup("a").kind()).isEqualTo(Kind.NO_MAP);
        assertThat(map.remarks()).extracting(Problem::fact).containsExactly("products of a target that is none");
    }

    @Test
    void codesThatTheMapDoesNotHoldFallBackAsItSays() throws InvalidCodeMap {
        String element = "'element': [{'code': 'a', 'target': [{'equivalence': 'unmatched'}]}], 'unmapped': ";
        CodeMap fixed = map("{" + element + "{'mode': 'fixed', 'code': 'temp', 'display': 'Temp'}}");
        CodeMap provided = map("{" + element + "{'mode': 'provided'}}");
        CodeMap provided5 = map("{" + element + "{'mode': 'use-source-code', 'relationship': 'equivalent'}}");

        assertThat(fixed.lookup("z")).isEqualTo(new Translation.Fallback(Target.of("temp", "Temp", Relation.RELATED)));
        assertThat(provided.lookup("z")).isEqualTo(new Translation.Fallback(Target.of("z", "", Relation.RELATED)));
        assertThat(provided5.lookup("z")).isEqualTo(new Translation.Fallback(Target.of("z", "", Relation.EQUIVALENT)));
        assertThat(List.of(fixed, provided, provided5))
                .allSatisfy(map -> assertThat(map.lookup("a").kind()).isEqualTo(Kind.NO_MAP));
    }

    @Test
    void anotherMapIsAskedOnceItIsAtHand() throws InvalidCodeMap {
        CodeMap first = map("{'element': [{'code': 'a', 'target': [{'code': 'b', 'equivalence': 'equal'}]}],"
                + " 'unmapped': {'mode': 'other-map', 'url': 'http://x/second'}}");
        CodeMap second = element("{'code': 'c', 'target': [{'code': 'd', 'equivalence': 'wider'}]}");

        assertThat(first.lookup("c").kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(first.unmapped()).isEqualTo(new Unmapped.OtherMap("http://x/second", Optional.empty()));
        CodeMap linked = first.linkedTo(second);
        assertThat(linked.lookup("a").kind()).isEqualTo(Kind.EXACT);
        assertThat(linked.lookup("c").kind()).isEqualTo(Kind.APPROXIMATE);
        assertThat(linked.lookup("e").kind()).isEqualTo(Kind.UNKNOWN);
        assertThatThrownBy(() -> second.linkedTo(first)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void groupsOfSeveralSystemsAreTakenOneAtATime() throws InvalidCodeMap {
        String groups = "{'source': 'icd9', 'target': 't', 'element': [{'code': 'V122', 'target':"
                + " [{'code': 'history', 'equivalence': 'equal'}]}]}, {'source': 'icd10', 'target': 't',"
                + " 'element': [{'code': 'V122', 'target': [{'code': 'accident', 'equivalence': 'equal'}]}]}";

        assertThat(catchThrowableOfType(InvalidCodeMap.class, () -> map(groups)).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.fact()).isEqualTo("2 source systems in one map"));
        CodeMapBuilder builder = CodeMap.builder("icd");
        ConceptMaps.read(
                document(groups),
                new ConceptMaps.Selection(Optional.empty(), Optional.of("icd10"), Optional.empty()),
                builder);
        assertThat(builder.build().lookup("V122").single().map(Target::code)).contains("accident");
    }

    @Test
    void aMapSaysWhatItIs() throws InvalidCodeMap {
        CodeMap map = element("{'code': 'a', 'noMap': true}");

        assertThat(List.of(map.name(), map.url(), map.version(), map.from(), map.to()))
                .containsExactly("test", "http://x/map", "4.0.1", "s", "t");
    }

    @Test
    void aBundleHoldsSeveralAndOneIsNamed() throws InvalidCodeMap {
        String bundle = ("{'resourceType': 'Bundle', 'entry': [{'resource': {'resourceType': 'Patient'}}, {'resource': "
                        + document("{'element': [{'code': 'a', 'noMap': true}]}") + "}, {'resource': "
                        + document("{'element': [{'code': 'b', 'noMap': true}]}")
                                .replace("x/map", "x/other") + "}]}")
                .replace('\'', '"');
        CodeMapBuilder builder = CodeMap.builder("test");
        ConceptMaps.read(bundle, ConceptMaps.Selection.of("http://x/other"), builder);

        assertThat(ConceptMaps.urls(bundle)).containsExactly("http://x/map", "http://x/other");
        assertThat(builder.build().lookup("b").kind()).isEqualTo(Kind.NO_MAP);
        assertThatThrownBy(() -> ConceptMaps.read(bundle, ConceptMaps.Selection.ALL, CodeMap.builder("test")))
                .isInstanceOf(InvalidCodeMap.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'code': 10939881000119105}                   | not a text",
                "{'code': 'a', 'target': [{'code': 1, 'equivalence': 'equal'}]} | not a text",
                "{'code': 'a', 'target': [{'code': 'b'}]}      | neither an equivalence of R4 nor a relationship of R5",
                "{'code': 'a', 'target': [{'code': 'b', 'equivalence': 'same'}]}"
                        + " | neither an equivalence of R4 nor a relationship of R5",
                "{'code': 'a', 'target': [{'equivalence': 'equal'}]} | a target without code",
                "{'code': 'a', 'target': {}}                   | not an array",
                "{'code': 'a', 'noMap': 'yes'}                 | neither true nor false",
                "{'valueSet': 'http://x'}                      | a value set in the place of a code",
                "{'code': 'a', 'noMap': true, 'target': [{'code': 'b', 'equivalence': 'equal'}]}"
                        + " | contradicts line 5, which has the same code",
                "{'code': 'a', 'target': [{'code': 'b', 'equivalence': 'equal'}, {'code': 'b', 'equivalence': 'equal'}]}"
                        + " | says again what line 5 says",
                "{'code': 'a', 'target': [{'code': 'b', 'equivalence': 'equal', 'dependsOn': [{'property': 'p',"
                        + " 'value': '1'}]}, {'code': 'c', 'equivalence': 'equal', 'dependsOn': [{'property': 'q',"
                        + " 'value': '1'}]}]} | depends on some of the properties of this map and not on all,"
                        + " or on no single value"
            })
    void whatIsWrongIsRefusedAtItsLine(String element, String fact) {
        InvalidCodeMap refused = catchThrowableOfType(InvalidCodeMap.class, () -> element(element));

        assertThat(refused.problems().get(0).fact()).isEqualTo(fact);
        assertThat(refused.problems()).allSatisfy(problem -> {
            assertThat(problem.place().line()).isEqualTo(5);
            assertThat(problem.hint()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                             | 1 | the file is empty",
                "'{'                            | 1 | not JSON, or a name twice in one object",
                "'{\"a\": 1,\n\"a\": 2}'        | 2 | not JSON, or a name twice in one object",
                "'[]'                           | 1 | neither a ConceptMap nor a Bundle",
                "'{\"resourceType\": \"Patient\"}' | 1 | neither a ConceptMap nor a Bundle",
                "'{\"resourceType\": \"ConceptMap\"}\n{}' | 2 | something follows the end of the document",
                "'{\"resourceType\": \"ConceptMap\"}' | 0 | holds no code"
            })
    void whatIsNoConceptMapIsRefused(String text, int line, String fact) {
        CodeMapBuilder builder = CodeMap.builder("test");
        InvalidCodeMap refused = catchThrowableOfType(InvalidCodeMap.class, () -> {
            ConceptMaps.read(text, ConceptMaps.Selection.ALL, builder);
            builder.build();
        });

        assertThat(refused.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.fact()).isEqualTo(fact);
            assertThat(problem.place().line()).isEqualTo(line);
        });
    }

    private static CodeMap element(String element) throws InvalidCodeMap {
        return map("{'source': 's', 'target': 't', 'element': [\n" + element + "]}");
    }

    private static CodeMap map(String groups) throws InvalidCodeMap {
        CodeMapBuilder builder = CodeMap.builder("test");
        ConceptMaps.read(document(groups), ConceptMaps.Selection.ALL, builder);
        return builder.build();
    }

    private static String document(String groups) {
        return ("{'resourceType': 'ConceptMap',\n'url': 'http://x/map',\n'version': '4.0.1',\n'group': [" + groups
                        + "]}")
                .replace('\'', '"');
    }
}
