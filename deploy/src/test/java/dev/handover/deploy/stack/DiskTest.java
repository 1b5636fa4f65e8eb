package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
    @Test
    void saysHowMuchRoomIsMissing(@TempDir Path directory) {
        assertThatThrownBy(() -> Disk.requireRoom(directory, 1L << 60)).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.code()).isEqualTo("disk");
            assertThat(fault).hasMessageContaining("MiB are needed");
        });
    }

    @Test
    void deletesALinkAndNotWhatItPointsTo(@TempDir Path directory) throws Exception {
        Path kept = Files.createFile(directory.resolve("kept"));
        Path tree = Files.createDirectories(directory.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), kept);
        Disk.delete(tree);
        assertThat(tree).doesNotExist();
        assertThat(kept).exists();
    }
}
