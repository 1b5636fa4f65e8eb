package dev.handover.sink.postgres;

/**
 * One fact about the target that the sink depends on.
 *
 * @param subject what was looked at, in a word or two
 * @param fact what was found
 * @param fix what to do about it; empty where nothing is to be done
 */
public record TargetCheck(Severity severity, String subject, String fact, String fix) {
    /** Whether it keeps the sink from working. */
    public enum Severity {
        OK,
        /** The sink works, with a limitation. */
        WARNING,
        /** The sink cannot work. */
        ERROR
    }

    static TargetCheck ok(String subject, String fact) {
        return new TargetCheck(Severity.OK, subject, fact, "");
    }
}
