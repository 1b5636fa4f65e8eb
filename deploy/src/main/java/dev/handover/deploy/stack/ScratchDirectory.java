package dev.handover.deploy.stack;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The directory of one run of a command that needs a world of its own. Only one that says so is ever emptied. */
public final class ScratchDirectory {
    private static final String STACK = "stack";

    private ScratchDirectory() {}

    /**
     * Makes it, empty but for the sign that it is that command's.
     *
     * @param command such as {@code demo}
     * @throws Fault {@code state-foreign} when it holds something else
     */
    public static void renew(Path directory, String command) {
        try {
            Path sign = directory.resolve("handover-" + command);
            if (Files.exists(directory)) {
                boolean empty;
                try (Stream<Path> entries = Files.list(directory)) {
                    empty = entries.findAny().isEmpty();
                }
                if (!empty && !Files.exists(sign)) {
                    throw Fault.of(
                            ExitCode.USAGE,
                            "state-foreign",
                            directory + " holds something that no " + command + " made",
                            "name an empty or a new directory with --state");
                }
                requireIdle(directory);
                empty(directory);
            }
            Files.createDirectories(directory);
            Files.writeString(
                    sign, "Made by handover " + command + ", and emptied by the next one.\n", StandardCharsets.UTF_8);
        } catch (IOException | UncheckedIOException e) {
            throw fault(directory, e);
        }
    }

    /** Removes it and all that is in it. */
    public static void remove(Path directory) {
        try {
            empty(directory);
            Files.delete(directory);
        } catch (IOException | UncheckedIOException e) {
            throw fault(directory, e);
        }
    }

    /** Where the servers of its stack keep their state. */
    public static Path stack(Path directory) {
        return directory.resolve(STACK);
    }

    /** Its directory of logs, made when it is not there. */
    public static Path logs(Path directory) {
        try {
            return Files.createDirectories(directory.resolve("logs"));
        } catch (IOException e) {
            throw fault(directory, e);
        }
    }

    /** Opening the stack's state takes its lock, and ends what an earlier run left. */
    private static void requireIdle(Path directory) {
        StateDirectory.open(stack(directory)).close();
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

    private static Fault fault(Path directory, Exception e) {
        return Fault.causedBy(
                e,
                ExitCode.FAILED,
                "disk",
                directory + " cannot be made or emptied",
                "check its owner and the space on its disk, or name another place with --state");
    }
}
