package dev.handover.deploy.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets work clean up when a signal ends the process: its thread is interrupted, and the virtual machine waits for it to
 * end, for a minute at most.
 */
public final class SignalGuard {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private SignalGuard() {}

    /** Work that closes what it opened when it is interrupted. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it. */
        T run() throws InterruptedException;
    }

    /** Does the work on this thread. */
    public static <T> T during(Work<T> work) throws InterruptedException {
        Thread owner = Thread.currentThread();
        CountDownLatch done = new CountDownLatch(1);
        Thread hook = new Thread(() -> interruptAndAwait(owner, done), "signal");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.run();
        } finally {
            done.countDown();
            release(hook);
        }
    }

    private static void interruptAndAwait(Thread owner, CountDownLatch done) {
        owner.interrupt();
        try {
            done.await(WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void release(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            // the hook runs, and has been let go
            return;
        }
    }
}
