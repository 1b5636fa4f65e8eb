package dev.handover.deploy.cli;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Shows how far long work has come. The caller tells the whole state again and again, as often as it likes; an
 * implementation decides what of it a person needs to see. Used by one thread.
 */
public interface Progress extends AutoCloseable {
    /**
     * One thing that is under way.
     *
     * @param name what it is, such as a table
     * @param state a word, and the reason whenever it is not {@code running}
     * @param done rows so far
     * @param total rows in all, if anything is known about it
     * @param estimated whether the total is an estimate, marked {@code ~}
     */
    record Bar(String name, String state, long done, OptionalLong total, boolean estimated) {
        /** Refuses a negative number. */
        public Bar {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(state, "state");
            if (done < 0 || total.orElse(0) < 0) {
                throw new IllegalArgumentException("progress can't be negative");
            }
        }

        /**
         * How much is done, from 0 to 1; below 1 while the state is not done; 0 when nothing is known about the total.
         */
        double share() {
            long all = total.orElse(0);
            return all == 0 ? 0 : Math.min(1, (double) done / all);
        }
    }

    /**
     * The whole state now.
     *
     * @param headline one line about all of it
     * @param bars what is under way, worst first
     */
    void show(String headline, List<Bar> bars);

    /** Says something once, above whatever is drawn. */
    void say(String line);

    /** Leaves the last state on the screen. */
    @Override
    void close();

    /** Shows nothing. */
    static Progress silent() {
        return new Progress() {
            @Override
            public void show(String headline, List<Bar> bars) {}

            @Override
            public void say(String line) {}

            @Override
            public void close() {}
        };
    }
}
