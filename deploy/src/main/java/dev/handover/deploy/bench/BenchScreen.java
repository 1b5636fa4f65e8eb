package dev.handover.deploy.bench;

/** Where a benchmark shows what happens. */
public interface BenchScreen {
    /** Says something once. */
    void say(String line);

    /** The state now, told again and again; the screen decides how often to draw it. */
    void show(String headline);
}
