package dev.handover.deploy.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The clinic's own time: it advances with every action and never repeats, so the same seed writes the same times and no
 * correction leaves a row as it was. Wall clocks are made from instants, so none falls into the hour that spring skips.
 */
final class Time {
    private static final Duration TICK = Duration.ofMillis(7_013);
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private Instant now;

    Time(Instant start) {
        this.now = start;
    }

    void tick() {
        now = now.plus(TICK);
    }

    /** The hospital's wall clock to the microsecond. */
    String wall() {
        return at(Quirks.ZONE, MICROS);
    }

    /** The hospital's wall clock to the second. */
    String wallSeconds() {
        return at(Quirks.ZONE, SECONDS);
    }

    /** The hospital's date. */
    String day() {
        return wall().substring(0, 10);
    }

    /** The instant, as the engine's column for instants reads it. */
    String instant(LegacyEngine engine) {
        return engine.instant(at(ZoneOffset.UTC, MICROS));
    }

    private String at(ZoneId zone, DateTimeFormatter format) {
        return now.atZone(zone).format(format);
    }
}
