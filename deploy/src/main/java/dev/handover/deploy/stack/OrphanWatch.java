package dev.handover.deploy.stack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Ends a server whose JVM is gone, however the JVM went: a shell reads a pipe that only the JVM can write to and never
 * does. The end of the pipe is the end of the JVM (the kernel closes it even after SIGKILL); then the shell sends the
 * server's stop signal and, after a bound, SIGKILL, provided that the pid still is the process it was told of.
 */
final class OrphanWatch {
    private static final int EXIT_SECONDS_MAX = 3;

    private static final String SCRIPT = """
            trap '' HUP INT TERM
            pid=$1 ticks=$2 stop=$3 seconds=$4
            same() {
              read -r stat 2>/dev/null < "/proc/$pid/stat" || return 1
              set -- ${stat##*) }
              shift 19
              [ "$1" = "$ticks" ]
            }
            while read -r _; do :; done
            same || exit 0
            kill -s "$stop" "$pid"
            while [ "$seconds" -gt 0 ]; do
              sleep 1
              same || exit 0
              seconds=$((seconds - 1))
            done
            kill -s KILL "$pid"
            """;

    private final Process shell;

    private OrphanWatch(Process shell) {
        this.shell = shell;
    }

    static OrphanWatch over(ProcessIdentity server, Signal stop, long stopSecondsMax) throws IOException {
        List<String> command = new ArrayList<>(Programs.ownSession());
        command.addAll(List.of(
                "/bin/sh",
                "-c",
                SCRIPT,
                "handover-orphan-watch",
                Long.toString(server.pid()),
                Long.toString(server.startTicks()),
                stop.name(),
                Long.toString(stopSecondsMax)));
        return new OrphanWatch(new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Lets the shell go, after its server has ended. */
    void release() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
            }
        } catch (IOException e) {
            shell.destroyForcibly();
        } catch (InterruptedException e) {
            shell.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
