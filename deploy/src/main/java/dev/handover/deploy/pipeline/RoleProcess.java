package dev.handover.deploy.pipeline;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One role in a process of its own, as a container would run it: this Java, this class path, {@code run --role NAME}.
 * Its standard input is a pipe from us, and it stops when that ends, so it cannot outlive us by much. Used by one
 * thread.
 */
final class RoleProcess implements AutoCloseable {
    private static final Duration STOP_MAX = Duration.ofSeconds(20);
    private static final Duration KILL_MAX = Duration.ofSeconds(10);

    private final RoleName role;
    private final Process process;

    private RoleProcess(RoleName role, Process process) {
        this.role = role;
        this.process = process;
    }

    /** Starts the role; its output is appended to {@code log}. */
    static RoleProcess start(RoleName role, Path pipelineFile, Path stateDirectory, Path log, RoleJvm jvm) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm.options());
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Dfile.encoding=UTF-8");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("dev.handover.deploy.cli.Main");
        command.addAll(List.of("run", "--role", role.text(), "--until-input-ends", "-c", pipelineFile.toString()));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().put("HANDOVER_STATE", stateDirectory.toString());
            return new RoleProcess(role, builder.start());
        } catch (IOException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.FAILED,
                    "role-not-started",
                    "role " + role.text() + " cannot be started",
                    "check that " + command.get(0) + " exists and that " + log.getParent() + " can be written");
        }
    }

    RoleName role() {
        return role;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** How it ended. @throws IllegalThreadStateException while it runs */
    int exitStatus() {
        return process.exitValue();
    }

    /** SIGKILL, and the certainty that it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(KILL_MAX.toSeconds(), TimeUnit.SECONDS)) {
            throw Fault.of(
                    ExitCode.FAILED,
                    "role-outlives-kill",
                    "process " + process.pid() + " of role " + role.text() + " outlives SIGKILL",
                    "look for a hung disk or mount");
        }
    }

    /** Asks it to stop by ending its input, and kills it if it does not within {@code STOP_MAX}. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroy();
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            process.destroyForcibly();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
