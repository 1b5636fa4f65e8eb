package dev.handover.reconciler.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.position.SourceId;
import dev.handover.row.TableId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnswersTest {
    private static final Terms EXACT = new Terms("rule", Tolerance.NONE, Consequence.FAIL);
    private static final Rule.Names NAMES = new Rule.Names() {
        @Override
        public String table(TableId table) {
            return table.shortText();
        }

        @Override
        public String column(String name) {
            return '`' + name + '`';
        }
    };

    /** Rows by semicolons, cells by blanks; {@code _} is null. */
    private static Rule.Table table(String text) {
        List<List<Optional<String>>> rows = text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(";"))
                        .map(row -> Arrays.stream(row.split(" "))
                                .map(cell -> cell.equals("_") ? Optional.<String>empty() : Optional.of(cell))
                                .toList())
                        .toList();
        int width = rows.isEmpty() ? 2 : rows.get(0).size();
        return new Rule.Table(List.of("a", "b", "c").subList(0, width), rows);
    }

    private static String line(Measure measure) {
        return measure.name() + " " + measure.source() + " " + measure.target() + " "
                + measure.result().code();
    }

    @ParameterizedTest
    @CsvSource({
        "m 4;f 5,     f 5;m 4,      0, 'f 5 5 passed|m 4 4 passed'", // each side in an order of its own
        "m 4;f 5,     f 5;m 3,      0, 'm 4 3 failed|f 5 5 passed'",
        "m 4;f 5,     f 5;m 3,      1, 'f 5 5 passed|m 4 3 passed'",
        "m 4;f 5,     m 4,          0, 'f 5 - failed|m 4 4 passed'",
        "m 4,         m 4;x 1,      0, 'x - 1 failed|m 4 4 passed'",
        "m 1.50,      m 1.5,        0, 'm 1.5 1.5 passed'",
        "m 1.50,      m 1.51,       1%, 'm 1.5 1.51 passed'",
        "m yes,       m no,         0, 'm yes no failed'",
        "m _,         m 0,          0, 'm (null) 0 failed'",
        "_ 3,         _ 3,          0, '(null) 3 3 passed'",
        "m 4;m 5,     m 5;m 4,      0, 'm 4 4 passed|m 2 5 5 passed'",
        "4;5,         4;6,          0, 'row 2 5 6 failed|row 1 4 4 passed'",
        "m 1 2,       m 1 3,        0, 'm: c 2 3 failed|m: b 1 1 passed'",
        "'',          '',           0, '(no row) 0 0 passed'",
    })
    void rowsAreMatchedByTheirLabel(String source, String target, String tolerance, String expected) {
        Rule.Query query = new Rule.Query(
                new Terms("rule", Tolerance.parse(tolerance), Consequence.FAIL),
                new SourceId("pas"),
                "SELECT 1",
                "SELECT 1",
                List.of());

        Rule.Comparison comparison = query.compare(Optional.of(table(source)), table(target));

        assertThat(comparison.measures()).extracting(AnswersTest::line).containsExactly(expected.split("\\|"));
    }

    @Test
    void answersOfTwoShapesAreNoAnswer() {
        Rule.Comparison comparison = Answers.compare(Tolerance.NONE, table("m 1"), table("m 1 2"));

        assertThat(comparison.measures()).isEmpty();
        assertThat(comparison.detail()).isEqualTo("the source's statement has 2 columns, the target's 3");
    }

    /** No {@code allowed}: as many as the source; {@code -} for a side or limit that is not there. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, -, PASSED",
        "3, 3, -, PASSED",
        "3, 2, -, PASSED",
        "3, 4, -, FAILED",
        "3, 3, 2, FAILED",
        "3, 2, 2, PASSED",
        "-, 1, -, FAILED",
        "-, 1, 1, PASSED",
        "1, 2, 5, FAILED",
    })
    void theTargetHasNoMoreOrphansThanTheSourceAndThanAllowed(
            String source, String target, String allowed, Result expected) {
        TableId child = TableId.target("clinical", "visit");
        Rule.Orphans rule = new Rule.Orphans(
                EXACT,
                Optional.empty(),
                new Rule.Orphans.Reference(child, List.of("p"), Optional.empty(), child, List.of("id")),
                allowed.equals("-") ? Optional.empty() : Optional.of(Long.parseLong(allowed)));

        Rule.Comparison comparison =
                rule.compare(source.equals("-") ? Optional.empty() : Optional.of(table(source)), table(target));

        assertThat(comparison.measures()).singleElement().satisfies(measure -> assertThat(measure.result())
                .isEqualTo(expected));
    }

    @Test
    void statementsNameWhatTheyAreGiven() {
        TableId visit = TableId.target("clinical", "visit");
        TableId patient = TableId.target("clinical", "patient");
        Rule.Orphans.Reference reference = new Rule.Orphans.Reference(
                visit, List.of("f", "p"), Optional.of("kind = 1 -- inpatients"), patient, List.of("f", "id"));

        assertThat(reference.sql(NAMES))
                .isEqualTo("SELECT count(*) FROM (SELECT * FROM clinical.visit WHERE (kind = 1 -- inpatients\n)) AS c"
                        + " WHERE c.`f` IS NOT NULL AND c.`p` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
                        + " clinical.patient AS p WHERE p.`f` = c.`f` AND p.`id` = c.`p`)");
    }
}
