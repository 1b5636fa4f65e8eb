package dev.handover.deploy.cli;

import dev.handover.deploy.config.InvalidPipeline;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.MappingVersions;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.time.InstantSource;
import java.util.Optional;

/** From a session to the pipeline that its commands work on. */
final class Pipelines {
    private Pipelines() {}

    /** The pipeline of the file that the user named, checked. */
    static Assembly assembly(Session session) {
        PipelineConfig pipeline = session.pipeline();
        return new Assembly(
                pipeline, session.secrets(pipeline), session.pipelineState(pipeline), InstantSource.system());
    }

    /**
     * Refuses a file whose mapping versions do not mean what they meant when they were first used.
     *
     * @return why that was not asked, where Kafka does not answer: it need not be there yet, or any more
     * @throws InvalidPipeline naming the tables
     */
    static Optional<String> refuseVersions(Session session, Assembly assembly) {
        try {
            PipelineFile.refuse(session.configFile(), new MappingVersions(assembly).misfits());
            return Optional.empty();
        } catch (Fault fault) {
            if (fault.exitCode() != ExitCode.UNREACHABLE) {
                throw fault;
            }
            return Optional.of("mapping versions were not compared with those in use: " + fault.getMessage());
        }
    }
}
