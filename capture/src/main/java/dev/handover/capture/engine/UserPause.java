package dev.handover.capture.engine;

import dev.handover.capture.publish.StateWatch;
import java.util.function.BooleanSupplier;

/** Whether people want the load to wait, as they said last. Used by one thread. */
final class UserPause implements BooleanSupplier {
    private final StateWatch watch;
    private boolean paused;

    UserPause(boolean paused, StateWatch watch) {
        this.paused = paused;
        this.watch = watch;
    }

    @Override
    public boolean getAsBoolean() {
        watch.look(value -> paused = value.isPresent());
        return paused;
    }
}
