package dev.handover.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class SyntheaArchiveTest {
    @Test
    void aCellIsFoundByItsHeader() throws IOException {
        SyntheaArchive archive = archive("Id,NAME,ZIP\na1,J\u00f3hn,\na2,Mary,02134\n");
        assertThat(archive.lines("patients"))
                .extracting(line -> line.text("NAME"))
                .containsExactly("J\u00f3hn", "Mary");
        assertThat(archive.lines("patients").get(0).cell("ZIP")).isNull();
        assertThat(archive.lines("patients").get(1).cell("ZIP")).isEqualTo("02134");
    }

    @Test
    void aLineWithAnotherNumberOfCellsIsRefusedByItsPlace() {
        assertThatThrownBy(() -> archive("Id,NAME\na1,Doe,John\n"))
                .isInstanceOf(IOException.class)
                .hasMessage("patients, line 2: 3 cells for 2");
    }

    @Test
    void anUnknownFileOrColumnIsRefused() throws IOException {
        SyntheaArchive archive = archive("Id\na1\n");
        assertThatThrownBy(() -> archive.lines("claims")).hasMessageStartingWith("no file claims");
        assertThatThrownBy(() -> archive.lines("patients").get(0).text("SSN")).hasMessageStartingWith("no column SSN");
    }

    private static SyntheaArchive archive(String csv) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            zip.putNextEntry(new ZipEntry("patients.csv"));
            zip.write(csv.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return SyntheaArchive.read(new ByteArrayInputStream(bytes.toByteArray()));
    }
}
