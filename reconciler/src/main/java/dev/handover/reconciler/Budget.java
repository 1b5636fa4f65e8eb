package dev.handover.reconciler;

import dev.handover.reconciler.read.Pause;
import java.time.Duration;

/** The time that a run may still spend on waiting. Used by one thread. */
final class Budget {
    private final long pollMillis;
    private long millis;

    Budget(Duration whole, Duration poll) {
        this.millis = whole.toMillis();
        this.pollMillis = Math.max(1, poll.toMillis());
    }

    /** Waits a little; whether it could. */
    boolean pause() {
        if (millis <= 0) {
            return false;
        }
        long now = Math.min(millis, pollMillis);
        Pause.millis(now);
        millis -= now;
        return true;
    }
}
