package dev.handover.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.handover.mapping.operation.Identifier;
import dev.handover.mapping.operation.Known;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.mapping.operation.Phone;
import dev.handover.mapping.operation.Sentinels;
import dev.handover.mapping.operation.Translate;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on codes and identifiers: a line tells the value, then "raw" where it is kept, then what was found. */
class CodeOperationsTest {
    private static final ColumnType TEXT = ColumnType.of(Kind.TEXT);

    @ParameterizedTest
    @CsvSource({
        "TEXT, -, null raw sentinel",
        "TEXT, ' ', null raw sentinel",
        "TEXT, ___, null raw sentinel",
        "TEXT, -5, -5",
    })
    void aSentinelOfATextBecomesNull(Kind kind, String text, String line) {
        assertThat(OneColumn.of(
                                ColumnType.of(kind),
                                Sentinels.of(
                                        Map.of("-", Optional.empty(), " ", Optional.empty(), "___", Optional.empty())))
                        .map(text)
                        .line())
                .isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({
        "0000-00-00, null raw sentinel",
        "9999-12-31, infinity sentinel",
        "2024-01-31, 2024-01-31",
        "infinity, infinity raw",
        "2024-00-00, unrepresentable"
    })
    void aSentinelOfADateBecomesNullOrInfinity(String text, String line) {
        Map<String, Optional<String>> dictionary =
                Map.of("0000-00-00", Optional.empty(), "9999-12-31", Optional.of("infinity"));
        OneColumn column = OneColumn.of(ColumnType.of(Kind.DATE), Sentinels.of(dictionary));
        assertThat(column.map(text).line()).isEqualTo(line);
    }

    @Test
    void aSentinelOfATextMayBecomeADateWithoutEnd() {
        OneColumn column = OneColumn.of(
                TEXT, Sentinels.of(Map.of("99991231", Optional.of("infinity"))), new ParseTime("yyyyMMdd"));
        assertThat(column.map("99991231").line()).isEqualTo("infinity sentinel");
        assertThat(column.map("20240131").line()).isEqualTo("2024-01-31");
    }

    @Test
    void aSentinelOfANumberIsReadInTheScaleOfItsColumn() {
        OneColumn decimal = OneColumn.of(
                ColumnType.decimal(7, 2), Sentinels.of(Map.of("999", Optional.empty(), "-1", Optional.of("0"))));
        assertThat(decimal.map("999.00").line()).isEqualTo("null raw sentinel");
        assertThat(decimal.map("-1.00").line()).isEqualTo("0.00 sentinel");
        assertThat(decimal.map("0.00").line()).isEqualTo("0.00 raw");
        OneColumn real = OneColumn.of(ColumnType.of(Kind.FLOAT32), Sentinels.of(Map.of("0", Optional.empty())));
        assertThat(real.map("0.0").line()).isEqualTo("null raw sentinel");
        assertThat(real.map("0.5").line()).isEqualTo("0.5");
    }

    @Test
    void twoSentinelsOfOneReplacementKeepTheirRawText() {
        OneColumn column =
                OneColumn.of(TEXT, Sentinels.of(Map.of("-", Optional.of("unknown"), "?", Optional.of("unknown"))));
        assertThat(column.map("-").line()).isEqualTo("unknown raw sentinel");
        assertThat(column.map("unknown").line()).isEqualTo("unknown raw");
    }

    @ParameterizedTest
    @CsvSource({
        "DATE, 9999-12-31, never",
        "DATE, 9999-12-31, 0000-00-00",
        "TIMESTAMP, 9999-12-31 00:00:00, 9999-12-31",
        "INT16, -1, 70000",
        "INT32, -1, unknown",
        "INT32, x, 0",
        "UUID, x, y",
        "BITS, 0, 2",
    })
    void aReplacementIsOfTheColumnsType(Kind kind, String sentinel, String replacement) {
        assertThat(OneColumn.problem(ColumnType.of(kind), Sentinels.of(Map.of(sentinel, Optional.of(replacement)))))
                .startsWith("sentinels: a value that is spelled out is no ");
    }

    @ParameterizedTest
    @CsvSource({"M, M", "X, X unseen-value"})
    void aValueNeverSeenBeforePassesAndIsCounted(String text, String line) {
        OneColumn column = OneColumn.of(TEXT, new Known(Set.of("M", "F")));
        assertThat(column.map(text).line()).isEqualTo(line);
        assertThat(column.keeping()).isEqualTo(Coverage.Keeping.REVERSIBLE);
    }

    @ParameterizedTest
    @CsvSource({
        "920-24-2256, 920242256 raw",
        "234567891, 234567891",
        "234 56 7891, 234567891 raw",
        "23456789, unparsable",
        "'', unparsable",
        "N/A, unparsable"
    })
    void anIdentifierLosesItsFormattingAndIsChecked(String text, String line) {
        OneColumn.Result result = OneColumn.of(TEXT, new Identifier("urn:ssn", "- ", Optional.of("[0-9]{9}")))
                .map(text);
        assertThat(result.line()).isEqualTo(line);
        if (!line.equals("unparsable")) {
            assertThat(result.text("system")).isEqualTo("urn:ssn");
        }
    }

    @Test
    void anIdentifierOfAnIntegerColumnIsGivenBackAsAnInteger() {
        OneColumn column = OneColumn.of(ColumnType.of(Kind.INT64), new Identifier("urn:mrn", "", Optional.empty()));
        assertThat(column.map("1007").line()).isEqualTo("1007");
        assertThat(column.target()).isEqualTo(TEXT);
    }

    @Test
    void anExpressionThatBacktracksForEverIsCutShort() {
        OneColumn column = OneColumn.of(TEXT, new Identifier("urn:x", "", Optional.of("(a+)+b")));
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(column.map("a".repeat(60)).rejected()).isEqualTo("unparsable"));
        assertThat(column.map("aab").line()).isEqualTo("aab");
        assertThat(column.map("a".repeat(300) + "b").rejected()).isEqualTo("unparsable");
        assertThatThrownBy(() -> new Identifier("urn:x", "", Optional.of("(")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "+12025550123, +12025550123, null",
        "(202) 555-0123, +12025550123 raw, null",
        "202.555.0123 x12, +12025550123 raw, 12",
        "202-555-0123 ext. 9, +12025550123 raw, 9",
        "+44 20 7946 0018, +442079460018 raw, null",
    })
    void aNumberFollowsItsRegionsPlan(String text, String line, String extension) {
        OneColumn.Result result = OneColumn.of(TEXT, new Phone("US")).map(text);
        assertThat(result.line()).isEqualTo(line);
        assertThat(result.text("extension")).isEqualTo(extension);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "none",
                "555-0123",
                "+3451231\\234",
                "1-800-FLOWERS",
                "202-555-0123 home",
                "call 202-555-0123",
                "+999123456789"
            })
    void aNumberThatNoPlanHasIsRefused(String text) {
        assertThat(OneColumn.of(TEXT, new Phone("US")).map(text).rejected()).isEqualTo("unparsable");
    }

    @Test
    void aRegionHasAPlan() {
        assertThatThrownBy(() -> new Phone("us")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCodeOfAnIntegerColumnIsGivenBackAsAnInteger() {
        OneColumn column = OneColumn.of(
                ColumnType.of(Kind.INT32), Translate.of(Map.of("1", Optional.of("male"), "2", Optional.of("female"))));
        assertThat(column.map("1").line()).isEqualTo("male");
        assertThat(OneColumn.of(ColumnType.of(Kind.BOOLEAN), Translate.of(Map.of("t", Optional.of("yes"))))
                        .map("t")
                        .line())
                .isEqualTo("yes");
    }
}
