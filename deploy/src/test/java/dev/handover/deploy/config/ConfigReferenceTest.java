package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ConfigReferenceTest {
    private static final String BEGIN = "<!-- keys: begin -->\n";
    private static final String END = "<!-- keys: end -->";

    /** Run with {@code -Dhandover.write=true} to write the table instead of comparing it. */
    @Test
    void theTableInTheReadmeIsUpToDate() throws IOException {
        Path readme = Path.of("README.md");
        String text = Files.readString(readme);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertThat(end).as("README.md has the marks around the table").isGreaterThan(begin - 1);
        if (Boolean.getBoolean("handover.write")) {
            Files.writeString(readme, text.substring(0, begin) + ConfigReference.markdown() + text.substring(end));
        } else {
            assertThat(text.substring(begin, end)).isEqualTo(ConfigReference.markdown());
        }
    }
}
