package dev.handover.mapping.cel;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * ISO texts to the canonical texts of temporal columns, and UUIDs. Years 1 to 9999, microseconds; what has more is
 * refused, and so is a day that no calendar has.
 */
final class StrictText {
    private static final int MICROSECOND_NANOS = 1_000;

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd ")
            .append(TIME)
            .toFormatter(Locale.ROOT);

    private StrictText() {}

    /** {@code 2024-02-29}. @throws IllegalArgumentException for another text; the message holds no value */
    static String date(String text) {
        return read(() -> {
            LocalDate date = LocalDate.parse(text);
            requireYear(date.getYear());
            return date.toString();
        });
    }

    /** {@code 23:59}, {@code 23:59:59.5}. @throws IllegalArgumentException for another text */
    static String time(String text) {
        return read(() -> {
            LocalTime time = LocalTime.parse(text);
            requireMicroseconds(time);
            return TIME.format(time);
        });
    }

    /** {@code 2024-02-29 10:00:00}, with a blank or a T. @throws IllegalArgumentException for another text */
    static String timestamp(String text) {
        return read(() -> timestamp(LocalDateTime.parse(withT(text))));
    }

    /** As {@link #timestamp} with {@code Z}, {@code +02} or {@code +02:00}, in UTC. */
    static String instant(String text) {
        return read(() -> timestamp(OffsetDateTime.parse(withMinutes(withT(text)))
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .toLocalDateTime())
                + "+00");
    }

    /** In lower case, as PostgreSQL prints it. */
    static String uuid(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return read(() -> {
            if (!UUID.fromString(lower).toString().equals(lower)) {
                throw new DateTimeException("shorter groups");
            }
            return lower;
        });
    }

    private static String timestamp(LocalDateTime time) {
        requireYear(time.getYear());
        requireMicroseconds(time);
        return TIMESTAMP.format(time);
    }

    private static String withT(String text) {
        return text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
    }

    private static String withMinutes(String text) {
        char sign = text.length() < 3 ? ' ' : text.charAt(text.length() - 3);
        return sign == '+' || sign == '-' ? text + ":00" : text;
    }

    private static void requireYear(int year) {
        if (year < 1 || year > 9999) {
            throw new DateTimeException("year out of range");
        }
    }

    private static void requireMicroseconds(TemporalAccessor time) {
        if (time.get(ChronoField.NANO_OF_SECOND) % MICROSECOND_NANOS != 0) {
            throw new DateTimeException("finer than a microsecond");
        }
    }

    // the exceptions of the JDK quote what they cannot read
    private static String read(Supplier<String> reading) {
        try {
            return reading.get();
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not a text of this type");
        }
    }
}
