package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanIT {
    private static final Artifacts ARTIFACTS = Caches.shared();
    private static final Duration END_MAX = Duration.ofSeconds(30);

    @BeforeAll
    static void fetch() {
        ARTIFACTS.home(Artifact.postgres());
    }

    @Test
    void aServerEndsWhenItsJvmIsKilled(@TempDir Path directory) throws IOException {
        Held held = hold(directory);
        held.jvm().destroyForcibly();
        await().atMost(END_MAX).until(() -> !held.server().isAlive());
    }

    @Test
    void aServerThatOutlivesJvmAndWatchIsEndedByTheNextStart(@TempDir Path directory) throws IOException {
        Held held = hold(directory);
        held.watch().destroyForcibly();
        await().atMost(END_MAX).until(() -> !held.watch().isAlive());
        held.jvm().destroyForcibly();
        await().atMost(END_MAX).until(() -> !held.jvm().isAlive());
        assertThat(held.server().isAlive()).isTrue();

        try (StateDirectory state = StateDirectory.open(directory);
                ServerProcess<Endpoints.Postgres> server = PostgresServer.start(state, ARTIFACTS, "source")) {
            assertThat(held.server().isAlive()).isFalse();
            assertThat(server.isRunning()).isTrue();
        }
    }

    @Test
    void aProcessThatIsNotOursIsLeftAlone(@TempDir Path directory) throws IOException {
        Process stranger = new ProcessBuilder("sleep", "300").start();
        try (StateDirectory state = StateDirectory.open(directory)) {
            ProcessIdentity identity = ProcessIdentity.running(stranger.pid()).orElseThrow();
            Files.writeString(state.pidFile("source"), identity.text());
            PostgresServer.start(state, ARTIFACTS, "source").close();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    private record Held(Process jvm, ProcessHandle server, ProcessHandle watch) {}

    private static Held hold(Path directory) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(List.of(Programs.java(), HoldingJvm.class.getName(), directory.toString()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process jvm = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader lines = jvm.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        assertThat(line).startsWith("pid ");
        ProcessHandle server = ProcessHandle.of(Long.parseLong(line.substring("pid ".length())))
                .orElseThrow();
        ProcessHandle watch = jvm.children()
                .filter(child -> child.info().command().orElse("").contains("sh"))
                .findAny()
                .orElseThrow();
        return new Held(jvm, server, watch);
    }
}
