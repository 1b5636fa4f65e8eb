package dev.handover.deploy.cli;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.pipeline.Assembly;
import java.time.InstantSource;

/** From a session to the pipeline that its commands work on. */
final class Pipelines {
    private Pipelines() {}

    /** The pipeline of the file that the user named, checked. */
    static Assembly assembly(Session session) {
        PipelineConfig pipeline = session.pipeline();
        return new Assembly(
                pipeline, session.secrets(pipeline), session.pipelineState(pipeline), InstantSource.system());
    }
}
