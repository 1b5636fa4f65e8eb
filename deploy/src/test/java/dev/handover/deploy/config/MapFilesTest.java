package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.handover.fault.Fault;
import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.Target;
import dev.handover.mapping.code.Translation.Kind;
import dev.handover.mapping.unit.Meaning;
import dev.handover.mapping.unit.Ucum;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapFilesTest {
    private static final String SEX = "sex: {csv: sex.csv, key: [{column: source}], target: target}";

    @TempDir
    private Path directory;

    @Test
    void aFileIsReadAsItIsDeclared() throws IOException {
        Files.writeString(directory.resolve("icd.csv"), "code;version;icd10\n250.00;9;E119\n");
        CodeMap map = codes("""
                icd: {csv: icd.csv, version: "2018", from: ICD-9-CM, to: ICD-10-CM, separator: semicolon,
                  key: [{column: code, ignore: [trim, icd9-dot]}, {column: version}], target: icd10}""", "icd");

        assertThat(map.lookup("25000 ", "9").single().map(Target::code)).contains("E119");
        assertThat(map.lookup("25000", "10").kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(List.of(map.name(), map.version(), map.from(), map.to()))
                .containsExactly("icd", "2018", "ICD-9-CM", "ICD-10-CM");
    }

    @Test
    void aMapOfUnitsIsRead() throws IOException {
        Files.writeString(directory.resolve("units.csv"), "local,ucum\nmg/dl,mg/dL\n%,?\n\"\",-\n");
        Maps maps = maps("labs: {units: units.csv, ignore: [outer-blanks]}");

        assertThat(maps.units("labs").lookup(" mg/dl"))
                .contains(new Meaning.Known(Ucum.standard().require("mg/dL")));
        assertThat(maps.units("labs").lookup("%")).contains(new Meaning.Unknown(Meaning.Cause.AMBIGUOUS));
        assertThat(maps.units("labs").lookup("")).contains(new Meaning.NoUnit());
        assertThat(maps.codes()).isEmpty();
    }

    @Test
    void whatIsWrongInAFileNamesFileLineColumnAndRemedy() throws IOException {
        Files.writeString(directory.resolve("sex.csv"), "source,target\nM,male\nF,female\nM,man\nX,\n");

        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> maps(SEX));

        assertThat(invalid.file()).endsWith("sex.csv");
        assertThat(invalid.problems())
                .extracting(MapFilesTest::line)
                .containsExactly("4:1 contradicts line 2, which has the same code", "5:3 target: no target code");
        assertThat(invalid.problems()).allSatisfy(problem -> {
            assertThat(problem.hint()).isNotEmpty();
            assertThat(problem.code()).isEqualTo("code-map");
            assertThat(invalid.excerpt(problem)).isEmpty();
        });
    }

    @Test
    void whatIsWrongInAFileOfUnitsNamesItsLineToo() throws IOException {
        Files.writeString(directory.resolve("units.csv"), "local,ucum\nmg/dl,mg/dL\nml,millilitre\nmg/dl,g/L\n");

        InvalidPipeline twice = catchThrowableOfType(InvalidPipeline.class, () -> maps("labs: {units: units.csv}"));
        assertThat(twice.problems())
                .extracting(MapFilesTest::line)
                .containsExactly("4:1 local: the same text as in line 2");

        Files.writeString(directory.resolve("units.csv"), "local,ucum\nmg/dl,mg/dL\nml,millilitre\n");
        InvalidPipeline wrong = catchThrowableOfType(InvalidPipeline.class, () -> maps("labs: {units: units.csv}"));
        assertThat(wrong.problems()).hasSize(1);
        assertThat(line(wrong.problems().get(0))).startsWith("3:4 ");
    }

    @Test
    void aFileThatCannotBeReadIsAFaultWithAHint() throws IOException {
        assertThat(fault(SEX).code()).isEqualTo("code-map-missing");
        Files.write(
                directory.resolve("sex.csv"),
                "source,target\nM\u00e4nnlich,male\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(fault(SEX).code()).isEqualTo("code-map-unreadable");
        Files.createDirectory(directory.resolve("folder"));
        assertThat(fault("labs: {units: folder}").code()).isEqualTo("code-map-unreadable");
    }

    @Test
    void mapsThatReferToEachOtherAreLinkedByTheirAddress() throws IOException {
        conceptMap("first", "a", "http://x/second|4.0");
        conceptMap("second", "b", "http://x/elsewhere");
        String both = "first: {conceptMap: first.json}\n  second: {conceptMap: second.json}";

        assertThat(codes(both, "first").lookup("b").kind()).isEqualTo(Kind.EXACT);
        assertThat(codes(both, "second").lookup("a").kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void aCircleOfMapsIsRefused() throws IOException {
        conceptMap("first", "a", "http://x/second");
        conceptMap("second", "b", "http://x/first");

        assertThatThrownBy(() -> maps("first: {conceptMap: first.json}\n  second: {conceptMap: second.json}"))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("first, second");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{csv: x, target: t}|maps.m.key",
                "{csv: x, key: [{column: c}]}|maps.m.target",
                "{gem: x, target: t}|maps.m.gem",
                "{gem: x, url: y}|maps.m.url",
                "{conceptMap: x, key: [{column: a}, {column: b}]}|maps.m.key",
                "{units: x, display: d}|maps.m.units",
                "{units: x, to: y}|maps.m.units",
                "{gem: x, ignore: [micro-sign]}|maps.m.ignore",
                "{gem: x, csv: y}|maps.m.gem",
                "{}|maps.m",
            })
    void keysOfAnotherKindOfFileAreRefused(String map, String path) {
        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> maps("m: " + map));
        assertThat(invalid.problems()).extracting(Problem::path).containsExactly(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "codes: {map: sx}|columns.v.codes.map: no map is named 'sx' (did you mean 'sex'?)",
                "codes: {map: labs}|columns.v.codes.map: this is a map of units"
                        + " (name one that is declared with  csv, gem or conceptMap)",
                "codes: {map: sex, columns: [w]}|columns.v.codes.columns: the map is looked up by 1 columns, and 2 are"
                        + " given with the code (name the source columns of the parts of the map's key behind the first,"
                        + " in their order)",
                "unit: {column: u, map: sex}|columns.v.unit.map: this is a map of codes"
                        + " (name one that is declared with  units)",
                "unit: {column: u}|columns.v.unit: no unit would be known"
                        + " (name a map, or write  policy: map-then-ucum)",
                "unit: {column: u, map: labs, to: mgg}|columns.v.unit.to: 'mgg' is no UCUM code: wanted a unit at character 1"
                        + " (write a UCUM code, such as mg/dL)",
                "unit: {column: u, map: labs, to: mg, conversions: [{from: mg, factor: half}]}"
                        + "|columns.v.unit.conversions[0].factor: not a number (write it as 0.0555 or 1000/18016)",
                "codes: {map: sex}, map: {M: x}|columns.v.codes: codes and map exclude each other (keep one of them)",
                "codes: {map: sex}, unit: {column: u, map: labs}|columns.v.unit: unit cannot take text after codes"
                        + " (operations apply in the order of: ORDER)",
            })
    void aColumnNamesTheMapsThatItNeeds(String keys, String expected) {
        String text = Samples.text("smallest.yaml")
                + "maps:\n  " + SEX + "\n  labs: {units: units.csv}\n"
                + "tables:\n  - from: pas.public.t\n    to: clinical.t\n    columns:\n"
                + "      v: {from: v, " + keys + "}\n";
        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.parse("p", text));
        Problem problem = invalid.problems().get(0);
        assertThat(problem.path().replace("tables[0].", "") + ": " + problem.message() + " (" + problem.hint() + ")")
                .isEqualTo(expected.replace("ORDER", String.join(", ", ColumnOperations.ORDER)));
    }

    private Maps maps(String yaml) {
        return Maps.read(PipelineFile.parse("p", Samples.text("smallest.yaml") + "maps:\n  " + yaml + "\n")
                .within(directory));
    }

    private CodeMap codes(String yaml, String name) {
        return Objects.requireNonNull(maps(yaml).codes().get(name), name);
    }

    private Fault fault(String yaml) {
        return catchThrowableOfType(Fault.class, () -> maps(yaml));
    }

    private static String line(Problem problem) {
        return problem.line() + ":" + problem.column() + " " + problem.message();
    }

    private void conceptMap(String name, String code, String other) throws IOException {
        Files.writeString(
                directory.resolve(name + ".json"),
                """
                {"resourceType": "ConceptMap", "url": "http://x/NAME", "group": [{"element": [{"code": "CODE",
                 "target": [{"code": "t", "equivalence": "equal"}]}],
                 "unmapped": {"mode": "other-map", "url": "OTHER"}}]}
                """.replace("NAME", name).replace("CODE", code).replace("OTHER", other));
    }
}
