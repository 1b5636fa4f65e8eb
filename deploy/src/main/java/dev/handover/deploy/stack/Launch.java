package dev.handover.deploy.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How one server runs.
 *
 * @param <E> where it can be reached
 * @param server its name: that of its data directory, log and process record
 * @param command program and arguments; one of them must name a path below the state directory, by which a leftover is
 *     recognised
 * @param environment variables beside the inherited ones
 * @param directory the working directory
 * @param limits how long its start and its stop may take
 * @param endpoint where it can be reached
 * @param probe whether it does its work already
 */
record Launch<E>(
        String server,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Limits limits,
        E endpoint,
        Probe probe) {
    Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * Time limits of a server.
     *
     * @param readyMax from start to the first successful probe
     * @param stopMax from the stop signal to the end; SIGKILL follows
     */
    record Limits(Duration readyMax, Duration stopMax) {}

    /** Asks a starting server for real work. Any exception means: not yet. It must return within a second or two. */
    @FunctionalInterface
    interface Probe {
        boolean ready() throws Exception;
    }
}
