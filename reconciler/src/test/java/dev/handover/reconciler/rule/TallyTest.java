package dev.handover.reconciler.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TallyTest {
    private static final TableId PATIENT = TableId.target("clinical", "patient");
    private static final Terms EXACT = new Terms("rule", Tolerance.NONE, Consequence.FAIL);
    private static final TableSchema SCHEMA = new TableSchema(
            PATIENT,
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("sex", ColumnType.of(Kind.TEXT), true),
                    new Column("born", ColumnType.of(Kind.DATE), true),
                    new Column("balance", ColumnType.decimal(10, 2), true),
                    new Column("weight", ColumnType.of(Kind.FLOAT64), true)),
            List.of("id"));

    private static Row row(long id, String sex, String born, String balance, double weight) {
        return new Row(
                SCHEMA,
                List.of(
                        new Value.Int(id),
                        text(sex),
                        text(born),
                        Value.Decimal.parse(balance),
                        new Value.Real(weight)));
    }

    private static Cell text(String text) {
        return text.equals("null") ? Cell.NULL : new Value.Text(text);
    }

    private static Row person(long id, String sex) {
        return row(id, sex, "1950-01-01", "1.50", 70);
    }

    private static String line(Measure measure) {
        return measure.name() + " " + measure.source() + " " + measure.target() + " " + measure.difference() + " "
                + measure.result().code();
    }

    private static Tally tally(Rule.Streamed rule) {
        return Tally.of(rule, SCHEMA);
    }

    @Test
    void countsEqualRowsOnBothSides() {
        Tally count = tally(new Rule.Count(EXACT, PATIENT, Limits.NONE));
        for (int i = 0; i < 7; i++) {
            count.source(person(i, "male"));
            count.target(Optional.of(person(i, "male")));
        }

        RuleReport report = count.report(Unsettled.NONE, Place.NOWHERE);

        assertThat(report.result()).isEqualTo(Result.PASSED);
        assertThat(report.table()).isEqualTo("clinical.patient");
        assertThat(report.measures()).extracting(TallyTest::line).containsExactly("rows 7 7 0 passed");
    }

    /** The source has 100 rows, the target 100 + raw; as many as proved are known to be why. */
    @ParameterizedTest
    @CsvSource({
        // raw, proved, moved, open, tolerance, result
        "-1, 0, 0, 0, 0,  FAILED", // nothing moved: the scans themselves are the proof
        "-1, -1, 0, 0, 0, FAILED",
        "-1, 0, 1, 0, 0,  PASSED", // the one key was seen equal later
        "-1, 0, 1, 1, 0,  UNDETERMINED",
        "0, 0, 5, 5, 0,   PASSED", // equal numbers; the open keys are the rows' business
        "-4, -1, 3, 0, 0, FAILED", // under load: three in flight and one proved
        "-4, -1, 3, 3, 0, UNDETERMINED", // the open ones could make up for it
        "-9, -7, 2, 2, 0, FAILED", // seven are more than two can make up for
        "-3, -3, 0, 0, 3, PASSED",
        "-4, -4, 0, 0, 3, FAILED",
        "-2, -2, 0, 0, 2%, PASSED",
        "-3, -3, 0, 0, 2%, FAILED",
        "5, 5, 0, 0, 0,   FAILED",
    })
    void onlyWhatIsProvedFails(int raw, int proved, long moved, long open, String tolerance, Result expected) {
        Terms terms = new Terms("rule", Tolerance.parse(tolerance), Consequence.FAIL);
        Tally count = tally(new Rule.Count(terms, PATIENT, Limits.NONE));
        for (int i = 0; i < 100; i++) {
            count.source(person(i, "male"));
        }
        for (int i = 0; i < 100 + raw; i++) {
            count.target(Optional.of(person(i, "male")));
        }
        for (int i = 0; i < Math.abs(proved); i++) {
            if (proved < 0) {
                count.provedSource(person(i, "male"));
            } else {
                count.provedTarget(Optional.of(person(i, "male")));
            }
        }

        RuleReport report = count.report(new Unsettled(moved, open), Place.NOWHERE);

        assertThat(report.result()).isEqualTo(expected);
        assertThat(report.inFlight()).isEqualTo(moved);
        assertThat(report.measures().get(0).difference()).isEqualTo(Integer.toString(raw));
    }

    @ParameterizedTest
    @CsvSource({"3, 5, 0, PASSED", "5, 9, 0, FAILED", "1, 3, 0, FAILED", "1, 3, 1, UNDETERMINED", "1, 2, 1, FAILED"})
    void aCountKeepsToItsLimits(long least, long most, long moved, Result expected) {
        Limits limits = new Limits(Optional.of(least), Optional.of(most));
        Tally count = tally(new Rule.Count(EXACT, PATIENT, limits));
        for (int i = 0; i < 4; i++) {
            count.source(person(i, "male"));
            count.target(Optional.of(person(i, "male")));
        }

        assertThat(count.report(new Unsettled(moved, 0), Place.NOWHERE).result())
                .isEqualTo(expected);
    }

    @Test
    void aRewrittenCodeIsTwoDifferences() {
        Tally sex = tally(new Rule.Distribution(EXACT, PATIENT, "sex"));
        for (int i = 0; i < 10; i++) {
            sex.source(person(i, i < 6 ? "female" : "male"));
            sex.target(Optional.of(person(i, i < 5 ? "female" : i == 5 ? "f" : "male")));
        }
        sex.source(person(10, "null"));
        sex.target(Optional.of(person(10, "null")));

        RuleReport report = sex.report(Unsettled.NONE, Place.NOWHERE);

        assertThat(report.result()).isEqualTo(Result.FAILED);
        assertThat(report.measures())
                .extracting(TallyTest::line)
                .containsExactly("female 6 5 -1 failed", "f 0 1 1 failed", "male 4 4 0 passed", "(null) 1 1 0 passed");
    }

    @Test
    void aCodeThatMovesWhileItIsCountedIsNoFailure() {
        Tally sex = tally(new Rule.Distribution(EXACT, PATIENT, "sex"));
        sex.source(person(1, "female"));
        sex.target(Optional.of(person(1, "male")));

        assertThat(sex.report(new Unsettled(1, 0), Place.NOWHERE).result()).isEqualTo(Result.PASSED);
        assertThat(sex.report(new Unsettled(1, 1), Place.NOWHERE).result()).isEqualTo(Result.UNDETERMINED);
    }

    @Test
    void aRangeHasNumbersForEverything() {
        Tally born =
                tally(new Rule.Range(EXACT, PATIENT, "born", Optional.of("1900-01-01"), Optional.of("2026-12-31"), 0));
        List<String> births = List.of("1950-02-03", "null", "2001-12-31", "1900-01-01");
        for (int i = 0; i < births.size(); i++) {
            born.source(row(i, "x", births.get(i), "1", 1));
            born.target(Optional.of(row(i, "x", i == 0 ? "2950-02-03" : births.get(i), "1", 1)));
        }

        RuleReport report = born.report(Unsettled.NONE, Place.NOWHERE);

        assertThat(report.measures())
                .extracting(TallyTest::line)
                .containsExactly(
                        "outside 0 1 1 failed",
                        "least 1900-**-** 1900-**-** 0 passed",
                        "greatest 2001-**-** 2950-**-** differs failed",
                        "rows 4 4 0 passed",
                        "nulls 1 1 0 passed",
                        "distinct 3 3 0 passed");
    }

    @Test
    void sumsAreExact() {
        Tally balance = tally(new Rule.Range(EXACT, PATIENT, "balance", Optional.empty(), Optional.empty(), 0));
        Tally weight = tally(new Rule.Range(EXACT, PATIENT, "weight", Optional.empty(), Optional.of("200"), 0));
        for (int i = 0; i < 10; i++) {
            Row source = row(i, "x", "null", "0.10", 0.1 * i);
            Row target = row(9 - i, "x", "null", i == 3 ? "0.11" : "0.10", 0.1 * (9 - i));
            balance.source(source);
            balance.target(Optional.of(target));
            weight.source(source);
            weight.target(Optional.of(target));
        }
        weight.source(row(10, "x", "null", "0", Double.NaN));
        weight.target(Optional.of(row(10, "x", "null", "0", Double.NaN)));

        assertThat(balance.report(Unsettled.NONE, Place.NOWHERE).measures())
                .extracting(TallyTest::line)
                .contains("sum 1 1.01 0.01 failed", "greatest 0.1 0.11 0.01 failed", "least 0.1 0.1 0 passed");
        assertThat(weight.report(Unsettled.NONE, Place.NOWHERE).measures())
                .extracting(Measure::name, Measure::result)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("sum", Result.PASSED),
                        org.assertj.core.groups.Tuple.tuple("outside", Result.FAILED),
                        org.assertj.core.groups.Tuple.tuple("not finite", Result.PASSED));
    }

    @Test
    void anExtremeOfAMovingTableProvesNothing() {
        Tally balance = tally(new Rule.Range(EXACT, PATIENT, "balance", Optional.empty(), Optional.empty(), 0));
        balance.source(row(1, "x", "null", "5", 1));
        balance.target(Optional.of(row(1, "x", "null", "6", 1)));

        assertThat(balance.report(new Unsettled(1, 0), Place.NOWHERE).result()).isEqualTo(Result.UNDETERMINED);
        assertThat(balance.report(Unsettled.NONE, Place.NOWHERE).result()).isEqualTo(Result.FAILED);
    }

    @Test
    void aRowThatCannotBeReadIsCounted() {
        Tally count = tally(new Rule.Count(EXACT, PATIENT, Limits.NONE));
        Tally sex = tally(new Rule.Distribution(EXACT, PATIENT, "sex"));
        count.source(person(1, "male"));
        sex.source(person(1, "male"));
        count.target(Optional.empty());
        sex.target(Optional.empty());

        assertThat(count.report(Unsettled.NONE, Place.NOWHERE).result()).isEqualTo(Result.PASSED);
        assertThat(sex.report(Unsettled.NONE, Place.NOWHERE).measures())
                .extracting(TallyTest::line)
                .containsExactly("male 1 0 -1 failed", "(unreadable) 0 1 1 failed");
    }

    @Test
    void proseIsNotShown() {
        Tally sex = tally(new Rule.Distribution(EXACT, PATIENT, "sex"));
        sex.source(person(1, "Mrs Doe, born Roe; phone 555-0100, lives with her sister"));
        sex.source(person(2, "a\u001b[31m@b"));
        sex.source(person(3, ""));
        sex.source(person(4, "  "));

        assertThat(sex.report(Unsettled.NONE, Place.NOWHERE).measures())
                .extracting(Measure::name)
                .containsExactlyInAnyOrder("(text of 56 characters)", "a??31m?b", "(empty)", "(2 blanks)");
    }

    @Test
    void aColumnOfManyValuesIsCountedAndNotShown() {
        Tally sex = tally(new Rule.Distribution(EXACT, PATIENT, "sex"));
        for (int i = 0; i < 1_500; i++) {
            sex.source(person(i, "name " + i));
            sex.target(Optional.of(person(i, "name " + (i == 77 ? 78 : i))));
        }

        RuleReport report = sex.report(Unsettled.NONE, Place.NOWHERE);

        assertThat(report.result()).isEqualTo(Result.FAILED);
        assertThat(report.measures()).hasSize(100).allSatisfy(measure -> assertThat(measure.name())
                .startsWith("value "));
        assertThat(report.measures().subList(0, 2)).extracting(Measure::result).containsOnly(Result.FAILED);
        assertThat(report.detail()).contains("no codes").contains("1400 more are not listed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gender | 1 | has no column \"gender\"",
                "sex    | 1 | has no range",
                "born   | 1 | no value of column \"born\"",
                "balance| 1900-01-01 | no value of column \"balance\"",
            })
    void aRuleThatDoesNotFitItsTableSaysWhy(String column, String min, String why) {
        assertThatThrownBy(() -> tally(new Rule.Range(EXACT, PATIENT, column, Optional.of(min), Optional.empty(), 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
