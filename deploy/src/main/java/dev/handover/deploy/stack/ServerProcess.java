package dev.handover.deploy.stack;

import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The one implementation of a server: a child process: started and probed until it works, stopped in order, killed,
 * restarted. Every change of state holds the object's monitor.
 *
 * <p>No server outlives its JVM for long. An ordinary end goes through {@link #close}. A JVM that dies closes a pipe,
 * at which an {@link OrphanWatch} stops the server. Should that be killed too, the next start finds the process record
 * under {@code run/} and ends the process in it, if pid, start time, boot and command line all say that it is this
 * server.
 *
 * @param <E> where the server can be reached
 */
public final class ServerProcess<E> implements Server {
    private static final Duration PROBE_PAUSE = Duration.ofMillis(50);
    private static final Duration KILL_MAX = Duration.ofSeconds(20);
    private static final Duration LEFTOVER_STOP_MAX = Duration.ofSeconds(15);

    /** A server that lost the race for a chosen port is started again on another one. */
    private static final int PORT_TRIES_MAX = 3;

    /** Logs are kept over restarts; a longer one becomes {@code .log.1} at a start. */
    private static final long LOG_BYTES_MAX = 8 << 20;

    private final StateDirectory state;
    private final Signal stop;
    private final Launch<E> launch;
    private Run run;

    /** One life of the server: its process, who watches it, and where in the log file it begins. */
    private record Run(Process process, OrphanWatch watch, long logFrom) {}

    private ServerProcess(StateDirectory state, Signal stop, Launch<E> launch) {
        this.state = state;
        this.stop = stop;
        this.launch = launch;
        this.run = spawn();
    }

    /**
     * Ends what an earlier run left behind, then starts the server and waits until it works.
     *
     * @param stop the signal that ends this kind of server in order
     * @param plan makes the launch; called again, to take other ports, when another process took one in between
     */
    static <E> ServerProcess<E> start(StateDirectory state, String server, Signal stop, Supplier<Launch<E>> plan) {
        endLeftover(state, server, stop);
        for (int tries = 1; ; tries++) {
            Launch<E> launch = plan.get();
            try {
                ServerProcess<E> started = new ServerProcess<>(state, stop, launch);
                started.awaitReady();
                return started;
            } catch (Fault e) {
                if (!StackFault.PORT_TAKEN.is(e) || tries == PORT_TRIES_MAX) {
                    throw e;
                }
            }
        }
    }

    /** Where it can be reached; the same over restarts. */
    public E endpoint() {
        return launch.endpoint();
    }

    @Override
    public String name() {
        return launch.server();
    }

    @Override
    public synchronized long pid() {
        return run.process().pid();
    }

    @Override
    public synchronized boolean isRunning() {
        return run.process().isAlive();
    }

    @Override
    public synchronized void signal(Signal signal) {
        if (run.process().isAlive()) {
            Programs.signal(run.process().pid(), signal);
        }
    }

    @Override
    public synchronized void kill() {
        List<ProcessHandle> family = new ArrayList<>();
        family.add(run.process().toHandle());
        family.addAll(run.process().descendants().toList());
        family.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle member : family) {
            if (!ended(member, KILL_MAX)) {
                throw StackFault.SERVER_FAILED.of(
                        launch.server() + ": process " + member.pid() + " outlives SIGKILL",
                        "look for a hung disk or mount under " + state.root());
            }
        }
        forget();
    }

    @Override
    public synchronized void close() {
        Process process = run.process();
        if (process.isAlive()) {
            Programs.signal(process.pid(), stop);
            Programs.signal(process.pid(), Signal.CONT); // a frozen process sees the signal only now
            if (!ended(process.toHandle(), launch.limits().stopMax())) {
                kill();
            }
        }
        forget();
    }

    @Override
    public synchronized void restart() {
        close();
        run = spawn();
        awaitReady();
    }

    private void forget() {
        run.watch().release();
        try {
            Files.deleteIfExists(state.pidFile(launch.server()));
        } catch (IOException e) {
            throw Disk.fault(state.pidFile(launch.server()), e);
        }
    }

    private Run spawn() {
        Path log = state.log(launch.server());
        List<String> command = new ArrayList<>(Programs.ownSession());
        command.addAll(launch.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(launch.directory().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(launch.environment());
        try {
            if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            long logFrom = Files.exists(log) ? Files.size(log) : 0;
            Process process = builder.start();
            return new Run(process, watched(process), logFrom);
        } catch (IOException e) {
            throw StackFault.SERVER_FAILED.causedBy(
                    e,
                    launch.server() + ": " + command.get(0) + " cannot be started",
                    "check that the file exists and may be executed");
        }
    }

    private OrphanWatch watched(Process process) throws IOException {
        try {
            // A process that has ended already has no identity; the wait for readiness reports it.
            ProcessIdentity identity =
                    ProcessIdentity.running(process.pid()).orElse(new ProcessIdentity(process.pid(), 0, "ended"));
            Disk.writePrivate(state.pidFile(launch.server()), identity.text());
            return OrphanWatch.over(identity, stop, launch.limits().stopMax().toSeconds());
        } catch (IOException | Fault e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private synchronized void awaitReady() {
        Path log = state.log(launch.server());
        long readyMaxNanos = launch.limits().readyMax().toNanos();
        long startNanos = System.nanoTime();
        try {
            while (!run.process().waitFor(PROBE_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                if (probed()) {
                    return;
                }
                if (System.nanoTime() - startNanos > readyMaxNanos) {
                    kill();
                    throw StackFault.SERVER_SLOW.of(
                            "%s: not ready after %d s".formatted(launch.server(), readyMaxNanos / 1_000_000_000),
                            "read " + log + "; the machine may be too busy");
                }
            }
            int exit = run.process().exitValue();
            forget();
            throw StartFailure.explain(launch.server(), exit, log, LogTail.read(log, run.logFrom()));
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            throw StackFault.SERVER_FAILED.causedBy(e, launch.server() + ": interrupted while starting", "start again");
        }
    }

    private boolean probed() throws InterruptedException {
        try {
            return launch.probe().ready();
        } catch (InterruptedException e) {
            throw e;
        } catch (Fault e) {
            kill();
            throw e;
        } catch (Exception e) {
            return false;
        }
    }

    private static boolean ended(ProcessHandle process, Duration max) {
        long startNanos = System.nanoTime();
        try {
            while (process.isAlive()) {
                if (System.nanoTime() - startNanos > max.toNanos()) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    private static void endLeftover(StateDirectory state, String server, Signal stop) {
        Path file = state.pidFile(server);
        try {
            if (!Files.exists(file)) {
                return;
            }
            Optional<ProcessIdentity> leftover = ProcessIdentity.parse(Files.readString(file))
                    .filter(ProcessIdentity::isAlive)
                    .filter(identity -> identity.mentions(state.root()));
            if (leftover.isPresent()) {
                end(leftover.get(), stop);
            }
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Disk.fault(file, e);
        }
    }

    private static void end(ProcessIdentity leftover, Signal stop) {
        Optional<ProcessHandle> handle = ProcessHandle.of(leftover.pid());
        if (handle.isPresent()) {
            List<ProcessHandle> children = handle.get().descendants().toList();
            Programs.signal(leftover.pid(), stop);
            if (!ended(handle.get(), LEFTOVER_STOP_MAX)) {
                handle.get().destroyForcibly();
                children.forEach(ProcessHandle::destroyForcibly);
                ended(handle.get(), KILL_MAX);
            }
        }
    }
}
