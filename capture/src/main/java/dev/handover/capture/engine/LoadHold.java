package dev.handover.capture.engine;

import java.time.Instant;
import java.util.Objects;

/**
 * That a load waits.
 *
 * @param why for people: {@code active_sessions 212 > 180}
 * @param since by Handover's clock
 */
public record LoadHold(String why, Instant since) {
    /** Why it waits when people want it to. */
    public static final String PAUSED = "paused by handover snapshot pause";

    public LoadHold {
        Objects.requireNonNull(why, "why");
        Objects.requireNonNull(since, "since");
    }
}
