package dev.handover.deploy.stack;

import org.jspecify.annotations.Nullable;

/**
 * Why the stack, or one server of it, cannot run here. The message is one short fact and names files and ports, never a
 * password or a row; the hint says what a person can do about it.
 */
public final class StackFault extends RuntimeException {
    /** The kinds of failure a caller may want to tell apart, each with the exit code a command ends with. */
    public enum Code {
        /** Another stack holds the state directory. */
        STATE_IN_USE(7),
        /** A port that was asked for is in use. */
        PORT_TAKEN(7),
        /** The state directory or the cache has no room, or cannot be written. */
        DISK(1),
        /** A server's artifact is not in the cache and cannot be fetched. */
        NO_NETWORK(5),
        /** An artifact arrived, and it is not the one whose checksum is written down. */
        ARTIFACT_CORRUPT(1),
        /** A program that must be on the PATH is not there. */
        PROGRAM_MISSING(1),
        /** No server binaries exist for this operating system and processor. */
        PLATFORM(1),
        /** The server refuses to run under this user, and no way around it works here. */
        PRIVILEGE(1),
        /** The JVM is older than a server needs. */
        JDK_TOO_OLD(1),
        /** The configuration of the stack contradicts itself or cannot be used. */
        CONFIGURATION(2),
        /** A server ended while it was starting, or answered wrongly. */
        SERVER_FAILED(1),
        /** A server did not become ready within its limit. */
        SERVER_TIMEOUT(5);

        private final int exitCode;

        Code(int exitCode) {
            this.exitCode = exitCode;
        }

        /** The process exit code that stands for this kind of failure. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final Code code;
    private final String hint;

    public StackFault(Code code, String message, String hint) {
        this(code, message, hint, null);
    }

    public StackFault(Code code, String message, String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
    }

    public Code code() {
        return code;
    }

    /** What to do about it, one sentence in the imperative. */
    public String hint() {
        return hint;
    }
}
