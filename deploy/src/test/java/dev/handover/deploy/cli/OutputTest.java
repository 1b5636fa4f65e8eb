package dev.handover.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.fault.ExitCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class OutputTest {
    private static final Terminal.People WATCHED = new Terminal.People(true, true, true);

    /** A command that answers with a table. */
    @CommandLine.Command(name = "answer", description = "Answer.")
    private static final class Answering implements Command {
        @Override
        public Answer run(Session session) {
            return Answer.of("Tables", Map.of("tables", 2))
                    .grid(
                            List.of("TABLE", "ROWS"),
                            List.of(List.of("clinical.patient", "12"), List.of("b\u001b[2J\tc", "1 203 311")))
                    .warn("one is odd")
                    .next("handover tables", "look again")
                    .exit(ExitCode.NO);
        }
    }

    @Test
    void onATerminalAnAnswerIsATable() {
        Ran ran = Ran.of("answer", Map.of(), WATCHED, new Answering());

        assertThat(ran.exit()).isEqualTo(ExitCode.NO);
        assertThat(ran.out()).isEqualTo("""
                        TABLE                  ROWS
                        clinical.patient         12
                        b\uFFFD[2J\\tc          1 203 311
                        """);
        assertThat(ran.err()).isEqualTo("warning: one is odd\nnext: handover tables      look again\n");
    }

    @Test
    void elsewhereItIsPlain() {
        Ran ran = Ran.of("answer -q", Map.of(), Terminal.People.none(), new Answering());

        assertThat(ran.out()).isEqualTo("clinical.patient\t12\nb\uFFFD[2J\\tc\t1 203 311\n");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void aDocumentHoldsEverything() {
        Ran ran = Ran.of("answer -o json", Map.of(), WATCHED, new Answering());

        assertThat(ran.out().replaceAll("\\s+", ""))
                .isEqualTo("{\"apiVersion\":\"handover/v1\",\"kind\":\"Tables\",\"data\":{\"tables\":2},"
                        + "\"warnings\":[\"oneisodd\"],"
                        + "\"nextSteps\":[{\"command\":\"handovertables\",\"reason\":\"lookagain\"}]}");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void coloursFollowTheUsualVariables() {
        assertThat(terminal(Map.of()).wantsColour(true)).isTrue();
        assertThat(terminal(Map.of()).wantsColour(false)).isFalse();
        assertThat(terminal(Map.of("NO_COLOR", "1")).wantsColour(true)).isFalse();
        assertThat(terminal(Map.of("TERM", "dumb")).wantsColour(true)).isFalse();
        assertThat(terminal(Map.of("CLICOLOR_FORCE", "1")).wantsColour(false)).isTrue();
    }

    private static Terminal terminal(Map<String, String> environment) {
        return new Terminal(
                java.io.InputStream.nullInputStream(), System.out, System.err, WATCHED, 80, 24, environment);
    }
}
