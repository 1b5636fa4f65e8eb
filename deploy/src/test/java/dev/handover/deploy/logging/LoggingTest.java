package dev.handover.deploy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LoggingTest {
    private static final Logger OURS = LoggerFactory.getLogger("dev.handover.sink.Test");
    private static final Logger THEIRS = LoggerFactory.getLogger("org.postgresql.Test");

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void closeTheFile() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
    }

    @ParameterizedTest
    @EnumSource(Logging.Lines.class)
    void noMessageOfAnExceptionAndNoArgumentOfALibraryIsWritten(Logging.Lines lines, @TempDir Path directory)
            throws IOException {
        Logging.begin(err, lines, "INFO", directory.resolve("logs"), "sink");

        OURS.atError()
                .setCause(new IllegalStateException("ZZPHI", new IOException("ZZPHI")))
                .addKeyValue("table", "clinical.patient")
                .log("a batch was refused");
        THEIRS.warn("row {} of {} refused", "ZZPHI", 12, new IOException("ZZPHI"));

        String file = Files.readString(directory.resolve("logs/sink.log"));
        assertThat(err.toString(StandardCharsets.UTF_8) + file)
                .contains("a batch was refused", "clinical.patient", "java.io.IOException")
                .doesNotContain("ZZPHI");
        assertThat(file).contains("row … of 12 refused");
    }

    @Test
    void linesOfLibrariesNeverReachTheConsole(@TempDir Path directory) {
        Logging.begin(err, Logging.Lines.JSON, "DEBUG", directory, "capture");

        THEIRS.error("broken");
        OURS.debug("read");

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("\"message\":\"read\"")
                .doesNotContain("broken");
    }

    @Test
    void onlyThisUserMayReadTheLogs(@TempDir Path directory) throws IOException {
        Logging.begin(err, Logging.Lines.TEXT, "INFO", directory.resolve("logs"), "run");

        assertThat(Files.getPosixFilePermissions(directory.resolve("logs"))).hasSize(3);
    }
}
