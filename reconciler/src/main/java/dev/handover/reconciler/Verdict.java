package dev.handover.reconciler;

import dev.handover.fault.ExitCode;
import java.util.Locale;

/** The conclusion of a run. */
public enum Verdict {
    /** Every row of every table was compared, and each was seen equal at a position of the source. */
    CONVERGED(ExitCode.DONE),
    /** At least one difference is proved, or a rule failed that must not. */
    DIVERGED(ExitCode.NO),
    /** No difference is proved, but something could not be judged; this never passes for converged. */
    UNDETERMINED(ExitCode.NO);

    private final ExitCode exitCode;

    Verdict(ExitCode exitCode) {
        this.exitCode = exitCode;
    }

    /** What a command that asked for it exits with. */
    public ExitCode exitCode() {
        return exitCode;
    }

    /** Lower case, as JSON and tables write it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
