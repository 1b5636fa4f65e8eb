package dev.handover.deploy.stack;

/**
 * One running server. Whoever started it closes it; a fault test may kill, freeze and restart it in between.
 * Thread-safe.
 */
public interface Server extends AutoCloseable {
    /** The name of its data directory, log and process record. */
    String name();

    /** The process identifier of this life of the server. */
    long pid();

    boolean isRunning();

    /** Sends a signal, for example {@link Signal#STOP} and {@link Signal#CONT}; nothing when it does not run. */
    void signal(Signal signal);

    /** SIGKILL, as a crash; returns when the server and its own children are gone. Data and ports stay. */
    void kill();

    /**
     * Stops it in order if it runs, starts it on the same data and ports, and returns when it works again.
     *
     * @throws dev.handover.fault.Fault when it does not come up
     */
    void restart();

    /** Stops it in order, and by SIGKILL when that takes too long. */
    @Override
    void close();
}
