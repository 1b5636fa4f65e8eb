package dev.handover.deploy.pipeline;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.SourceConfig;
import java.util.List;
import java.util.Locale;

/** The roles of a pipeline, in the order in which a change meets them. */
public enum RoleName {
    CAPTURE,
    TRANSFORM,
    SINK,
    /** Not met by changes at all: it compares what capture made of the log with the log. */
    TAP;

    /** The roles that this pipeline has: a tap only where a source asks for one. */
    public static List<RoleName> of(PipelineConfig pipeline) {
        boolean tapped = pipeline.sources().stream().anyMatch(source -> source.tap() == SourceConfig.Tap.ON);
        return tapped ? List.of(values()) : List.of(CAPTURE, TRANSFORM, SINK);
    }

    /** As on the command line. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
