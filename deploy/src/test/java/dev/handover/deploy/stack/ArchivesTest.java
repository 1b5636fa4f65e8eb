package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivesTest {
    private final Path directory;

    ArchivesTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void makesOnlyProgramsOfAJarExecutable() throws IOException {
        unpackJar("server/bin/run", "server/share/text");
        assertThat(directory.resolve("out/server/bin/run")).isExecutable();
        assertThat(Files.getPosixFilePermissions(directory.resolve("out/server/share/text")))
                .hasSize(4);
    }

    @Test
    void refusesAnEntryThatLeavesTheDirectory() {
        assertThatThrownBy(() -> unpackJar("../evil")).isInstanceOf(IOException.class);
        assertThat(directory.resolve("evil")).doesNotExist();
    }

    @Test
    void refusesALinkThatLeavesTheDirectory() {
        assertThatThrownBy(() -> unpackLink("../../../etc/passwd")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> unpackLink("/etc/passwd")).isInstanceOf(IOException.class);
    }

    @Test
    void keepsALinkThatStays() throws IOException {
        unpackLink("libicu.so.60");
        assertThat(Files.readSymbolicLink(directory.resolve("out/lib/link"))).isEqualTo(Path.of("libicu.so.60"));
    }

    private void unpackJar(String... names) throws IOException {
        Path jar = directory.resolve("a.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write("x".getBytes(StandardCharsets.UTF_8));
            }
        }
        Archives.unpack(Artifact.Layout.JAR, jar, Files.createDirectories(directory.resolve("out")));
    }

    private void unpackLink(String to) throws IOException {
        Path file = directory.resolve("a.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file));
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry link = new TarArchiveEntry("lib/link", TarConstants.LF_SYMLINK);
            link.setLinkName(to);
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }
        Archives.unpack(Artifact.Layout.TAR_GZ, file, Files.createDirectories(directory.resolve("out")));
    }
}
