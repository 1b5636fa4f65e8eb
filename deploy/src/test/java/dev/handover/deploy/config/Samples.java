package dev.handover.deploy.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Pipeline files that tests read. */
public final class Samples {
    private Samples() {}

    static PipelineConfig read(String name) {
        return PipelineFile.parse(name, text(name));
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
