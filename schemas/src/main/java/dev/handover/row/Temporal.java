package dev.handover.row;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The canonical text of temporal values; see {@link Kind} for the forms. Messages of errors hold no value. */
public final class Temporal {
    private static final Pattern ISO_INTERVAL =
            Pattern.compile("(-)?P(?:(-?\\d+)Y)?(?:(-?\\d+)M)?(?:(-?\\d+)W)?(?:(-?\\d+)D)?"
                    + "(?:T(?:(-?\\d+)H)?(?:(-?\\d+)M)?(?:(-?\\d+(?:\\.\\d+)?)S)?)?");
    private static final Pattern DURATION = Pattern.compile("(-?)(\\d+):(\\d\\d):(\\d\\d)(?:\\.(\\d+))?");
    private static final Pattern ISO_TIME_DURATION =
            Pattern.compile("(-)?PT(?:(-?\\d+)H)?(?:(-?\\d+)M)?(?:(-?\\d+(?:\\.\\d+)?)S)?");

    private Temporal() {}

    /**
     * A time or timestamp without trailing zeros in the fraction of its seconds; whatever follows the fraction stays.
     */
    public static Value.Text fractionTrimmed(String text) {
        int point = text.indexOf('.');
        if (point < 0) {
            return new Value.Text(text);
        }
        int end = point + 1;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        int last = end;
        while (last > point + 1 && text.charAt(last - 1) == '0') {
            last--;
        }
        String fraction = last == point + 1 ? "" : text.substring(point, last);
        return new Value.Text(text.substring(0, point) + fraction + text.substring(end));
    }

    /**
     * MariaDB's {@code TIME} from {@code [-]H:MM:SS[.f]}, or from the ISO 8601 form in which PostgreSQL prints the
     * interval that holds it at the target.
     */
    public static Value.Text duration(String text) {
        Matcher clock = DURATION.matcher(text);
        if (clock.matches()) {
            String fraction = clock.group(5);
            long micros = hms(clock.group(2), clock.group(3), clock.group(4))
                    + (fraction == null ? 0 : whole((fraction + "000000").substring(0, 6)));
            return duration(clock.group(1).isEmpty() ? micros : -micros);
        }
        Matcher iso = ISO_TIME_DURATION.matcher(text);
        if (iso.matches() && iso.group(1) == null) {
            return duration(micros(iso.group(2), iso.group(3), iso.group(4)));
        }
        throw new IllegalArgumentException("not a time of day or duration");
    }

    /** MariaDB's {@code TIME} of so many microseconds. */
    public static Value.Text duration(long micros) {
        long seconds = Math.abs(micros) / 1_000_000;
        String clock = String.format(
                "%s%02d:%02d:%02d", micros < 0 ? "-" : "", seconds / 3600, seconds / 60 % 60, seconds % 60);
        long fraction = Math.abs(micros) % 1_000_000;
        return fraction == 0 ? new Value.Text(clock) : fractionTrimmed(clock + "." + String.format("%06d", fraction));
    }

    /** PostgreSQL's interval from its ISO 8601 form, in which every part carries its own sign. */
    public static Value.Text interval(String iso) {
        try {
            return matched(iso);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("an interval is beyond the limits of its parts");
        }
    }

    private static Value.Text matched(String iso) {
        Matcher parts = ISO_INTERVAL.matcher(iso);
        if (!parts.matches() || parts.group(1) != null || parts.group(4) != null) {
            if (iso.equals("infinity") || iso.equals("-infinity")) {
                return new Value.Text(iso);
            }
            throw new IllegalArgumentException("not an interval in ISO 8601");
        }
        long months = Math.addExact(Math.multiplyExact(number(parts.group(2)), 12), number(parts.group(3)));
        return interval(months, number(parts.group(5)), micros(parts.group(6), parts.group(7), parts.group(8)));
    }

    /** PostgreSQL's interval of so many months, days and microseconds. */
    public static Value.Text interval(long months, long days, long micros) {
        return new Value.Text(months + " mons " + days + " days " + micros + " us");
    }

    /** Java's own exception would quote the digits. */
    private static long whole(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a part of a time or interval has too many digits");
        }
    }

    private static long number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : whole(digits);
    }

    private static long hms(String hours, String minutes, String seconds) {
        return ((whole(hours) * 60 + whole(minutes)) * 60 + whole(seconds)) * 1_000_000;
    }

    private static long micros(
            @org.jspecify.annotations.Nullable String hours,
            @org.jspecify.annotations.Nullable String minutes,
            @org.jspecify.annotations.Nullable String seconds) {
        long whole = Math.addExact(
                Math.multiplyExact(number(hours), 3_600_000_000L), Math.multiplyExact(number(minutes), 60_000_000L));
        long last =
                seconds == null ? 0 : new BigDecimal(seconds).movePointRight(6).longValueExact();
        return Math.addExact(whole, last);
    }
}
