package dev.handover.reconciler.explain;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times as seconds, and the windows that they are shown in. */
final class Windows {
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final long MONTH = 31 * DAY;
    private static final long FIVE_MINUTES = 300;
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    private Windows() {}

    /** A window, both ends inside. */
    record Window(long from, long to) {}

    /** A date or time as PostgreSQL prints it; empty for infinity, years BC, zero dates. */
    static Optional<Long> seconds(String text) {
        String plain = text.endsWith("+00") ? text.substring(0, text.length() - 3) : text;
        try {
            if (plain.length() == 10) {
                return Optional.of(LocalDate.parse(plain).toEpochSecond(LocalTime.MIN, ZoneOffset.UTC));
            }
            return Optional.of(LocalDateTime.parse(plain.replace(' ', 'T')).toEpochSecond(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * A window that is as wide as what is said of it: its ends would be two patients' own times, so that it is widened
     * to five minutes, hours, days or years, as it is wide; of dates, to years.
     */
    static Window widened(Window window, boolean ofDates) {
        long width = window.to() - window.from();
        if (!ofDates && width <= MONTH) {
            long grid = width <= HOUR ? FIVE_MINUTES : width <= DAY ? HOUR : DAY;
            return new Window(
                    Math.floorDiv(window.from(), grid) * grid, (Math.floorDiv(window.to(), grid) + 1) * grid - 1);
        }
        LocalDateTime from = time(window.from()).truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
        LocalDateTime to =
                time(window.to()).truncatedTo(ChronoUnit.DAYS).withDayOfYear(1).plusYears(1);
        return new Window(from.toEpochSecond(ZoneOffset.UTC), to.toEpochSecond(ZoneOffset.UTC) - 1);
    }

    /** A window that was widened, the second end not inside; of years, both are. */
    static String text(Window window, boolean ofDates) {
        LocalDateTime from = time(window.from());
        LocalDateTime to = time(window.to() + 1);
        if (ofDates || window.to() - window.from() > MONTH + 2 * DAY) {
            return from.getYear() + " to " + time(window.to()).getYear();
        }
        String end = MINUTE.format(to);
        return MINUTE.format(from) + " to "
                + (from.toLocalDate().equals(to.toLocalDate()) ? end.substring(end.indexOf(' ') + 1) : end);
    }

    private static LocalDateTime time(long seconds) {
        return LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
    }
}
