package dev.handover.deploy.config;

import java.time.Duration;
import java.util.regex.Pattern;

/** How spans of time are written: one number and one unit, {@code 200ms 5s 10m 4h 7d}. */
public final class Durations {
    /** What a span of time looks like in the file. */
    public static final String PATTERN = "[0-9]{1,9}(ms|s|m|h|d)";

    private static final Pattern FORM = Pattern.compile(PATTERN);

    private Durations() {}

    /** Reads {@code 200ms}; throws {@link IllegalArgumentException} when it is not a span of time. */
    public static Duration parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("expected a duration with a unit, such as 30s");
        }
        String unit = form.group(1);
        long number = Long.parseLong(text.substring(0, text.length() - unit.length()));
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** Writes it with the largest unit that loses nothing; below a millisecond is dropped. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
