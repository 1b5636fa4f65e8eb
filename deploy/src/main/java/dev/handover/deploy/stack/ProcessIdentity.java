package dev.handover.deploy.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One run of one process, for good: a pid alone is reused. On Linux the start is counted in clock ticks since boot, so
 * it is the boot that makes it unique.
 *
 * @param pid the process identifier
 * @param startTicks when it started, clock ticks since boot
 * @param boot the kernel's random identifier of this boot
 */
record ProcessIdentity(long pid, long startTicks, String boot) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** Position of the start time among the fields that follow the command name in {@code /proc/<pid>/stat}. */
    private static final int START_TICKS_FIELD = 19;

    /** The process that has this pid now, or empty when there is none. */
    static Optional<ProcessIdentity> running(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The command name, in parentheses, may itself hold spaces and parentheses: count from its end.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[START_TICKS_FIELD]), currentBoot()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String currentBoot() throws IOException {
        return Files.readString(BOOT).strip();
    }

    /** Whether the process that was recorded still runs. */
    boolean isAlive() {
        return running(pid).filter(this::equals).isPresent()
                && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Whether the process was started with an argument that lies below a directory. */
    boolean mentions(Path directory) {
        try {
            String arguments = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.UTF_8);
            return List.of(arguments.split("\0")).stream()
                    .anyMatch(
                            argument -> argument.contains(directory + "/") || argument.endsWith(directory.toString()));
        } catch (IOException e) {
            return false;
        }
    }

    /** Three words, for a process record. */
    String text() {
        return pid + " " + startTicks + " " + boot + "\n";
    }

    /** Reads a process record; a record that is cut or foreign is empty. */
    static Optional<ProcessIdentity> parse(String text) {
        String[] words = text.strip().split(" ");
        if (words.length != 3 || !words[0].matches("\\d{1,18}") || !words[1].matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(new ProcessIdentity(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]));
    }
}
