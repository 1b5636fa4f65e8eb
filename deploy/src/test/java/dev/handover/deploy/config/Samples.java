package dev.handover.deploy.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** Pipeline files that tests read. */
public final class Samples {
    private Samples() {}

    static PipelineConfig read(String name) {
        return PipelineFile.parse(name, text(name)).within(directory());
    }

    /** Where the files are, and those that they name. */
    static Path directory() {
        try {
            return Path.of(Objects.requireNonNull(Samples.class.getResource("every-key.yaml"))
                            .toURI())
                    .resolveSibling("");
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String text(String name) {
        return resource("/dev/handover/deploy/config/" + name);
    }

    /** A text on the class path. */
    public static String resource(String path) {
        try (InputStream in = Samples.class.getResourceAsStream(path)) {
            return new String(Objects.requireNonNull(in, path).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(path, broken);
        }
    }
}
