package dev.handover.deploy.demo;

import java.util.List;

/** Where a demonstration shows what happens. Used by one thread. */
public interface DemoScreen {
    /** Says something once. */
    void say(String line);

    /** The state now, told again and again; the screen decides how often to draw it. */
    void show(String headline, List<Table> tables);

    /** A table that is being loaded. */
    record Table(String name, String state, long rows, long expected) {}
}
