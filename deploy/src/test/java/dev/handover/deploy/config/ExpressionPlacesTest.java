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
}
