package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessIdentityTest {
    private static final long OWN_PID = ProcessHandle.current().pid();

    @Test
    void survivesItsRecord() {
        ProcessIdentity own = ProcessIdentity.running(OWN_PID).orElseThrow();
        assertThat(ProcessIdentity.parse(own.text())).contains(own);
        assertThat(own.isAlive()).isTrue();
    }

    @Test
    void isNotTheProcessThatHasItsPidLater() {
        ProcessIdentity own = ProcessIdentity.running(OWN_PID).orElseThrow();
        assertThat(new ProcessIdentity(OWN_PID, own.startTicks() - 1, own.boot()).isAlive())
                .isFalse();
        assertThat(new ProcessIdentity(OWN_PID, own.startTicks(), "another boot").isAlive())
                .isFalse();
    }

    @Test
    void knowsTheDirectoryItWasStartedFor() throws Exception {
        Process process = new ProcessBuilder("tail", "-f", "/dev/null").start();
        try {
            ProcessIdentity identity = ProcessIdentity.running(process.pid()).orElseThrow();
            assertThat(identity.mentions(Path.of("/dev"))).isTrue();
            assertThat(identity.mentions(Path.of("/de"))).isFalse();
            assertThat(identity.mentions(Path.of("/var/state"))).isFalse();
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "12 34", "x 34 boot", "12 34 boot more"})
    void aRecordThatIsCutOrForeignIsNone(String text) {
        assertThat(ProcessIdentity.parse(text)).isEmpty();
    }
}
