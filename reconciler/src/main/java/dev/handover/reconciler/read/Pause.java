package dev.handover.reconciler.read;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Waits: a little, before looking again, or for what other threads do. */
public final class Pause {
    private Pause() {}

    /** @throws Fault {@code recon-interrupted} when the thread was interrupted, which stays set */
    public static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits until a task has ended. @throws Fault {@code recon-interrupted} */
    static void await(Future<?> task) throws ExecutionException {
        try {
            task.get();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits until all tasks have ended, which were told to; an interrupt stays set, and waits too. */
    static void ended(ExecutorService tasks) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = tasks.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Fault interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return Fault.causedBy(
                e,
                ExitCode.FAILED,
                "recon-interrupted",
                "the reconciliation was interrupted",
                "Run it again; nothing was changed.");
    }
}
