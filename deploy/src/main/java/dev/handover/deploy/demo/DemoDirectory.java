package dev.handover.deploy.demo;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The directory of a demonstration. Only a directory that says that it is one is ever emptied. */
final class DemoDirectory {
    private static final String SIGN = "handover-demo";

    private DemoDirectory() {}

    /**
     * Makes it, empty but for the sign that it is ours. @throws Fault {@code state-foreign} when it holds something
     * else
     */
    static void renew(Path directory) {
        try {
            if (Files.exists(directory)) {
                boolean empty;
                try (Stream<Path> entries = Files.list(directory)) {
                    empty = entries.findAny().isEmpty();
                }
                if (!empty && !Files.exists(directory.resolve(SIGN))) {
                    throw Fault.of(
                            ExitCode.USAGE,
                            "state-foreign",
                            directory + " holds something that no demo made",
                            "name an empty or a new directory with --state");
                }
                requireIdle(directory);
                empty(directory);
            }
            Files.createDirectories(directory);
            Files.writeString(
                    directory.resolve(SIGN),
                    "Made by handover demo, and emptied by the next one.\n",
                    StandardCharsets.UTF_8);
        } catch (IOException | UncheckedIOException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.FAILED,
                    "disk",
                    directory + " cannot be made or emptied",
                    "check its owner and the space on its disk, or name another place with --state");
        }
    }

    /** Its directory of logs. */
    static Path logs(Path directory) {
        try {
            return Files.createDirectories(directory.resolve("logs"));
        } catch (IOException e) {
            throw Fault.causedBy(
                    e, ExitCode.FAILED, "disk", directory + " cannot be written", "name another place with --state");
        }
    }

    /** Opening the stack's state takes its lock, and ends what an earlier demo left running. */
    private static void requireIdle(Path directory) {
        dev.handover.deploy.stack.StateDirectory.open(directory.resolve("stack"))
                .close();
    }

    private static void empty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.walk(directory)) {
            entries.filter(path -> !path.equals(directory))
                    .sorted(Comparator.reverseOrder())
                    .forEach(path -> {
                        try {
                            Files.delete(path);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }
}
