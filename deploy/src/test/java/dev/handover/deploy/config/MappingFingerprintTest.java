package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MappingFingerprintTest {
    private static final String EVERY_KEY = Samples.text("every-key.yaml");

    @TempDir
    private Path directory;

    /** What is wrong here would make a new release call every mapping of every pipeline a changed one. */
    @Test
    void anOldFingerprintIsFoundAgainByEveryRelease() {
        assertThat(fingerprints(EVERY_KEY))
                .containsExactly(
                        "c9a400e8288d89069e9c1772ab277cbec5eda10b935bc6325e10d55fa1ce5097",
                        "d6f7c20bfd34c0ef350ecf40e686e2582a6a846698a6fd01b85fc8ae7e4c4045");
        assertThat(Mappings.fingerprintOfCopy())
                .isEqualTo("d10b75d1261b6f05f1e981b6047a2bf51ba8ecab7a09349fa2921005149e8d1a");
    }

    @Test
    void everyKeyOfATableIsInItOrIsLeftOutOnPurpose() {
        Set<String> found = new TreeSet<>(MappingFingerprint.LEFT_OUT);
        PipelineConfig pipeline = parse(EVERY_KEY);
        Mappings mappings = new Mappings(pipeline);
        for (TableConfig table : pipeline.tables()) {
            MappingFingerprint fingerprint = new MappingFingerprint(ZoneId.of("UTC"), mappings::maps);
            paths("", fingerprint.declaration(table), found);
        }
        Set<String> keys = new TreeSet<>();
        paths("", Shape.section(TableConfig.class), keys);

        assertThat(found).containsAll(keys);
        assertThat(keys).containsAll(MappingFingerprint.LEFT_OUT).containsAll(MappingFingerprint.SETS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "key: [patient_id]                  | key: [mrn]",
                "targetKey: [facility, patient_id]  | targetKey: [patient_id, facility]",
                "raw: archive                       | raw: inline",
                "!blank(row.mrn)                    | blank(row.mrn)",
                "patient_id: {from: patient_id}     | patient_no: {from: patient_id}",
                "mrn: {from: mrn, trim: true}       | mrn: {from: mrn}",
                "mrn: {from: mrn, trim: true}       | mrn: {from: upd_ts, trim: true}",
                "parse: yyyyMMdd                    | parse: ddMMyyyy",
                "onInvalid: null-with-raw           | onInvalid: keep-raw",
                "onUnmapped: null-with-raw          | onUnmapped: dead-letter",
                "M: male                            | M: m",
                "9: null                            | 9: other",
                "9: null                            | 8: null",
                "timezone: source                   | timezone: UTC",
                "clock: {timezone: America/New_York}| clock: {timezone: UTC}",
                "constant: 1007                     | constant: 1008",
                "'\"*\": {from: \"*\"}'             | 'other: {from: other}'",
                "drop: [photo]                      | drop: [photos]",
                "'drop: [\"*\"]'                    | 'drop: [left]'",
                "fallback: windows-1252             | fallback: ISO-8859-1",
                "stored: windows-1252               | stored: ISO-8859-1",
                "normalize: NFC                     | normalize: NFD",
                "case: upper                        | case: lower",
                "part: 1, required                  | part: 2, required",
                "required: false                    | required: true",
                "'\"-\": null'                      | '\"+\": null'",
                "suffixes: [(HIGH)]                 | suffixes: [(LOW)]",
                "'comparator: {suffixes: [(HIGH)]}' | 'parse: decimal'",
                "part: value.comparator             | part: value.low",
                "precision: 10, scale: 2            | precision: 11, scale: 2",
                "rounding: half-up                  | rounding: half-even",
                "'strip: \"- \"'                    | 'strip: \"-\"'",
                "'[0-9]{9}'                         | '[0-9]{8}'",
                "phone: US                          | phone: GB",
                "truncate: 20                       | truncate: 21",
                "known: [N, S, 1]                   | known: [N, S]",
                "columns: [first, last]             | columns: [last, first]",
                "'separator: \", \"'                | 'separator: \",\"'",
                "columns: [dx_version]              | columns: [dx_edition]",
                "onMany: first                      | onMany: null-with-raw",
                "onNoMap: null-with-raw             | onNoMap: dead-letter",
                "onApproximate: null-with-raw       | onApproximate: accept",
                "column: wt_unit                    | column: wt_unit2",
                "policy: map-then-ucum              | policy: strict-map",
                "expected: [kg, \"[lb_av]\"]        | expected: [kg]",
                "6.35029318                         | 6.35",
                "mode: half-even                    | mode: half-down",
                "row.dob < '20061121'               | row.dob < '20061122'",
                "type: boolean                      | type: text",
                "ignore: [trim, icd9-dot]           | ignore: [trim]",
                "to: ICD-10-CM                      | to: ICD-10",
                "noMap: [NONE]                      | noMap: [NIL]",
                "ignore: [outer-blanks, micro-sign] | ignore: [outer-blanks]",
            })
    void whateverChangesRowsChangesIt(String before, String after) {
        String changed = EVERY_KEY.replace(before, after);
        assertThat(changed).isNotEqualTo(EVERY_KEY);
        assertThat(fingerprints(changed)).isNotEqualTo(fingerprints(EVERY_KEY));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drop: [photo]                      | drop:  [photo] # why",
                "mrn: {from: mrn, trim: true}       | mrn: {trim: true, from: mrn}",
                "mrn: {from: mrn, trim: true}       | mrn: {from: mrn, trim: true, onInvalid: dead-letter}",
                "mappingVersion: 4                  | mappingVersion: 5",
                "rule: has-record-number            | rule: with-number",
                "warn: 10, stop: 0.5%               | warn: 11, stop: 0.6%",
                "warn: 1%, stop: 5000               | warn: 2%",
                "drift: lenient                     | drift: evolve",
                "known: [N, S, 1]                   | known: [1, N, S]",
                "expected: [kg, \"[lb_av]\"]        | expected: [\"[lb_av]\", kg]",
                "timezone: source                   | timezone: America/New_York",
                "{M: male, F: female, 9: null}      | {9: null, F: female, M: \"male\"}",
                "version: \"2018\"                  | version: \"2019\"",
                "from: ICD-9-CM                     | from: ICD-9",
                "fetchRows: 5000                    | fetchRows: 500",
            })
    void whatChangesNoRowDoesNot(String before, String after) {
        String changed = EVERY_KEY.replace(before, after);
        assertThat(changed).isNotEqualTo(EVERY_KEY);
        assertThat(fingerprints(changed)).isEqualTo(fingerprints(EVERY_KEY));
    }

    @Test
    void theOrderOfColumnsMeansNothing() {
        List<String> lines = EVERY_KEY.lines().toList();
        int from = lines.indexOf("      patient_id: {from: patient_id}");
        List<String> swapped = new ArrayList<>(lines);
        Collections.swap(swapped, from, from + 1);

        assertThat(swapped).isNotEqualTo(lines);
        assertThat(fingerprints(String.join("\n", swapped))).isEqualTo(fingerprints(EVERY_KEY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", columns: {}",
                ", columns: {\"*\": {from: \"*\"}}",
                ", drift: stop, limits: {unread: {warn: 1}}, mappingVersion: 7, raw: inline",
            })
    void aDeclaredCopyIsACopy(String more) {
        assertThat(fingerprints(table(more))).containsExactly(Mappings.fingerprintOfCopy());
    }

    @Test
    void theTablesThemselvesAreWhatItIsRememberedBy() {
        assertThat(fingerprints(table("").replace("clinical.p", "clinical.q")))
                .containsExactly(Mappings.fingerprintOfCopy());
    }

    @Test
    void aMapCountsByWhatItSaysAndNotByHowItIsWritten() throws IOException {
        String of = ", columns: {c: {from: c, codes: {map: m}}}";
        String csv = "m: {csv: m.csv, key: [{column: code}], target: to}";
        String before = withMap(of, csv, "code,to\nM,male\nF,female\n");

        assertThat(withMap(of, csv, "to,code,why\r\nfemale,F,\r\n\"male\",M,x\r\n"))
                .isEqualTo(before);
        assertThat(withMap(of.replace("map: m", "map: n"), csv.replace("m: {", "n: {"), "code,to\nM,male\nF,female\n"))
                .isEqualTo(before);
        assertThat(withMap(of, csv, "code,to\nM,male\nF,woman\n")).isNotEqualTo(before);
        assertThat(withMap(of, csv, "code,to\nM,male\nF,female\nX,other\n")).isNotEqualTo(before);
        assertThat(withMap(of, csv, "code,to\nM,male\nW,female\n")).isNotEqualTo(before);
    }

    @Test
    void theOrderOfAChoiceAndTheSpellingOfACodeMatter() throws IOException {
        String of = ", columns: {c: {from: c, codes: {map: m, onMany: first}}}";
        String csv = "m: {csv: m.csv, key: [{column: code, ignore: [icd9-dot]}], target: to, several: choice}";
        String before = withMap(of, csv, "code,to\n7802,A\n7802,B\n4019,C\n");

        assertThat(withMap(of, csv, "code,to\n7802,B\n7802,A\n4019,C\n")).isNotEqualTo(before);
        assertThat(withMap(of, csv, "code,to\n7802,A\n7802,B\n401.9,C\n"))
                .as("rows that hold 4019 keep it as a raw value now")
                .isNotEqualTo(before);
    }

    @Test
    void aMapThatAnotherOneSendsUnknownCodesToCounts() throws IOException {
        Files.writeString(directory.resolve("a.json"), """
                {"resourceType": "ConceptMap", "url": "http://x/a", "group": [{
                  "element": [{"code": "M", "target": [{"code": "male", "equivalence": "equal"}]}],
                  "unmapped": {"mode": "other-map", "url": "http://x/b"}}]}""");
        String of = ", columns: {c: {from: c, codes: {map: a}}}";
        String maps = "a: {conceptMap: a.json}\n  m: {conceptMap: m.csv}";
        String other = """
                {"resourceType": "ConceptMap", "url": "http://x/b", "date": "2020", "group": [{
                  "element": [{"code": "F", "target": [{"code": "female", "equivalence": "equal"}]}]}]}""";
        String before = withMap(of, maps, other);

        assertThat(withMap(of, maps, other.replace("2020", "2021"))).isEqualTo(before);
        assertThat(withMap(of, maps, other.replace("female", "woman"))).isNotEqualTo(before);
        assertThat(withMap(of, "a: {conceptMap: a.json}", other)).isNotEqualTo(before);
    }

    @Test
    void aMapOfUnitsCountsByItsStrings() throws IOException {
        String of = ", columns: {c: {from: c, unit: {column: u, map: m}}}";
        String units = "m: {units: m.csv}";
        String before = withMap(of, units, "local,ucum\nkg,kg\nU,?\n\"\",-\n");

        assertThat(withMap(of, units, "local,ucum\nU,?\nkg,kg\n\"\",-\n")).isEqualTo(before);
        for (String changed : List.of("kg,g\nU,?\n\"\",-\n", "kg,kg\nU,-\n\"\",-\n", "kg,kg\nV,?\n\"\",-\n")) {
            assertThat(withMap(of, units, "local,ucum\n" + changed)).as(changed).isNotEqualTo(before);
        }
    }

    @Test
    void aMapThatAnExpressionAsksCounts() throws IOException {
        String csv = "m: {csv: m.csv, key: [{column: code}], target: to}";
        for (String of : List.of(
                ", columns: {c: {cel: \"code('m', row.c)\"}}",
                ", where: {rule: known, keep: \"code('m', row.c) != null\"}")) {
            String before = withMap(of, csv, "code,to\nM,male\nF,female\n");

            assertThat(withMap(of, csv, "code,to\nF,female\nM,male\n")).isEqualTo(before);
            assertThat(withMap(of, csv, "code,to\nM,male\nF,woman\n")).isNotEqualTo(before);
        }
    }

    @Test
    void aMapThatNoColumnUsesIsNotRead() throws IOException {
        assertThat(withMap("", "m: {csv: absent.csv, key: [{column: code}], target: to}", ""))
                .isEqualTo(Mappings.fingerprintOfCopy());
    }

    private String withMap(String table, String map, String content) throws IOException {
        Files.writeString(directory.resolve("m.csv"), content, StandardCharsets.UTF_8);
        Path file = directory.resolve("pipeline.yaml");
        Files.writeString(file, table(table) + "maps:\n  " + map + "\n", StandardCharsets.UTF_8);
        PipelineConfig pipeline = PipelineFile.read(file);
        return new Mappings(pipeline).fingerprint(pipeline.tables().get(0));
    }

    private static String table(String more) {
        return Samples.text("smallest.yaml") + "tables:\n  - {from: pas.public.p, to: clinical.p" + more + "}\n";
    }

    private static List<String> fingerprints(String text) {
        PipelineConfig pipeline = parse(text);
        Mappings mappings = new Mappings(pipeline);
        return pipeline.tables().stream().map(mappings::fingerprint).toList();
    }

    private static PipelineConfig parse(String text) {
        return PipelineFile.parse("test.yaml", text).within(Samples.directory());
    }

    private static void paths(String path, Object content, Set<String> found) {
        if (content instanceof Map<?, ?> map) {
            boolean named = path.equals("columns") || path.endsWith(".map") || path.endsWith(".sentinels");
            map.forEach((key, value) ->
                    paths(path.isEmpty() ? String.valueOf(key) : path + (named ? ".*" : "." + key), value, found));
        } else if (content instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Map<?, ?>) {
            IntStream.range(0, list.size()).forEach(i -> paths(path, list.get(i), found));
        }
        found.add(path);
    }

    private static void paths(String path, Shape shape, Set<String> keys) {
        if (shape instanceof Shape.Section section) {
            section.fields()
                    .forEach(field ->
                            paths(path.isEmpty() ? field.name() : path + "." + field.name(), field.shape(), keys));
        } else if (shape instanceof Shape.Named named && !MappingFingerprint.LEFT_OUT.contains(path)) {
            paths(path + ".*", named.element(), keys);
        } else if (shape instanceof Shape.Many many) {
            paths(path, many.element(), keys);
        }
        keys.add(path);
    }
}
