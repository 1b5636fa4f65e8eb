package dev.handover.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Reason;
import dev.handover.mapping.ColumnMapping.From;
import dev.handover.mapping.ColumnMapping.Part;
import dev.handover.mapping.Coverage.Keeping;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.operation.UnitConversion;
import dev.handover.mapping.unit.Conversion;
import dev.handover.mapping.unit.LocalUnits;
import dev.handover.mapping.unit.Quantities;
import dev.handover.mapping.unit.Rational;
import dev.handover.mapping.unit.Rounding;
import dev.handover.mapping.unit.Ucum;
import dev.handover.mapping.unit.UnitPolicy;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value and its unit, side by side in a row. Every row that is mapped is also inverted. */
class UnitConversionTest {
    private static final TableId SOURCE = TableId.parse("lab.public.result");
    private static final TableId TARGET = TableId.target("clinical", "observation");
    private static final Ucum UCUM = Ucum.standard();
    private static final TableSchema RESULT = new TableSchema(
            SOURCE,
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("value", ColumnType.of(Kind.DECIMAL), true),
                    new Column("uom", ColumnType.text(20), true)),
            List.of("id"));
    private static final Map<String, String> STRINGS =
            Map.of("mg/dL", "mg/dL", "g/L", "g/L", "gm/l", "g/L", "%", "?", "ratio", "-", "F", "[degF]");

    @ParameterizedTest
    @CsvSource(
            nullValues = "~",
            value = {
                "70, mg/dL, 70 mg/dL as-written",
                "70.0, mg/dL, 70.0 mg/dL as-written",
                // two strings of the map mean g/L, so neither comes back from it
                "0.7, g/L, 0.7 g/L as-written; raw uom",
                "0.7, gm/l, 0.7 g/L as-written; raw uom",
                "3, ratio, 3 null unitless; raw uom",
                "3, %, null null ambiguous; raw uom value; unknown-unit %",
                "3, furlong, null null unmapped; raw uom value; unknown-unit aaaaaaa",
                "3, ~, null null unmapped; raw value; unknown-unit",
                "~, mg/dL, null null null; raw uom",
                "~, ~, null null null",
            })
    void aUnitIsNamedInUcumAndComesBackWhereOneStringMeansIt(
            @Nullable String value, @Nullable String unit, String expected) throws MappingMismatch {
        assertThat(line(mapper(withoutTarget(STRINGS), OnFailure.NULL_WITH_RAW), value, unit))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "~",
            value = {
                // value and unit together; the raw values only where the target's do not give them back
                "70, mg/dL, 0.70 g/L as-written; raw uom",
                "7, g/L, 7 g/L as-written",
                "98.6, F, null null inconvertible; raw uom value; invalid A",
                "3, ~, null null unmapped; raw value; unknown-unit",
            })
    void aValueIsConvertedToTheTargetTogetherWithItsUnit(@Nullable String value, @Nullable String unit, String expected)
            throws MappingMismatch {
        Map<String, String> strings = Map.of("mg/dL", "mg/dL", "g/L", "g/L", "F", "[degF]");
        Quantities quantities = to("g/L", strings, Optional.empty(), List.of());
        assertThat(line(mapper(quantities, OnFailure.NULL_WITH_RAW), value, unit))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "98.6, F, 37.0 Cel exact; raw uom",
        "100, F, 37.8 Cel rounded; raw uom value",
        "37.00, C, 37.0 Cel as-written; raw value"
    })
    void whatWasRoundedKeepsItsRawValue(String value, String unit, String expected) throws MappingMismatch {
        Quantities quantities = to(
                "Cel",
                Map.of("F", "[degF]", "C", "Cel"),
                Optional.of(new Rounding(1, RoundingMode.HALF_UP)),
                List.of());
        assertThat(line(mapper(quantities, OnFailure.DEAD_LETTER), value, unit)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"7, mg/dL, INCONVERTIBLE_UNIT", "1, [in_i], INCONVERTIBLE_UNIT", "1, stone, UNKNOWN_UNIT"})
    void withoutAPolicyWhatIsNotUnderstoodBecomesADeadLetter(String value, String unit, Reason reason)
            throws MappingMismatch {
        Quantities quantities = to("[ft_i]", Map.of("mg/dL", "mg/dL", "[in_i]", "[in_i]"), Optional.empty(), List.of());
        Outcome<Mapped> outcome = mapper(quantities, OnFailure.DEAD_LETTER).map(row(value, unit));
        assertThat(outcome).isEqualTo(Outcome.rejected(reason, "quantity"));
    }

    @Test
    void aRowWithoutAUnitHasTheOneThatTheMapGivesToTheEmptyText() throws MappingMismatch {
        Map<String, String> strings = Map.of("", "mg/dL", "mg/dL", "mg/dL");
        Mapper mapper = mapper(withoutTarget(strings), OnFailure.DEAD_LETTER);
        assertThat(line(mapper, "7", null)).isEqualTo("7 mg/dL as-written");
        assertThat(line(mapper, "7", "")).isEqualTo("7 mg/dL as-written; raw uom");
        assertThat(line(mapper, "7", "mg/dL")).isEqualTo("7 mg/dL as-written; raw uom");
    }

    @Test
    void aRowWithoutAUnitComesBackWithoutOne() throws MappingMismatch {
        Mapper mapper = mapper(withoutTarget(Map.of("", "mg/dL", "g/L", "g/L")), OnFailure.DEAD_LETTER);
        assertThat(line(mapper, "7", null)).isEqualTo("7 mg/dL as-written");
        assertThat(line(mapper, "7", "")).isEqualTo("7 mg/dL as-written; raw uom");
        assertThat(line(mapper, "7", "g/L")).isEqualTo("7 g/L as-written");
    }

    @Test
    void aFactorThatTheAuthorDeclaresIsUsed() throws MappingMismatch {
        Conversion glucose =
                Conversion.declared(UCUM.require("mg/dL"), UCUM.require("mmol/L"), Rational.parse("0.0555"));
        Quantities quantities = to("mmol/L", Map.of("mg/dL", "mg/dL"), Optional.empty(), List.of(glucose));
        assertThat(line(mapper(quantities, OnFailure.DEAD_LETTER), "100", "mg/dL"))
                .isEqualTo("5.55 mmol/L exact; raw uom");
    }

    @Test
    void theCoverageSaysThatTheUnitColumnIsChecked() throws MappingMismatch {
        Coverage coverage =
                mapper(withoutTarget(STRINGS), OnFailure.DEAD_LETTER).coverage();
        assertThat(coverage.of("uom"))
                .isEqualTo(new Coverage.Of("uom", Keeping.CHECKED, List.of("quantity"), "quantity_unit"));
        assertThat(coverage.of("value").keeping()).isEqualTo(Keeping.CHECKED);
    }

    @Test
    void aUnitThatNoTargetColumnHoldsIsKeptAsItIs() throws MappingMismatch {
        UnitConversion unit = new UnitConversion("uom", withoutTarget(STRINGS));
        Mapper mapper = Mapper.bind(
                mapping(List.of(
                        new From("quantity", "value", List.of(unit), OnFailure.DEAD_LETTER, OnFailure.DEAD_LETTER))),
                RESULT);
        assertThat(mapper.coverage().of("uom").keeping()).isEqualTo(Keeping.RAW_BACKED);
        MappedRow made = accepted(mapper.map(row("7", "mg/dL")));
        assertThat(made.raw()).isEqualTo(Map.of("uom", "mg/dL"));
        assertThat(mapper.invert(made.row(), made.raw())).isEqualTo(row("7", "mg/dL"));
    }

    /** The inverse needs the unit, and the unit is gone. */
    @Test
    void aValueWhoseUnitIsDroppedKeepsItsRawText() throws MappingMismatch {
        UnitConversion unit = new UnitConversion("uom", withoutTarget(STRINGS));
        Mapper mapper = Mapper.bind(
                new TableMapping(
                        SOURCE,
                        TARGET,
                        1,
                        List.of(new From(
                                "quantity", "value", List.of(unit), OnFailure.DEAD_LETTER, OnFailure.DEAD_LETTER)),
                        Rest.COPY,
                        Set.of("uom")),
                RESULT);
        assertThat(accepted(mapper.map(row("7", "mg/dL"))).raw()).isEqualTo(Map.of("value", "7"));
    }

    @Test
    void aUnitThatTheLogDidNotRepeatIsWaitedForWhateverThePolicy() throws MappingMismatch {
        Mapper mapper = mapper(withoutTarget(STRINGS), OnFailure.NULL_WITH_RAW);
        Row partial = new Row(RESULT, List.of(new Value.Int(1), new Value.Decimal("7"), Cell.UNCHANGED));
        assertThat(mapper.map(partial)).isEqualTo(Outcome.rejected(Reason.UNCHANGED_VALUE_UNKNOWN, "uom"));
    }

    @Test
    void aUnitColumnIsATextOrAWholeNumber() {
        UnitConversion unit = new UnitConversion("value", withoutTarget(STRINGS));
        assertThatThrownBy(() -> Mapper.bind(mapping(columns(unit, OnFailure.DEAD_LETTER)), RESULT))
                .isInstanceOf(MappingMismatch.class)
                .hasMessageContaining("units are texts or whole numbers, and column \"value\" is decimal");
    }

    /** As in a table of observations, whose concept says what the unit is. */
    @ParameterizedTest
    @CsvSource({
        "70.5, 5089, 70.5 kg as-written",
        "0.1, 5089, 0.1 kg as-written",
        "5e-11, 5089, 0.00000000005 kg as-written",
        "1e+22, 5089, 10000000000000000000000 kg as-written",
        // there is no decimal -0
        "-0, 5089, 0 kg as-written; raw value",
        "3, 21, 3 null unitless; raw concept",
        "150, 5497, null null ambiguous; raw concept value; unknown-unit 9999",
    })
    void aNumberNamesTheUnitOfAFloatingPointNumber(String value, String concept, String expected)
            throws MappingMismatch {
        TableSchema schema = new TableSchema(
                SOURCE,
                List.of(
                        new Column("id", ColumnType.of(Kind.INT64), false),
                        new Column("value", ColumnType.of(Kind.FLOAT64), true),
                        new Column("concept", ColumnType.of(Kind.INT32), false)),
                List.of("id"));
        UnitConversion unit =
                new UnitConversion("concept", withoutTarget(Map.of("5089", "kg", "5497", "?", "21", "-")));
        Mapper mapper = Mapper.bind(mapping(columns(unit, OnFailure.NULL_WITH_RAW)), schema);
        Row row = new Row(
                schema,
                List.of(
                        new Value.Int(1),
                        CanonicalText.parse(ColumnType.of(Kind.FLOAT64), value),
                        CanonicalText.parse(ColumnType.of(Kind.INT32), concept)));
        assertThat(line(mapper, row)).isEqualTo(expected);
    }

    @Test
    void whatIsNoNumberHasNoUnit() throws MappingMismatch {
        TableSchema schema = new TableSchema(
                SOURCE,
                List.of(
                        new Column("id", ColumnType.of(Kind.INT64), false),
                        new Column("value", ColumnType.of(Kind.FLOAT32), true),
                        new Column("uom", ColumnType.text(20), true)),
                List.of("id"));
        Mapper mapper = Mapper.bind(
                mapping(columns(new UnitConversion("uom", withoutTarget(STRINGS)), OnFailure.DEAD_LETTER)), schema);
        Row row = new Row(schema, List.of(new Value.Int(1), new Value.Real(Double.NaN), new Value.Text("g/L")));
        assertThat(mapper.map(row)).isEqualTo(Outcome.rejected(Reason.UNREPRESENTABLE, "quantity"));
    }

    private static Quantities withoutTarget(Map<String, String> strings) {
        return new Quantities(
                UCUM,
                new Quantities.Spec(
                        LocalUnits.of(UCUM, strings, Set.of()),
                        UnitPolicy.STRICT_MAP,
                        Set.of(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()));
    }

    private static Quantities to(
            String target, Map<String, String> strings, Optional<Rounding> rounding, List<Conversion> declared) {
        return new Quantities(
                UCUM,
                new Quantities.Spec(
                        LocalUnits.of(UCUM, strings, Set.of()),
                        UnitPolicy.STRICT_MAP,
                        Set.of(),
                        Optional.of(UCUM.require(target)),
                        declared,
                        rounding));
    }

    private static Mapper mapper(Quantities quantities, OnFailure onFailure) throws MappingMismatch {
        return Mapper.bind(mapping(columns(new UnitConversion("uom", quantities), onFailure)), RESULT);
    }

    private static List<ColumnMapping> columns(UnitConversion unit, OnFailure onFailure) {
        return List.of(
                new From("quantity", "value", List.of(unit), onFailure, onFailure),
                new Part("quantity_unit", "quantity", UnitConversion.UNIT),
                new Part("status", "quantity", UnitConversion.STATUS));
    }

    private static TableMapping mapping(List<ColumnMapping> columns) {
        return new TableMapping(SOURCE, TARGET, 1, columns, Rest.COPY, Set.of());
    }

    private static Row row(@Nullable String value, @Nullable String unit) {
        return new Row(
                RESULT,
                List.of(
                        new Value.Int(1),
                        value == null ? Cell.NULL : new Value.Decimal(value),
                        unit == null ? Cell.NULL : new Value.Text(unit)));
    }

    /** Value, unit and status, the columns whose raw text is kept, and what was found. */
    private static String line(Mapper mapper, @Nullable String value, @Nullable String unit) {
        return line(mapper, row(value, unit));
    }

    private static String line(Mapper mapper, Row row) {
        MappedRow made = accepted(mapper.map(row));
        assertThat(mapper.invert(made.row(), made.raw())).isEqualTo(row);
        String raw = made.raw().isEmpty()
                ? ""
                : "; raw " + made.raw().keySet().stream().sorted().collect(Collectors.joining(" "));
        return text(made, "quantity") + " " + text(made, "quantity_unit") + " " + text(made, "status") + raw
                + made.findings().stream().map(UnitConversionTest::text).collect(Collectors.joining());
    }

    private static String text(Finding finding) {
        return ("; " + finding.kind().code() + " " + finding.example()).stripTrailing();
    }

    private static String text(MappedRow made, String column) {
        return made.row().cell(column) instanceof Value value ? CanonicalText.of(value) : "null";
    }

    private static MappedRow accepted(Outcome<Mapped> outcome) {
        return outcome.fold(MappedRow.class::cast, UnitConversionTest::unexpected);
    }

    private static MappedRow unexpected(Rejection rejection) {
        throw new AssertionError("rejected: " + rejection);
    }
}
