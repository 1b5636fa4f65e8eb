package dev.handover.deploy.bench;

import java.util.ArrayList;
import java.util.List;

/** What two of the files say that Linux shows of a process, {@code /proc/PID/stat} and {@code /proc/PID/status}. */
final class ProcFile {
    /** The kernel counts for its readers in hundredths of a second, whatever its own clock does. */
    private static final double TICKS_PER_SECOND = 100;

    /** Places of user, system, and both times of children that were waited for, after the command's name. */
    private static final int FIRST_TIME = 11;

    private static final int TIMES = 4;
    private static final long KIBIBYTE = 1024;

    private ProcFile() {}

    /**
     * Processor time of a process and of those of its children that have ended.
     *
     * @param stat the file's text
     * @throws IllegalArgumentException when it is no such file
     */
    static double cpuSeconds(String stat) {
        // the name of the command stands in brackets and may hold some itself
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        if (fields.length < FIRST_TIME + TIMES) {
            throw new IllegalArgumentException("no stat file of a process");
        }
        long ticks = 0;
        for (int i = FIRST_TIME; i < FIRST_TIME + TIMES; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /**
     * Resident memory by what it holds, bytes.
     *
     * @param anonymous of this process alone
     * @param file of programs and libraries, which other processes may share
     * @param shared between processes, such as PostgreSQL's buffers
     */
    record Memory(long anonymous, long file, long shared) {
        /** Of a family of processes: what they share is counted once, as the one sees it that uses most of it. */
        static long together(List<Memory> family) {
            long bytes = 0;
            long file = 0;
            long shared = 0;
            for (Memory each : family) {
                bytes += each.anonymous();
                file = Math.max(file, each.file());
                shared = Math.max(shared, each.shared());
            }
            return bytes + file + shared;
        }
    }

    /**
     * Resident memory of a process.
     *
     * @param status the file's text; a process that has ended has none in it
     */
    static Memory memory(String status) {
        return new Memory(bytes(status, "RssAnon:"), bytes(status, "RssFile:"), bytes(status, "RssShmem:"));
    }

    private static long bytes(String status, String key) {
        List<String> found = new ArrayList<>();
        status.lines().filter(line -> line.startsWith(key)).forEach(found::add);
        return found.isEmpty() ? 0 : Long.parseLong(found.get(0).replaceAll("[^0-9]", "")) * KIBIBYTE;
    }
}
