package dev.handover.capture;

import java.util.Objects;
import java.util.Optional;

/**
 * What at the source makes a load wait: more of something than is allowed.
 *
 * @param most that is allowed, in the unit of the measure
 */
public record LoadCondition(Measure measure, long most) {
    /** What is measured. */
    public enum Measure {
        /** Sessions of others that are doing something. */
        ACTIVE_SESSIONS("active_sessions", ""),
        /** How far the slowest standby is behind, in milliseconds; PostgreSQL only. */
        REPLICA_LAG("replica_lag", " ms");

        private final String text;
        private final String unit;

        Measure(String text, String unit) {
            this.text = text;
            this.unit = unit;
        }

        /** As it is written: {@code active_sessions}. */
        public String text() {
            return text;
        }
    }

    public LoadCondition {
        Objects.requireNonNull(measure, "measure");
        if (most < 0) {
            throw new IllegalArgumentException("a condition's limit is not negative");
        }
    }

    /** Why the load waits, {@code active_sessions 212 > 180}; empty where it need not. */
    public Optional<String> exceeded(long measured) {
        return measured > most
                ? Optional.of(measure.text + " " + measured + measure.unit + " > " + most + measure.unit)
                : Optional.empty();
    }
}
