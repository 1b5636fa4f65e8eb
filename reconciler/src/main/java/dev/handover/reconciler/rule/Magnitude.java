package dev.handover.reconciler.rule;

import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.Value;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number, date or time in its order. Of dates and timestamps a report shows the year alone: the day on which somebody
 * was born or admitted is a value of a patient, the year of the oldest row is a figure.
 *
 * @param major the number, or the year, negative before our era
 * @param rest what follows the year, or the whole time
 */
record Magnitude(BigDecimal major, String rest, boolean dated) implements Comparable<Magnitude> {
    private static final Set<Kind> NUMBERS =
            Set.of(Kind.INT16, Kind.INT32, Kind.INT64, Kind.UINT64, Kind.DECIMAL, Kind.FLOAT32, Kind.FLOAT64);
    private static final Set<Kind> DATES = Set.of(Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ);
    private static final Pattern DATE = Pattern.compile("([0-9]{4,9})(-[0-9]{2}-[0-9]{2}.*?)( BC)?");
    private static final Pattern TIME = Pattern.compile("[0-9]{2}:[0-9]{2}.*");
    // beyond every year that a database knows
    private static final BigDecimal FOREVER = BigDecimal.valueOf(1_000_000_000_000L);

    static boolean isNumber(ColumnType type) {
        return NUMBERS.contains(type.kind());
    }

    /** Whether values of that type have an order that is the same on both sides. */
    static boolean orders(ColumnType type) {
        return isNumber(type) || DATES.contains(type.kind()) || type.kind() == Kind.TIME;
    }

    /** Where a value of such a type is; empty for {@code NaN}, the infinite numbers, and what is no date or time. */
    static Optional<Magnitude> of(ColumnType type, Value value) {
        if (value instanceof Value.Int integer) {
            return Optional.of(number(BigDecimal.valueOf(integer.value())));
        } else if (value instanceof Value.Real real) {
            return Double.isFinite(real.value()) ? Optional.of(number(new BigDecimal(real.value()))) : Optional.empty();
        } else if (value instanceof Value.Decimal decimal) {
            char last = decimal.plain().charAt(decimal.plain().length() - 1);
            return last >= '0' && last <= '9' ? Optional.of(number(new BigDecimal(decimal.plain()))) : Optional.empty();
        } else if (value instanceof Value.Text text) {
            return type.kind() == Kind.TIME ? time(text.value()) : date(text.value());
        }
        return Optional.empty();
    }

    /** A limit that a person wrote for a column of such a type. @throws IllegalArgumentException when it is none */
    static Magnitude parse(ColumnType type, String text) {
        return of(type, PostgresText.parse(type, text))
                .orElseThrow(() -> new IllegalArgumentException("not one of the type's values"));
    }

    private static Magnitude number(BigDecimal number) {
        return new Magnitude(number, "", false);
    }

    private static Optional<Magnitude> time(String text) {
        return TIME.matcher(text).matches()
                ? Optional.of(new Magnitude(BigDecimal.ZERO, text, false))
                : Optional.empty();
    }

    private static Optional<Magnitude> date(String text) {
        if (text.equals("infinity") || text.equals("-infinity")) {
            return Optional.of(new Magnitude(text.startsWith("-") ? FOREVER.negate() : FOREVER, "", true));
        }
        Matcher parts = DATE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        BigDecimal year = new BigDecimal(parts.group(1));
        return Optional.of(new Magnitude(parts.group(3) == null ? year : year.negate(), parts.group(2), true));
    }

    @Override
    public int compareTo(Magnitude other) {
        int byMajor = major.compareTo(other.major);
        return byMajor != 0 ? byMajor : rest.compareTo(other.rest);
    }

    String shown() {
        if (!dated) {
            return rest.isEmpty() ? Shown.number(major) : rest;
        }
        if (major.abs().compareTo(FOREVER) == 0) {
            return major.signum() < 0 ? "-infinity" : "infinity";
        }
        return Shown.number(major.abs()) + "-**-**" + (major.signum() < 0 ? " BC" : "");
    }
}
