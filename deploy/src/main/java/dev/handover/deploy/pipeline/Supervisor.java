package dev.handover.deploy.pipeline;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Keeps one process a role at work: what systemd or Kubernetes does in production. A role that was killed, or ended
 * because something did not answer, is started again after a pause that grows; one that ended for a reason that a
 * restart cannot mend ends the supervision. Used by one thread, which calls {@link #watch()} again and again.
 */
public final class Supervisor implements AutoCloseable {
    /** Ends that another start may mend: failed, unreachable, and fenced by a successor; signals count too. */
    private static final Set<Integer> WORTH_ANOTHER_START =
            Set.of(ExitCode.FAILED.number(), ExitCode.UNREACHABLE.number());

    private static final int SIGNALLED_FROM = 128;
    private static final int STARTS_MAX = 10;
    private static final Duration PAUSE_FIRST = Duration.ofMillis(200);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    private final Path pipelineFile;
    private final Path stateDirectory;
    private final Path logs;
    private final RoleJvm jvm;
    private final Map<RoleName, RoleProcess> running = new EnumMap<>(RoleName.class);
    private final Map<RoleName, Integer> starts = new EnumMap<>(RoleName.class);
    private final Map<RoleName, Long> dueNanos = new EnumMap<>(RoleName.class);

    private Supervisor(Path pipelineFile, Path stateDirectory, Path logs, RoleJvm jvm) {
        this.pipelineFile = pipelineFile;
        this.stateDirectory = stateDirectory;
        this.logs = logs;
        this.jvm = jvm;
    }

    /** Starts these roles, each in a virtual machine of that kind; their logs are in the directory {@code logs}. */
    public static Supervisor start(
            Collection<RoleName> roles, Path pipelineFile, Path stateDirectory, Path logs, RoleJvm jvm) {
        Supervisor supervisor = new Supervisor(pipelineFile, stateDirectory, logs, jvm);
        for (RoleName role : roles) {
            supervisor.spawn(role);
        }
        return supervisor;
    }

    /** The roles that are run here, in the order in which a change meets them. */
    public List<RoleName> names() {
        return List.copyOf(running.keySet());
    }

    /** The log of a role. */
    public Path log(RoleName role) {
        return logs.resolve(role.text() + ".log");
    }

    /** The process of a role; empty while it waits to be started again. */
    public OptionalLong pid(RoleName role) {
        RoleProcess process = running.get(role);
        return process == null || !process.isAlive() ? OptionalLong.empty() : OptionalLong.of(process.pid());
    }

    /** How often a role was started, the first time included. */
    public int starts(RoleName role) {
        return starts.getOrDefault(role, 0);
    }

    /**
     * Starts again what has ended and is due.
     *
     * @throws Fault {@code role-ended} when a role ended for good, or too often
     */
    public void watch() {
        for (RoleName role : List.copyOf(running.keySet())) {
            RoleProcess process = running.get(role);
            if (process == null || process.isAlive()) {
                continue;
            }
            int status = process.exitStatus();
            requireWorthAnotherStart(role, status);
            long pauseMillis = Math.min(PAUSE_MAX.toMillis(), PAUSE_FIRST.toMillis() << Math.min(10, starts(role) - 1));
            long due = dueNanos.computeIfAbsent(role, r -> System.nanoTime() + pauseMillis * 1_000_000);
            if (System.nanoTime() - due >= 0) {
                spawn(role);
            }
        }
    }

    private void requireWorthAnotherStart(RoleName role, int status) {
        boolean mendable = WORTH_ANOTHER_START.contains(status) || status >= SIGNALLED_FROM;
        if (!mendable || starts(role) >= STARTS_MAX) {
            throw Fault.of(
                    ExitCode.FAILED,
                    "role-ended",
                    "role " + role.text() + " ended with status " + status + " at its start number " + starts(role),
                    "its last lines say why: " + log(role));
        }
    }

    /** Ends a role with SIGKILL, in the middle of whatever it does; {@link #watch()} starts it again. */
    public void kill(RoleName role) throws InterruptedException {
        RoleProcess process = running.get(role);
        if (process == null) {
            throw new IllegalArgumentException("role " + role.text() + " is not run here");
        }
        process.kill();
    }

    private void spawn(RoleName role) {
        dueNanos.remove(role);
        starts.merge(role, 1, Integer::sum);
        running.put(role, RoleProcess.start(role, pipelineFile, stateDirectory, log(role), jvm));
    }

    /** Stops the roles, first the one where changes enter. */
    @Override
    public void close() {
        running.values().forEach(RoleProcess::close);
    }
}
