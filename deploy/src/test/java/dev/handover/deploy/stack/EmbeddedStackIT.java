package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStackIT {
    @Test
    void startsTwice(@TempDir Path directory) {
        StackConfig config =
                StackConfig.of(directory.resolve("state"), EnumSet.complementOf(EnumSet.of(Service.MARIADB)));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            try (EmbeddedStack stack = EmbeddedStack.start(config, lines::add)) {
                lines.add("start %d: %.1f s".formatted(i + 1, (System.nanoTime() - start) / 1e9));
                assertThat(stack.endpoints().kafka().bootstrap()).startsWith("127.0.0.1:");
                start = System.nanoTime();
            }
            lines.add("stop %d: %.1f s".formatted(i + 1, (System.nanoTime() - start) / 1e9));
        }
        System.out.println(String.join("\n", lines));
    }
}
