package dev.handover.deploy.stack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs of the operating system and the JDK that the stack calls. */
final class Programs {
    private static final int SHORT_SECONDS_MAX = 10;

    private Programs() {}

    /** The first executable of this name on the PATH. */
    static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        for (String directory : path.split(File.pathSeparator)) {
            Path program = Path.of(directory, name);
            if (!directory.isEmpty() && Files.isExecutable(program) && !Files.isDirectory(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    /**
     * The words before a command that give it a session of its own, so that Ctrl-C in the terminal reaches the JVM
     * alone and servers stop when the JVM says so. Without {@code setsid} they share the terminal.
     */
    static List<String> ownSession() {
        return find("setsid").map(program -> List.of(program.toString())).orElse(List.of());
    }

    /** Runs a command that takes no time and says nothing; its exit code, or -1 when it cannot run or does not end. */
    static int run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(SHORT_SECONDS_MAX, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            process.destroyForcibly();
            return -1;
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /** The user's numeric identifier is 0. */
    static boolean isRoot() {
        try {
            return ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")) == 0;
        } catch (IOException | UnsupportedOperationException e) {
            return System.getProperty("user.name").equals("root");
        }
    }

    /** The {@code java} of the running JVM. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static void signal(long pid, Signal signal) {
        run(List.of("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal.name(), Long.toString(pid)));
    }
}
