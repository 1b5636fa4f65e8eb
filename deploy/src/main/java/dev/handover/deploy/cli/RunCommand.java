package dev.handover.deploy.cli;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.MappingVersions;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.pipeline.Roles;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.role.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code handover run}: the pipeline, or one role of it, in the foreground. */
@Command(
        name = "run",
        description = "Run the pipeline, or one role of it, in the foreground until it is stopped.",
        footer = {
            "  handover run                     every role in this process",
            "  handover run --role sink         one role, as a container runs it"
        })
final class RunCommand implements dev.handover.deploy.cli.Command {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    /** What may be run. */
    enum Part {
        ALL,
        CAPTURE,
        TRANSFORM,
        SINK,
        TAP
    }

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            defaultValue = "all",
            description = "all, capture, transform, sink or tap")
    private Part part = Part.ALL;

    @Option(
            names = "--until-input-ends",
            description = "stop when standard input ends: for a parent that holds the other end")
    private boolean untilInputEnds;

    /** The document's data. */
    record Ran(String role, String state) {}

    @Override
    public Answer run(Session session) {
        String name = part.name().toLowerCase(Locale.ROOT);
        PipelineConfig pipeline = session.pipeline();
        session.beginLogs(pipeline.telemetry().logs(), name);
        Assembly assembly = new Assembly(
                pipeline, session.secrets(pipeline), session.pipelineState(pipeline), InstantSource.system());
        List<Role> work = new ArrayList<>();
        for (RoleName role : RoleName.values()) {
            if (part == Part.ALL || part.name().equals(role.name())) {
                work.addAll(assembly.roles(role));
            }
        }
        MappingVersions versions = new MappingVersions(assembly);
        // the transform is what gives a version its meaning; the other roles only look
        boolean transforms = part == Part.ALL || part == Part.TRANSFORM;
        PipelineFile.refuse(session.configFile(), transforms ? versions.settle() : versions.misfits());
        if (work.isEmpty()) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "tap-off",
                    "no source of the pipeline is tapped",
                    "write  tap: on  for a PostgreSQL source, or run another role");
        }
        if (part == Part.ALL || part == Part.CAPTURE) {
            assembly.forgetTaps();
        }
        Roles roles = new Roles(work);
        if (untilInputEnds) {
            watch(session.terminal().in(), roles);
        }
        roles.runUntilSignal();
        return Answer.of("Run", new Ran(name, "stopped")).lines(name + " stopped");
    }

    private static void watch(InputStream input, Roles roles) {
        Thread watcher = new Thread(
                () -> {
                    try {
                        // what is said is of no interest, only its end
                        input.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException brokenPipe) {
                        // an end too
                        LOG.atDebug().log("standard input broke");
                    }
                    roles.stop();
                },
                "input");
        watcher.setDaemon(true);
        watcher.start();
    }
}
