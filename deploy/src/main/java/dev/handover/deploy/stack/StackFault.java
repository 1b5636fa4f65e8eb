package dev.handover.deploy.stack;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;

/**
 * Why the stack, or one server of it, cannot run here. Messages name files, ports and processes, never a password or a
 * row.
 */
enum StackFault {
    /** Another stack holds the state directory. */
    STATE_IN_USE("state-in-use", ExitCode.CONFLICT),
    /** A port is in use by another process. */
    PORT_TAKEN("port-taken", ExitCode.CONFLICT),
    /** The state directory or the cache has no room, or cannot be written. */
    DISK("disk", ExitCode.FAILED),
    /** A server's artifact is not in the cache and cannot be fetched. */
    ARTIFACT_UNREACHABLE("artifact-unreachable", ExitCode.UNREACHABLE),
    /** An artifact arrived, and it is not the one whose checksum is written down. */
    ARTIFACT_CORRUPT("artifact-corrupt", ExitCode.FAILED),
    /** A program or library that must be installed is not there. */
    PROGRAM_MISSING("program-missing", ExitCode.FAILED),
    /** No server binaries run on this operating system and processor. */
    PLATFORM("platform-unsupported", ExitCode.FAILED),
    /** The server refuses to run as root, and no way around it works here. */
    ROOT_REFUSED("root-refused", ExitCode.DENIED),
    /** The JVM is older than a server needs. */
    JDK_TOO_OLD("jdk-too-old", ExitCode.FAILED),
    /** What was asked for contradicts itself or cannot be used. */
    CONFIGURATION("stack-configuration", ExitCode.USAGE),
    /** A server ended while it was starting, or answered wrongly. */
    SERVER_FAILED("server-failed", ExitCode.FAILED),
    /** A server did not become ready within its limit. */
    SERVER_SLOW("server-not-ready", ExitCode.UNREACHABLE);

    private final String code;
    private final ExitCode exitCode;

    StackFault(String code, ExitCode exitCode) {
        this.code = code;
        this.exitCode = exitCode;
    }

    Fault of(String message, String hint) {
        return Fault.of(exitCode, code, message, hint);
    }

    Fault causedBy(Throwable cause, String message, String hint) {
        return Fault.causedBy(cause, exitCode, code, message, hint);
    }

    boolean is(Fault fault) {
        return fault.code().equals(code);
    }
}
