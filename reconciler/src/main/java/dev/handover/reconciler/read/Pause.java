package dev.handover.reconciler.read;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;

/** Waits a little before looking again. */
public final class Pause {
    private Pause() {}

    /** @throws Fault {@code recon-interrupted} when the thread was interrupted, which stays set */
    public static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(
                    e,
                    ExitCode.FAILED,
                    "recon-interrupted",
                    "the reconciliation was interrupted",
                    "Run it again; nothing was changed.");
        }
    }
}
