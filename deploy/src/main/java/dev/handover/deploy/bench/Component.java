package dev.handover.deploy.bench;

import dev.handover.deploy.pipeline.RoleName;
import java.util.Locale;

/** What uses processor time and memory, in the order in which a change meets it. */
public enum Component {
    SOURCE,
    CAPTURE,
    KAFKA,
    REGISTRY,
    TRANSFORM,
    SINK,
    TARGET,
    TAP;

    /** The component that is a role. */
    static Component of(RoleName role) {
        return switch (role) {
            case CAPTURE -> CAPTURE;
            case TRANSFORM -> TRANSFORM;
            case SINK -> SINK;
            case TAP -> TAP;
        };
    }

    /** As in documents. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
