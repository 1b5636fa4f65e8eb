package dev.handover.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.fault.ExitCode;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
    @ValueSource(
            strings = {
                "recon-history",
                "recon-history-table",
                "recon-history-equal",
                "recon-diff",
                "recon-diff-explained",
                "recon-certify",
                "recon-certify-verify",
                "recon-certify-altered"
            })
    void everyAnswerKeepsItsShape(String name) throws Exception {
        Given given = new Given(ReconSamples.answer(name));
        Terminal.People watched = new Terminal.People(true, true, true);

        Ran json = Ran.of("given -o json", Map.of(), Terminal.People.none(), given);
        Ran table = Ran.of("given", Map.of(), watched, given);

        assertThat(json.exit()).isEqualTo(table.exit());
        Golden.compare("answer-" + name, json.text() + "=== table\n" + table.text());
    }

    @Test
    void noValueIsRevealed() {
        Ran refused = Ran.of("recon diff clinical.patient --reveal -c nosuch.yaml", Map.of(), Terminal.People.none());

        assertThat(refused.exit()).isEqualTo(ExitCode.DENIED);
        assertThat(refused.err()).contains("--reveal needs a configured role");
    }
}
