package dev.handover.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The shapes of the answers about comparisons, from facts that are made up. */
final class ReconAnswersTest {
    /** A command whose answer is given. */
    @CommandLine.Command(name = "given", description = "Answer.")
    private record Given(Answer answer) implements Command {
        @Override
        public Answer run(Session session) {
            return answer;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"recon-history", "recon-history-table", "recon-history-equal"})
    void everyAnswerKeepsItsShape(String name) throws Exception {
        Given given = new Given(ReconSamples.answer(name));
        Terminal.People watched = new Terminal.People(true, true, true);

        Ran json = Ran.of("given -o json", Map.of(), Terminal.People.none(), given);
        Ran table = Ran.of("given", Map.of(), watched, given);

        assertThat(json.exit()).isEqualTo(table.exit());
        Golden.compare("answer-" + name, json.text() + "=== table\n" + table.text());
    }
}
