package dev.handover.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.mapping.ColumnMapping.From;
import dev.handover.mapping.ColumnMapping.Part;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.CodeMapBuilder;
import dev.handover.mapping.code.InvalidCodeMap;
import dev.handover.mapping.code.KeyForm;
import dev.handover.mapping.code.KeyPart;
import dev.handover.mapping.code.Place;
import dev.handover.mapping.code.Relation;
import dev.handover.mapping.code.Several;
import dev.handover.mapping.code.Target;
import dev.handover.mapping.code.Unmapped;
import dev.handover.mapping.operation.Codes;
import dev.handover.mapping.operation.Codes.OnApproximate;
import dev.handover.mapping.operation.Codes.OnMany;
import dev.handover.mapping.operation.Codes.OnNoMap;
import dev.handover.mapping.operation.Codes.Policies;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Diagnoses of two code systems, translated. Every row that is mapped is also inverted. */
class CodesTest {
    private static final TableId SOURCE = TableId.parse("pas.public.diagnosis");
    private static final TableId TARGET = TableId.target("clinical", "condition");
    private static final TableSchema DIAGNOSIS = new TableSchema(
            SOURCE,
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("code", ColumnType.text(10), true),
                    new Column("version", ColumnType.text(2), true)),
            List.of("id"));

    private static final Policies LENIENT = new Policies(OnApproximate.ACCEPT, OnMany.FIRST, OnNoMap.NULL_WITH_RAW);
    private static final Policies NULLS =
            new Policies(OnApproximate.NULL_WITH_RAW, OnMany.NULL_WITH_RAW, OnNoMap.NULL_WITH_RAW);
    private static final Policies NOTHING_BUT_EXACT =
            new Policies(OnApproximate.DEAD_LETTER, OnMany.DEAD_LETTER, OnNoMap.DEAD_LETTER);

    @ParameterizedTest
    @CsvSource(
            nullValues = "~",
            delimiter = '#',
            value = {
                // code, version # strict # lenient # nulls
                "7802 9 # R55 equivalent Syncope # R55 equivalent Syncope # R55 equivalent Syncope",
                // the map's own spelling comes back, another one is kept
                "780.2 9 # R55 equivalent Syncope raw # R55 equivalent Syncope raw # R55 equivalent Syncope raw",
                "25000 9 # E119 wider raw approximate # E119 wider raw approximate"
                        + " # null wider raw [E119] approximate",
                "V122 9 # ambiguous-code # Z862 equivalent raw [Z862 | Z8632] one-to-many"
                        + " # null choice raw [Z862 | Z8632] one-to-many",
                "V122 10 # V122 equivalent # V122 equivalent # V122 equivalent",
                "9678 9 # ambiguous-code # ambiguous-code # null combination raw [T1/T2 + R11] one-to-many",
                "E8500 9 # no-equivalent # null no-map raw no-map # null no-map raw no-map",
                "0 9 # null null raw sentinel # null null raw sentinel # null null raw sentinel",
                "zzz 9 # unmapped-code # unmapped-code # unmapped-code",
                "V122 ~ # unmapped-code # unmapped-code # unmapped-code",
                "~ 9 # null null # null null # null null",
            })
    void everyOutcomeOfAMapIsADecisionOfItsOwn(String code, String strict, String lenient, String nulls)
            throws Exception {
        String[] key = code.split(" ");
        Row row = row(key[0], key[1]);
        assertThat(line(mapper(Policies.STRICT, OnFailure.DEAD_LETTER), row)).isEqualTo(strict);
        assertThat(line(mapper(LENIENT, OnFailure.DEAD_LETTER), row)).isEqualTo(lenient);
        assertThat(line(mapper(NULLS, OnFailure.DEAD_LETTER), row)).isEqualTo(nulls);
    }

    @ParameterizedTest
    @CsvSource({"25000, inexact-code", "V122, ambiguous-code", "E8500, no-equivalent"})
    void thePoliciesOfAMapAreNotOverruledByTheColumns(String code, String reason) throws Exception {
        Mapper mapper = mapper(NOTHING_BUT_EXACT, OnFailure.NULL_WITH_RAW);
        assertThat(line(mapper, row(code, "9"))).isEqualTo(reason);
    }

    @Test
    void anUnknownCodeFollowsTheColumnsOwnPolicy() throws Exception {
        assertThat(line(mapper(Policies.STRICT, OnFailure.NULL_WITH_RAW), row("zzz", "9")))
                .isEqualTo("null null raw unmapped");
        assertThat(line(mapper(Policies.STRICT, OnFailure.KEEP_RAW), row("zzz", "9")))
                .isEqualTo("zzz null raw unmapped");
    }

    @Test
    void aCodeThatTheMapReplacesIsCountedAsUnmapped() throws Exception {
        CodeMap map = CodeMap.builder("sex")
                .key(KeyPart.of("code"))
                .unmapped(new Unmapped.Fixed(Target.of("unknown", "", Relation.WIDER)))
                .target(Place.NOWHERE, List.of("M"), Target.of("male", "", Relation.EQUIVALENT))
                .build();
        Mapper mapper = mapper(new Codes(map, List.of(), Policies.STRICT), OnFailure.DEAD_LETTER);
        assertThat(line(mapper, row("X", "9"))).isEqualTo("unknown wider raw unmapped");
        assertThat(line(mapper, row("M", "9"))).isEqualTo("male equivalent");
    }

    @Test
    void theSystemIsTheTargetsOwnOrTheMaps() throws Exception {
        MappedRow made = accepted(mapper(Policies.STRICT, OnFailure.DEAD_LETTER).map(row("7802", "9")));
        assertThat(made.row().cell("system")).isEqualTo(new Value.Text("icd10cm"));
    }

    @Test
    void aMapOfALongerKeyNamesItsColumns() {
        assertThatThrownBy(() -> new Codes(icd(), List.of(), Policies.STRICT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map icd is looked up by code, version: name a column for each but the first");
    }

    @Test
    void aVersionThatTheLogDidNotRepeatIsWaitedFor() throws Exception {
        Mapper mapper = mapper(NULLS, OnFailure.NULL_WITH_RAW);
        Row partial = new Row(DIAGNOSIS, List.of(new Value.Int(1), new Value.Text("7802"), Cell.UNCHANGED));
        assertThat(line(mapper, partial)).isEqualTo("unchanged-value-unknown");
    }

    private static CodeMap icd() throws InvalidCodeMap {
        CodeMapBuilder builder = CodeMap.builder("icd")
                .key(KeyPart.of("code", KeyForm.TRIM, KeyForm.ICD9_DOT), KeyPart.of("version"))
                .several(Several.CHOICE)
                .to("icd10cm");
        return builder.target(at(1), List.of("7802", "9"), Target.of("R55", "Syncope", Relation.EQUIVALENT))
                .target(at(2), List.of("25000", "9"), Target.of("E119", "", Relation.WIDER))
                .target(at(3), List.of("V122", "9"), Target.of("Z862", "", Relation.EQUIVALENT))
                .target(at(4), List.of("V122", "9"), Target.of("Z8632", "", Relation.EQUIVALENT))
                .target(at(5), List.of("V122", "10"), Target.of("V122", "", Relation.EQUIVALENT))
                .part(at(6), List.of("9678", "9"), 1, 1, Target.of("T1", "", Relation.RELATED))
                .part(at(7), List.of("9678", "9"), 1, 1, Target.of("T2", "", Relation.RELATED))
                .part(at(8), List.of("9678", "9"), 1, 2, Target.of("R11", "", Relation.RELATED))
                .noMap(at(9), List.of("E8500", "9"))
                .nothing(at(10), List.of("0", "9"))
                .build();
    }

    private static Place at(int line) {
        return new Place(line, 1);
    }

    private static Mapper mapper(Policies policies, OnFailure onUnmapped) throws InvalidCodeMap, MappingMismatch {
        return mapper(new Codes(icd(), List.of("version"), policies), onUnmapped);
    }

    private static Mapper mapper(Codes codes, OnFailure onUnmapped) throws MappingMismatch {
        List<ColumnMapping> columns = new ArrayList<>();
        columns.add(new From("icd10", "code", List.of(codes), onUnmapped, onUnmapped));
        columns.add(From.copy("version", "version"));
        codes.parts().keySet().forEach(part -> columns.add(new Part(part, "icd10", part)));
        return Mapper.bind(new TableMapping(SOURCE, TARGET, 1, columns, Rest.COPY, Set.of()), DIAGNOSIS);
    }

    private static Row row(String code, String version) {
        return new Row(DIAGNOSIS, List.of(new Value.Int(1), cell(code), cell(version)));
    }

    private static Cell cell(@Nullable String text) {
        return text == null || text.equals("~") ? Cell.NULL : new Value.Text(text);
    }

    /** The code, its relation, its name, whether the raw code is kept, alternatives, and findings; or the reason. */
    private static String line(Mapper mapper, Row row) {
        return mapper.map(row)
                .fold(
                        mapped -> {
                            MappedRow made = (MappedRow) mapped;
                            assertThat(mapper.invert(made.row(), made.raw())).isEqualTo(row);
                            return text(made, "icd10") + " " + text(made, "relation")
                                    + shown(" ", text(made, "display"), "")
                                    + (made.raw().containsKey("code") ? " raw" : "")
                                    + shown(" [", text(made, "alternatives"), "]")
                                    + made.findings().stream()
                                            .map(Finding::kind)
                                            .map(kind -> " " + kind.code())
                                            .collect(Collectors.joining());
                        },
                        rejection -> rejection.reason().code());
    }

    private static String shown(String before, String text, String after) {
        return text.equals("null") ? "" : before + text + after;
    }

    private static String text(MappedRow made, String column) {
        return made.row().cell(column) instanceof Value value ? CanonicalText.of(value) : "null";
    }

    private static MappedRow accepted(Outcome<Mapped> outcome) {
        return outcome.fold(MappedRow.class::cast, rejection -> {
            throw new AssertionError("rejected: " + rejection);
        });
    }
}
