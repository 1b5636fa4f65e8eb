package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.handover.mapping.InvalidExpression.Spot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with an expression is shown at its character, however YAML writes the text. */
class ExpressionPlacesTest {
    private static final String HEAD = Samples.text("smallest.yaml") + """
            tables:
              - from: pas.public.t
                to: clinical.t
                columns:
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "      v: {cel: \"row.age ^ 3\"}",
                "      v: {cel: 'row.age ^ 3'}",
                "      v: {cel: row.age ^ 3}",
                "      v:\n        cel: row.age ^ 3",
                "      v:\n        cel: |\n          row.age ^ 3\n",
                "      v:\n        cel: |\n          row.x &&\n            row.age ^ 3\n",
            })
    void aMistakeOfGrammarIsShownAtItsCharacter(String column) {
        String text = HEAD + column + "\n";
        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.parse("p", text));
        assertThat(invalid.problems()).hasSize(1);
        Problem problem = invalid.problems().get(0);
        assertThat(problem.path()).isEqualTo("tables[0].columns.v.cel");
        assertThat(text.lines().toList().get(problem.line() - 1).charAt(problem.column() - 1))
                .isEqualTo('^');
    }

    @Test
    void aMisfitOfAnExpressionIsShownAtItsCharacter(@TempDir Path directory) throws IOException {
        String text = HEAD + "      v:\n        cel: |\n          row.x &&\n            row.nobody\n"
                + "    where: {rule: known, keep: \"row.nobody\"}\n";
        Path file = Files.writeString(directory.resolve("p.yaml"), text);
        List<Misfit> misfits = List.of(
                new Misfit("tables[0].columns.v.cel", "undefined field", "", Optional.of(new Spot(2, 6))),
                new Misfit("tables[0].where.keep", "undefined field", "", Optional.of(new Spot(1, 4))));

        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.refuse(file, misfits));

        assertThat(invalid.problems())
                .allSatisfy(problem -> assertThat(
                                text.lines().toList().get(problem.line() - 1).substring(problem.column() - 1))
                        .startsWith(".nobody"))
                .hasSize(2);
    }

    @Test
    void aMapThatAnExpressionNamesIsCheckedWithoutASource() {
        String text = Samples.text("smallest.yaml") + """
                maps:
                  kinds: {csv: kinds.csv, key: [{column: concept}], target: kind}
                  pairs: {csv: pairs.csv, key: [{column: code}, {column: version}], target: kind}
                  local: {units: units.csv}
                tables:
                  - from: pas.public.t
                    to: clinical.t
                    where: {rule: numeric, keep: "code('kind', row.concept) == 'NM'"}
                    columns:
                      a: {cel: "code('local', row.x)"}
                      b: {cel: "row.y + code('pairs', row.x)"}
                      c: {cel: "code('kinds', row.x)"}
                """;

        InvalidPipeline invalid = catchThrowableOfType(InvalidPipeline.class, () -> PipelineFile.parse("p", text));

        List<String> lines = text.lines().toList();
        assertThat(invalid.problems())
                .extracting(problem -> problem.path() + " " + problem.message() + " at "
                        + lines.get(problem.line() - 1).substring(problem.column() - 1, problem.column() + 5))
                .containsExactlyInAnyOrder(
                        "tables[0].where.keep no map is named 'kind' at 'kind'",
                        "tables[0].columns.a.cel this is a map of units at 'local",
                        "tables[0].columns.b.cel the map is looked up by 2 columns, and code takes one at 'pairs");
    }
}
