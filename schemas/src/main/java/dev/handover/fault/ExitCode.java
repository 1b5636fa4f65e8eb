package dev.handover.fault;

/** The exit codes that people and supervisors rely on; each has one meaning for every command. */
public enum ExitCode {
    /** Done, or the answer is yes. */
    DONE(0),
    /** Failed for a reason that none of the others names. */
    FAILED(1),
    /** Wrong usage or configuration; nothing was attempted. */
    USAGE(2),
    /** The answer is no: differences found, a gate not met, a plan not empty. */
    NO(3),
    /** Authentication or authorisation was refused. */
    DENIED(4),
    /** A system we depend on is unreachable; trying again may help. */
    UNREACHABLE(5),
    /** Timed out while waiting; the work goes on. */
    TIMED_OUT(6),
    /** Another operation holds it, or it is in the wrong state. */
    CONFLICT(7),
    /** An approval is missing. */
    APPROVAL_MISSING(8);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The process exit status. */
    public int number() {
        return number;
    }
}
