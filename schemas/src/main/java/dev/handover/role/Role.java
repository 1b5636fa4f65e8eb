package dev.handover.role;

/**
 * A long-running part of a pipeline. {@link #run()} works on the thread that calls it until {@link #stop()} or a
 * {@link dev.handover.fault.Fault}; a role that ended is not run again, but made anew. It may be killed at any moment:
 * whatever it must remember is in Kafka or the target.
 */
public interface Role {
    /** One of {@code capture}, {@code transform}, {@code sink}, {@code tap}; also the name of its thread. */
    String name();

    /** Works until stopped. @throws dev.handover.fault.Fault when going on would be unsafe or impossible */
    void run();

    /** Asks {@link #run()} to end in good order; may be called from any thread, more than once. */
    void stop();
}
