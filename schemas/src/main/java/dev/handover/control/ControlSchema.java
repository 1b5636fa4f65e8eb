package dev.handover.control;

/** Where the control schema's definition is; the sink brings it into being, and others read it. */
public final class ControlSchema {
    /** The schema's name in the target database. */
    public static final String NAME = "handover";

    /** The folder on the class path that holds its versioned definitions, {@code V1__...sql} and on. */
    public static final String MIGRATIONS = "dev/handover/control";

    private ControlSchema() {}
}
