package dev.handover.deploy.pipeline;

import java.util.Locale;

/** The roles of a pipeline, in the order in which a change meets them. */
public enum RoleName {
    CAPTURE,
    TRANSFORM,
    SINK;

    /** As on the command line. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
