package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @Test
    void isHeldByOneAtATime(@TempDir Path directory) {
        try (StateDirectory held = StateDirectory.open(directory)) {
            assertThat(held.root()).isEqualTo(directory);
            assertThatThrownBy(() -> StateDirectory.open(directory.resolve("../" + directory.getFileName())))
                    .isInstanceOfSatisfying(Fault.class, fault -> {
                        assertThat(fault.code()).isEqualTo("state-in-use");
                        assertThat(fault)
                                .hasMessageContaining(
                                        Long.toString(ProcessHandle.current().pid()));
                    });
        }
        StateDirectory.open(directory).close();
    }

    @Test
    void refusesAPathThatServersWouldMisread(@TempDir Path directory) {
        assertThatThrownBy(() -> StateDirectory.open(directory.resolve("a,b")))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo("stack-configuration"));
    }

    @Test
    void saysThatAFileIsInTheWay(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> StateDirectory.open(file.resolve("state")))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo("disk"));
    }

    @Test
    void keepsSecretsPrivateAndOverTime(@TempDir Path directory) throws Exception {
        try (StateDirectory state = StateDirectory.open(directory)) {
            Password password = state.settings("source").password("password");
            int port = state.settings("source").port("port", OptionalInt.empty());

            assertThat(state.settings("source").password("password")).isEqualTo(password);
            assertThat(state.settings("source").port("port", OptionalInt.empty()))
                    .isEqualTo(port);
            assertThat(state.settings("target").password("password")).isNotEqualTo(password);
            assertThat(password.toString()).isEqualTo("***");
            assertThat(Files.getPosixFilePermissions(directory.resolve("settings/source.properties")))
                    .hasSize(2);
        }
    }
}
