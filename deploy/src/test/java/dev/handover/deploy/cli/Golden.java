package dev.handover.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that hold what commands print. {@code -Dhandover.write=true} writes them instead of comparing. */
final class Golden {
    private static final Path DIRECTORY = Path.of("src/test/resources/dev/handover/deploy/cli/golden");

    private Golden() {}

    static void compare(String name, String actual) throws IOException {
        Path file = DIRECTORY.resolve(name + ".txt");
        if (Boolean.getBoolean("handover.write")) {
            Files.createDirectories(DIRECTORY);
            Files.writeString(file, actual);
        } else {
            assertThat(actual).as(file.toString()).isEqualTo(Files.readString(file));
        }
    }
}
