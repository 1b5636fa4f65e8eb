package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
    @AfterEach
    void forgetInterruption() {
        Thread.interrupted();
    }

    @Test
    void killsTheProgramAndItsChildrenWhenInterrupted(@TempDir Path directory) {
        try (StateDirectory state = StateDirectory.open(directory)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() ->
                            Preparation.run(state, "s", List.of("/bin/sh", "-c", "sleep 311 & wait"), input -> {}))
                    .isInstanceOf(Fault.class);
        }
        assertThat(ProcessHandle.current()
                        .descendants()
                        .map(child -> child.info().commandLine().orElse("")))
                .noneMatch(line -> line.contains("311"));
    }

    @Test
    void tellsFromTheOutputWhyItFailed(@TempDir Path directory) {
        try (StateDirectory state = StateDirectory.open(directory)) {
            assertThatThrownBy(() -> Preparation.run(
                            state,
                            "s",
                            List.of("/bin/sh", "-c", "echo 'No space left on device'; exit 1"),
                            input -> {}))
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code()).isEqualTo("disk"));
        }
    }

    @Test
    void givesTheProgramItsInput(@TempDir Path directory) throws IOException {
        try (StateDirectory state = StateDirectory.open(directory)) {
            Preparation.run(
                    state,
                    "s",
                    List.of("/bin/sh", "-c", "read -r line; test \"$line\" = yes"),
                    input -> input.write(new byte[] {'y', 'e', 's', '\n'}));
        }
    }
}
