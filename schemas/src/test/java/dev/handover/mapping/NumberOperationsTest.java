package dev.handover.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.mapping.operation.Comparator;
import dev.handover.mapping.operation.DecimalScale;
import dev.handover.mapping.operation.Epoch;
import dev.handover.mapping.operation.NumberForm;
import dev.handover.mapping.operation.ParseNumber;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import java.math.RoundingMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operations on numbers: a line tells the value, then "raw" where the raw text is kept, then what was found. */
class NumberOperationsTest {
    private static final ColumnType TEXT = ColumnType.of(Kind.TEXT);

    @ParameterizedTest
    @CsvSource({
        "2.0, 2.0",
        "2, 2",
        "-0.50, -0.50",
        "+5, 5 raw",
        "007, 7 raw",
        ".5, 0.5 raw",
        "-0, 0 raw",
        "5., unparsable",
        "1e5, unparsable",
        "' 5', unparsable",
        "'', unparsable",
        "-, unparsable",
        ".', unparsable",
        "'500,000', unparsable",
        "35/., unparsable",
        "+++, unparsable",
        "\u0665, unparsable",
        "0x10, unparsable",
        "2.0000001043081284, 2.0000001043081284",
        "10939881000119105, 10939881000119105",
    })
    void aDecimalKeepsItsDigits(String text, String line) {
        assertThat(decimal(NumberForm.PLAIN).map(text).line()).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({
        "'500,000', 500000",
        "'1,000.5', 1000.5",
        "'12,345,678', 12345678",
        "500000, 500000 raw",
        "999, 999",
        "'50,00', unparsable",
        "'5000,000', unparsable",
        "',500', unparsable",
        "'1,000,', unparsable",
        "'1,00.0', unparsable",
    })
    void groupsAreOfThreeDigits(String text, String line) {
        assertThat(decimal(new NumberForm(",", ".")).map(text).line()).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({"'1.234,5', 1234.5", "'0,5', 0.5", "1.5, unparsable"})
    void aCommaMayBeThePoint(String text, String line) {
        assertThat(decimal(new NumberForm(".", ",")).map(text).line()).isEqualTo(line);
    }

    @Test
    void separatorsDiffer() {
        assertThatThrownBy(() -> new NumberForm(".", ".")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NumberForm("1", ".")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NumberForm("", "-")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNumberWithoutEndIsRefused() {
        assertThat(decimal(NumberForm.PLAIN).map("9".repeat(1_001)).rejected()).isEqualTo("unparsable");
    }

    @ParameterizedTest
    @CsvSource({
        "42, 42",
        "-1, -1",
        "9223372036854775807, 9223372036854775807",
        "9223372036854775808, unrepresentable",
        "042, 42 raw",
        "4.0, unparsable"
    })
    void anIntegerIsWhole(String text, String line) {
        assertThat(OneColumn.of(TEXT, new ParseNumber(ParseNumber.Form.INTEGER, NumberForm.PLAIN))
                        .map(text)
                        .line())
                .isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01 00:00:00+00",
        "1700000000123, 2023-11-14 22:13:20.123+00",
        "-1, 1969-12-31 23:59:59.999+00",
        "007, 1970-01-01 00:00:00.007+00 raw",
        "9223372036854775807, unrepresentable",
        "1.5, unparsable",
        "'', unparsable",
    })
    void millisecondsBecomeAnInstant(String text, String line) {
        assertThat(OneColumn.of(TEXT, new Epoch(Epoch.Unit.MILLISECONDS))
                        .map(text)
                        .line())
                .isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({
        "1700000000, 2023-11-14 22:13:20+00",
        "-62135596800, 0001-01-01 00:00:00+00",
        "-62135596801, unrepresentable"
    })
    void secondsOfAnIntegerColumnAreGivenBackAsAnInteger(String text, String line) {
        assertThat(OneColumn.of(ColumnType.of(Kind.INT64), new Epoch(Epoch.Unit.SECONDS))
                        .map(text)
                        .line())
                .isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({
        "DECIMAL, HALF_UP, 2.345, 2.35 raw",
        "DECIMAL, HALF_EVEN, 2.345, 2.34 raw",
        "DECIMAL, UNNECESSARY, 2.345, unrepresentable",
        "DECIMAL, UNNECESSARY, 2.34, 2.34",
        "DECIMAL, UNNECESSARY, 2.3, 2.30 raw",
        "DECIMAL, HALF_UP, 999.995, unrepresentable",
        "DECIMAL, HALF_UP, -999.99, -999.99",
        "DECIMAL, HALF_UP, NaN, unrepresentable",
        "INT32, UNNECESSARY, 12, 12.00",
        "INT32, UNNECESSARY, 1000, unrepresentable",
        "FLOAT64, UNNECESSARY, 12.1, 12.10",
        "FLOAT64, HALF_UP, 0.10000000149011612, 0.10 raw",
        "FLOAT64, HALF_UP, -0.0, 0.00 raw",
        "FLOAT64, HALF_UP, Infinity, unrepresentable",
        "FLOAT32, UNNECESSARY, 0.1, 0.10",
        "FLOAT32, UNNECESSARY, 71.4, 71.40",
        "UINT64, UNNECESSARY, 7, 7.00",
    })
    void aNumberGetsAScale(Kind kind, RoundingMode rounding, String text, String line) {
        assertThat(OneColumn.of(ColumnType.of(kind), new DecimalScale(5, 2, rounding))
                        .map(text)
                        .line())
                .isEqualTo(line);
    }

    @Test
    void theScaleOfTheColumnIsGivenBack() {
        OneColumn column = OneColumn.of(ColumnType.decimal(6, 1), new DecimalScale(8, 3, RoundingMode.UNNECESSARY));
        assertThat(column.map("2.0").line()).isEqualTo("2.000");
        assertThat(column.target()).isEqualTo(ColumnType.decimal(8, 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5              | 5          | null | null | null",
                "-5.0           | -5.0       | null | null | null",
                ">300           | 300 raw    | >    | null | null",
                ">=1.035        | 1.035 raw  | >=   | null | null",
                "=>16           | 16 raw     | >=   | null | null",
                "≥16            | 16 raw     | >=   | null | null",
                "=<16           | 16 raw     | <=   | null | null",
                "< 6            | 6 raw      | <    | null | null",
                "=5             | 5 raw      | =    | null | null",
                ">-5            | -5 raw     | >    | null | null",
                "0-2            | null raw   | null | 0    | 2",
                "2 - 2.5        | null raw   | null | 2    | 2.5",
                "-5--2          | null raw   | null | -5   | -2",
                "> 7000 (HIGH)  | 7000 raw   | >    | null | null",
                "12(HIGH)       | 12 raw     | null | null | null",
            })
    void aResultIsAComparatorAndANumber(String text, String line, String comparator, String low, String high) {
        OneColumn.Result result = OneColumn.of(TEXT, new Comparator(NumberForm.PLAIN, List.of("(HIGH)", "(LOW)")))
                .map(text);
        assertThat(result.line()).isEqualTo(line);
        assertThat(result.text("comparator")).isEqualTo(comparator);
        assertThat(result.text("low")).isEqualTo(low);
        assertThat(result.text("high")).isEqualTo(high);
    }

    @ParameterizedTest
    @CsvSource({
        "+++",
        "O RH+",
        "Multiple results",
        "35/.",
        "5 mg",
        ">",
        "><5",
        "5-2",
        "1-2-3",
        "'50,00'",
        "''",
        "___",
        ">300 (SEEN)"
    })
    void aResultThatIsNoNumberIsRefused(String text) {
        assertThat(OneColumn.of(TEXT, new Comparator(NumberForm.PLAIN, List.of("(HIGH)")))
                        .map(text)
                        .rejected())
                .isEqualTo("unparsable");
    }

    @Test
    void whatIsRefusedLeavesNoPart() {
        OneColumn column =
                OneColumn.of(TEXT, OnFailure.NULL_WITH_RAW, new Comparator(new NumberForm(",", "."), List.of()));
        assertThat(column.map(">1,00").line()).isEqualTo("null raw invalid");
        assertThat(column.map(">1,00").text("comparator")).isEqualTo("null");
        assertThat(column.map(">1,000").text("comparator")).isEqualTo(">");
    }

    private static OneColumn decimal(NumberForm form) {
        return OneColumn.of(TEXT, new ParseNumber(ParseNumber.Form.DECIMAL, form));
    }
}
