package dev.handover.deploy.stack;

import dev.handover.fault.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the program that makes a server's data directory, to its end; one that is given up on is killed with its
 * children.
 */
final class Preparation {
    private static final int SECONDS_MAX = 180;

    /** What the program reads. */
    @FunctionalInterface
    interface Input {
        void write(OutputStream input) throws IOException;
    }

    private Preparation() {}

    /**
     * Runs the program in the server's directory, its output in the server's log.
     *
     * @throws IOException when it cannot be started, or does not take its input
     * @throws Fault when it fails, is interrupted, or takes longer than three minutes
     */
    static void run(StateDirectory state, String server, List<String> command, Input input) throws IOException {
        Path log = state.log(server);
        long logFrom = Files.exists(log) ? Files.size(log) : 0;
        Process process = new ProcessBuilder(command)
                .directory(state.home(server).toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        IOException broken = null;
        try (OutputStream out = process.getOutputStream()) {
            input.write(out);
        } catch (IOException e) {
            broken = e; // it ended early; its exit code says more
        }
        try {
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                kill(process);
                throw StackFault.SERVER_SLOW.of(
                        server + ": making its data directory took more than " + SECONDS_MAX + " s",
                        "read " + log + "; the disk may be too slow");
            }
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw StackFault.SERVER_FAILED.causedBy(e, server + ": interrupted while starting", "start again");
        }
        if (process.exitValue() != 0) {
            throw StartFailure.explain(server, process.exitValue(), log, LogTail.read(log, logFrom));
        }
        if (broken != null) {
            throw broken;
        }
    }

    private static void kill(Process process) {
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        family.add(process.toHandle());
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(member -> member.onExit().join());
    }
}
