package dev.handover.deploy.source;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where real data lies that is not part of this project: {@code HANDOVER_REAL_DATA} as a system property or in the
 * environment, or a folder beside the repository.
 */
public final class RealData {
    private RealData() {}

    public static Path directory() {
        String named = System.getProperty("HANDOVER_REAL_DATA", System.getenv().getOrDefault("HANDOVER_REAL_DATA", ""));
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        Path root = Path.of("").toAbsolutePath();
        while (root.getParent() != null && !Files.isDirectory(root.resolve("schemas"))) {
            root = root.getParent();
        }
        return root.resolveSibling("shared").resolve("data");
    }
}
