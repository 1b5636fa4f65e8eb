package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.handover.reconciler.rule.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of the pipeline file: what each kind needs, what it would not look at, and what they become. */
final class RuleConfigTest {
    private static PipelineConfig parse(String rule) {
        return PipelineFile.parse("p", Samples.text("smallest.yaml") + "\nrules:\n  - {name: r, " + rule + "}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: count                                                     | rules[0]              | what is looked at in the target?",
                "kind: count, target: {columns: [a]}                             | rules[0].target       | which target table?",
                "kind: count, target: {table: c.t, columns: [a]}                 | rules[0].target.columns | count does not look at this",
                "kind: count, target: {table: c.t}, min: few                     | rules[0].min          | expected a whole number of rows",
                "kind: count, target: {table: c.t}, allowed: 3                   | rules[0].allowed      | count does not look at this",
                "kind: count, target: {table: c.t, where: a}, source: {where: a} | rules[0].source       | which table of the source?",
                "kind: count, target: {table: c.t, where: a; b}, min: 1          | rules[0].target.where | a semicolon may end a statement and begin another",
                "kind: range, target: {table: c.t}                               | rules[0].target       | expected one column",
                "kind: range, target: {table: c.t, columns: [a, b]}              | rules[0].target.columns | expected one column",
                "kind: range, target: {table: c.t, columns: [a], where: b}       | rules[0].target       | this kind looks at a table and one column alone",
                "kind: distribution, target: {table: c.t, columns: [a]}, max: 3  | rules[0].max          | distribution does not look at this",
                "kind: distribution, target: {table: c.t, columns: [a]}, source: {table: pas.p.t} | rules[0].source | this kind takes the source's rows as they are mapped to the target table",
                "kind: orphans, target: {table: c.t, columns: [a]}               | rules[0].target       | which table do the rows refer to?",
                "kind: orphans, target: {table: c.t, columns: [a], parent: {table: c.p}} | rules[0].target.parent.columns | missing key 'columns' in rules[0].target.parent",
                "kind: query, target: {sql: SELECT 1}                            | rules[0]              | which source is asked the other statement?",
                "kind: query, target: {sql: SELECT 1}, source: {name: pas}       | rules[0].source       | which statement?",
                "kind: query, target: {sql: SELECT 1}, source: {name: pas, sql: DELETE FROM t} | rules[0].source.sql | not a statement that asks",
                "kind: query, target: {sql: SELECT 1, table: c.t}, source: {name: pas, sql: SELECT 1} | rules[0].target | a query is its statement alone",
                "kind: query, target: {sql: SELECT 1, reads: [t]}, source: {name: pas, sql: SELECT 1} | rules[0].target.reads | not a target table",
                "kind: range, target: {table: c.t, columns: [a]}, tolerance: -1  | rules[0].tolerance    | not of the form that is expected here",
                "kind: range, target: {table: c.t, columns: [a]}, then: stop     | rules[0].then         | unknown word for then",
            })
    void whatCannotBeARuleIsRefusedAtItsPlace(String rule, String path, String message) {
        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> parse(rule));

        assertThat(invalid.problems())
                .extracting(Problem::path, Problem::message)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(path, message));
        assertThat(invalid.problems().get(0).line())
                .isGreaterThan((int) Samples.text("smallest.yaml").lines().count());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: count, target: {table: c.t}                                                | Count",
                "kind: count, target: {table: c.t, where: a IS NULL}, max: 5                      | CountWhere",
                "kind: count, target: {table: c.t}, source: {table: pas.p.t, where: a IS NULL}    | CountWhere",
                "kind: range, target: {table: c.t, columns: [born]}, min: 1900-01-01, allowed: 2  | Range",
                "kind: distribution, target: {table: c.t, columns: [sex]}, tolerance: 1%          | Distribution",
                "kind: orphans, target: {table: c.t, columns: [a], parent: {table: c.p, columns: [b]}} | Orphans",
                "kind: query, target: {sql: SELECT 1}, source: {name: pas, sql: \"WITH x AS (SELECT 1) SELECT * FROM x\"} | Query",
            })
    void everyKindBecomesARule(String rule, String type) {
        List<Rule> rules = Rules.of(parse(rule));

        assertThat(rules)
                .singleElement()
                .satisfies(one -> assertThat(one.getClass().getSimpleName()).isEqualTo(type));
    }

    @Test
    void bothEndsOfAReferenceAreNamed() {
        PipelineConfig pipeline = Samples.read("every-key.yaml");

        Rule.Orphans orphans = (Rule.Orphans) Rules.of(pipeline).get(1);

        assertThat(orphans.from().orElseThrow().parent().text()).isEqualTo("pas.public.patient");
        assertThat(orphans.reference().parent().text()).isEqualTo("target.clinical.patient");
        assertThat(orphans.allowed()).contains(3L);
        assertThat(orphans.tables()).hasSize(2);
    }
}
