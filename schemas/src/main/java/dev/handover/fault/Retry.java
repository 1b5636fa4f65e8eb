package dev.handover.fault;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often, and how patiently, work on a server is tried again after a fault of the environment.
 *
 * @param attemptsMax tries in all
 * @param backOffMin wait before the second try; doubled before each further one
 * @param backOffMax longest wait
 */
public record Retry(int attemptsMax, Duration backOffMin, Duration backOffMax) {
    /** About two minutes: long enough for a server's restart or a failover. */
    public static final Retry USUAL = new Retry(12, Duration.ofMillis(100), Duration.ofSeconds(20));

    public Retry {
        if (attemptsMax < 1 || backOffMin.isNegative() || backOffMax.compareTo(backOffMin) < 0) {
            throw new IllegalArgumentException("a retry has at least one attempt, and waits that grow");
        }
    }

    /** Waits after the given failed attempt, counted from 1. Some of the wait is random, so that sinks do not march. */
    public void await(int attempt) throws InterruptedException {
        long doubled = backOffMin.toMillis() << Math.min(attempt - 1, 20);
        long millis = Math.min(doubled, backOffMax.toMillis());
        Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }
}
