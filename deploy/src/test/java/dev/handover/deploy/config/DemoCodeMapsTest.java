package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.CodeMapBuilder;
import dev.handover.mapping.code.CsvCodes;
import dev.handover.mapping.code.CsvLayout;
import dev.handover.mapping.code.InvalidCodeMap;
import dev.handover.mapping.code.KeyForm;
import dev.handover.mapping.code.KeyPart;
import dev.handover.mapping.code.Relation;
import dev.handover.mapping.code.Several;
import dev.handover.mapping.code.Target;
import dev.handover.mapping.code.Translation;
import dev.handover.mapping.code.Translation.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The maps that ship with the demo: what must come out of them, code by code. */
class DemoCodeMapsTest {
    static final List<String> TEXT_MAPS = List.of("sex", "race", "route", "specimen");

    @Test
    void icd9HasCodesOfEveryOutcome() throws Exception {
        CodeMap map = icd9();

        assertThat(map.counts())
                .isEqualTo(Map.of(
                        Kind.EXACT, 78,
                        Kind.APPROXIMATE, 58,
                        Kind.CHOICE, 26,
                        Kind.COMBINATION, 8,
                        Kind.NO_MAP, 14));
        assertThat(code(map.lookup("V27.0", "9"))).isEqualTo("Z370");
        assertThat(code(map.lookup("25000", "9"))).isEqualTo("E119");
        assertThat(map.lookup("E850.0", "9").kind()).isEqualTo(Kind.NO_MAP);
        assertThat(map.sourceOf("R55")).contains("7802");
    }

    @Test
    void v122OfVersion9IsAHistoryAndOfVersion10AnAccident() throws Exception {
        CodeMap map = icd9();

        assertThat(map.lookup("V122", "9")).isInstanceOfSatisfying(Translation.Choice.class, choice -> assertThat(
                        choice.targets().stream().map(Target::code))
                .containsExactly("Z862", "Z8632", "Z8639"));
        assertThat(code(map.lookup("V122", "10"))).isEqualTo("V122");
        assertThat(map.lookup("V122", "").kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void textsHaveTheCountsThatWereReviewed() throws Exception {
        assertThat(text("sex").counts())
                .isEqualTo(Map.of(Kind.EXACT, 4, Kind.APPROXIMATE, 2, Kind.NO_MAP, 1, Kind.NOTHING, 1));
        assertThat(text("race").counts())
                .isEqualTo(Map.of(Kind.EXACT, 9, Kind.APPROXIMATE, 5, Kind.CHOICE, 1, Kind.NO_MAP, 3, Kind.NOTHING, 1));
        assertThat(text("route").counts())
                .isEqualTo(
                        Map.of(Kind.EXACT, 27, Kind.APPROXIMATE, 26, Kind.CHOICE, 1, Kind.NO_MAP, 3, Kind.NOTHING, 1));
        assertThat(text("specimen").counts())
                .isEqualTo(
                        Map.of(Kind.EXACT, 22, Kind.APPROXIMATE, 9, Kind.CHOICE, 2, Kind.NO_MAP, 5, Kind.NOTHING, 1));
    }

    @Test
    void whatTheDemosHospitalWritesIsTranslated() throws Exception {
        assertThat(List.of("M", "F", "U").stream().map(text("sex")::lookup).map(DemoCodeMapsTest::code))
                .containsExactly("male", "female", "unknown");
        assertThat(List.of("white", "black", "asian", "native", "hawaiian", "other").stream()
                        .map(text("race")::lookup)
                        .map(DemoCodeMapsTest::code))
                .containsExactly("2106-3", "2054-5", "2028-9", "1002-5", "2076-8", "2131-1");
        assertThat(text("sex").lookup(" ").kind()).isEqualTo(Kind.NOTHING);
    }

    @Test
    void intraosseousIsNotTakenForIntraocular() throws Exception {
        assertThat(text("route").lookup("IO"))
                .isEqualTo(new Translation.Approximate(Target.of("OTH", "Other/Miscellaneous", Relation.WIDER)));
    }

    static CodeMap icd9() throws IOException, InvalidCodeMap {
        CodeMapBuilder builder = CodeMap.builder("icd9-to-icd10")
                .key(
                        KeyPart.of("code", KeyForm.TRIM, KeyForm.UPPER_CASE, KeyForm.ICD9_DOT),
                        KeyPart.of("version", KeyForm.TRIM))
                .several(Several.CHOICE);
        CsvCodes.read(
                resource("icd9-to-icd10"),
                CsvLayout.of("target")
                        .withDisplay("display")
                        .withRelation("relation")
                        .withPart("part"),
                builder);
        return builder.build();
    }

    static CodeMap text(String name) {
        CodeMapBuilder builder = CodeMap.builder(name)
                .key(KeyPart.of("source", KeyForm.TRIM, KeyForm.UPPER_CASE))
                .several(Several.CHOICE);
        try {
            CsvCodes.read(
                    resource(name),
                    CsvLayout.of("target").withDisplay("display").withRelation("relation"),
                    builder);
            return builder.build();
        } catch (IOException | InvalidCodeMap wrong) {
            throw new IllegalStateException(wrong);
        }
    }

    private static String resource(String name) throws IOException {
        String path = "/dev/handover/deploy/demo/maps/" + name + ".csv";
        try (InputStream resource = Objects.requireNonNull(DemoCodeMapsTest.class.getResourceAsStream(path), path)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String code(Translation translation) {
        return translation.single().map(Target::code).orElse(translation.toString());
    }
}
