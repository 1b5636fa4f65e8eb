package dev.handover.fault;

import java.util.Objects;
import java.util.Optional;

/**
 * Ends what is being done, because going on would be unsafe or impossible. It carries a stable code, a primary message
 * (a short fact in lower case), a hint (what to do) and the exit code of the process. Neither text may hold a value or
 * a key of a row, nor the message of a driver, which may quote one.
 */
public final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;
    private final String code;
    private final String hint;

    private Fault(ExitCode exitCode, String code, String message, String hint, Optional<Throwable> cause) {
        super(Objects.requireNonNull(message, "message"), cause.orElse(null));
        this.exitCode = Objects.requireNonNull(exitCode, "exitCode");
        this.code = Objects.requireNonNull(code, "code");
        this.hint = Objects.requireNonNull(hint, "hint");
    }

    /**
     * A fault with nothing behind it.
     *
     * @param code stable, lower case words joined by hyphens, such as {@code slot-missing}
     * @param message the fact, naming the place
     * @param hint the remedy
     */
    public static Fault of(ExitCode exitCode, String code, String message, String hint) {
        return new Fault(exitCode, code, message, hint, Optional.empty());
    }

    /** A fault caused by an exception, whose own message is for a debugger only and is never printed. */
    public static Fault causedBy(Throwable cause, ExitCode exitCode, String code, String message, String hint) {
        return new Fault(exitCode, code, message, hint, Optional.of(cause));
    }

    /** What the process exits with. */
    public ExitCode exitCode() {
        return exitCode;
    }

    /** The stable code that scripts and alerts match on. */
    public String code() {
        return code;
    }

    /** What a person should do about it. */
    public String hint() {
        return hint;
    }
}
