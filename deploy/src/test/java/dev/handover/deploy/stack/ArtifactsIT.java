package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactsIT {
    @Test
    void saysWhatToDoWhenNothingCanBeFetched(@TempDir Path directory) {
        Path cache = directory.resolve("cache");
        Artifacts offline = Artifacts.in(
                cache, List.of("-o", "-Dmaven.repo.local=" + directory.resolve("empty")), System.out::println);
        assertThatThrownBy(() -> offline.home(Artifact.postgres())).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.code()).isEqualTo("artifact-unreachable");
            assertThat(fault.exitCode().number()).isEqualTo(5);
            assertThat(fault).hasMessageContaining("postgres-18.6");
            assertThat(fault.hint()).contains("settings.xml").contains(cache.toString());
        });
        assertThat(Files.exists(cache.resolve(Artifact.postgres().directory()))).isFalse();
    }

    @Test
    void startsOverAfterAnInterruptedUnpacking(@TempDir Path directory) throws Exception {
        Path part = directory.resolve(Artifact.postgres().directory() + ".part");
        Files.createDirectories(part.resolve("unpacked/bin"));
        Files.writeString(part.resolve("unpacked/bin/postgres"), "cut off");

        Path home = Artifacts.in(directory, System.out::println).home(Artifact.postgres());

        assertThat(home.resolve("bin/postgres")).isExecutable();
        assertThat(Files.size(home.resolve("bin/postgres"))).isGreaterThan(1 << 20);
        assertThat(part).doesNotExist();
    }
}
