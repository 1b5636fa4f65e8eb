package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.role.Role;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RolesTest {
    /** What a role does after it was told to stop is done before the process is gone. */
    @Test
    @Timeout(60)
    void aSignalLetsEveryRoleEndInGoodOrder() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Lingering.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("runs");
            process.toHandle().destroy(); // SIGTERM, and its output stays open
            assertThat(out.readLine()).isEqualTo("ended in good order");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }

    /** A role that needs a second to end. */
    static final class Lingering implements Role {
        private final CountDownLatch stopped = new CountDownLatch(1);

        private Lingering() {}

        public static void main(String[] arguments) {
            new Roles(List.of(new Lingering())).runUntilSignal();
        }

        @Override
        public String name() {
            return "lingering";
        }

        @Override
        public void run() {
            try {
                System.out.println("runs");
                stopped.await();
                Thread.sleep(1_000);
                System.out.println("ended in good order");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void stop() {
            stopped.countDown();
        }
    }
}
