package dev.handover.capture.check;

import java.util.Locale;
import java.util.Objects;

/**
 * One thing that was looked at.
 *
 * @param subject what, in a few words: {@code wal_level}, {@code table pas.public.visit}
 * @param fact what was found; never a value of a row
 * @param fix what to do; empty when nothing is to be done
 */
public record Check(Level level, String subject, String fact, String fix) {
    /** How much it matters. */
    public enum Level {
        /** As it should be. */
        OK,
        /** Works, but somebody should know. */
        WARN,
        /** Capture would fail, or lose something. */
        FAIL;

        /** As in output: {@code ok}, {@code warn}, {@code fail}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Check {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(fact, "fact");
        Objects.requireNonNull(fix, "fix");
    }

    static Check ok(String subject, String fact) {
        return new Check(Level.OK, subject, fact, "");
    }

    static Check warn(String subject, String fact, String fix) {
        return new Check(Level.WARN, subject, fact, fix);
    }

    static Check fail(String subject, String fact, String fix) {
        return new Check(Level.FAIL, subject, fact, fix);
    }
}
