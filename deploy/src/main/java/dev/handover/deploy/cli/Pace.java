package dev.handover.deploy.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How fast something goes, over the last minute, and when it will be done. Used by one thread. */
final class Pace {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(1);
    private static final Duration ETA_AFTER = Duration.ofSeconds(30);
    private static final double ETA_FROM_SHARE = 0.01;

    private record Sample(Instant at, long done) {}

    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Instant started;

    Pace(Instant started) {
        this.started = started;
    }

    /** Remembers how much was done at that time. */
    void add(Instant at, long done) {
        Sample last = samples.peekLast();
        if (last != null && Duration.between(last.at(), at).compareTo(SAMPLE_EVERY) < 0) {
            return;
        }
        samples.addLast(new Sample(at, done));
        while (samples.size() > 2
                && Duration.between(samples.getFirst().at(), at).compareTo(WINDOW) > 0) {
            samples.removeFirst();
        }
    }

    /** Rows a second; 0 until there are two samples. */
    long perSecond() {
        Sample first = samples.peekFirst();
        Sample last = samples.peekLast();
        if (first == null || last == null) {
            return 0;
        }
        long millis = Duration.between(first.at(), last.at()).toMillis();
        return millis == 0 ? 0 : Math.max(0, (last.done() - first.done()) * 1000 / millis);
    }

    /** The time left; empty until one hundredth or half a minute is behind, and when nothing moves. */
    Optional<Duration> left(Instant now, Progress.Bar bar) {
        boolean early =
                bar.share() < ETA_FROM_SHARE && Duration.between(started, now).compareTo(ETA_AFTER) < 0;
        long rate = perSecond();
        if (bar.total().isEmpty() || early || rate == 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Math.max(0, bar.total().getAsLong() - bar.done()) / rate));
    }

    /** A span for people: {@code 1h12m}, {@code 4m10s}, {@code 8s}. */
    static String brief(Duration span) {
        long seconds = span.toSeconds();
        if (seconds >= 3600) {
            return seconds / 3600 + "h" + seconds % 3600 / 60 + "m";
        }
        return seconds >= 60 ? seconds / 60 + "m" + seconds % 60 + "s" : seconds + "s";
    }
}
