package dev.handover.capture.engine;

import dev.handover.fault.Fault;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes a counted row to the source at a steady pace, so that the log moves where nothing else happens, and a gap in
 * it shows as a gap in the counter. One thread; gives up when the source refuses for too long.
 */
final class Heartbeats implements AutoCloseable {
    private static final int FAILURES_MAX = 10;

    private final SourceLog log;
    private final String id;
    private final Consumer<Fault> failed;
    private final ScheduledExecutorService thread;
    private int failures; // heartbeat thread only

    /** @param failed told once, from the heartbeat's thread */
    Heartbeats(SourceLog log, String id, Duration interval, Consumer<Fault> failed) {
        this.log = log;
        this.id = id;
        this.failed = failed;
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread named = new Thread(work, "capture-heartbeat");
            named.setDaemon(true);
            return named;
        });
        var unused = thread.scheduleWithFixedDelay(this::beat, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try {
            log.beat(id);
            failures = 0;
        } catch (Fault e) {
            failures++;
            if (failures == FAILURES_MAX) {
                failed.accept(e);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
