package dev.handover.mapping.operation;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Value;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Objects;

/**
 * Text to a date, or to a timestamp where the pattern has hours. Patterns are those of
 * {@link DateTimeFormatter#ofPattern(String)}, resolved strictly: 30 February is refused, and so is a year outside of 1
 * to 9999. {@code infinity} and {@code -infinity} stay what they are, so that a sentinel may become one. The inverse
 * formats by the same pattern; it is checked, because patterns exist that read more than they write.
 */
public final class ParseTime implements Operation {
    private final String pattern;
    private final DateTimeFormatter formatter;
    private final boolean hasTime;
    private final DigitPattern digits;

    /** @throws IllegalArgumentException when the pattern is none */
    public ParseTime(String pattern) {
        this.pattern = Objects.requireNonNull(pattern, "pattern");
        // "y" is the year of an era, and strict resolution would want the era too.
        this.formatter = DateTimeFormatter.ofPattern(pattern.replace('y', 'u'), Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);
        this.hasTime = pattern.indexOf('H') >= 0 || pattern.indexOf('h') >= 0;
        this.digits = DigitPattern.of(pattern);
    }

    @Override
    public String name() {
        return "parse";
    }

    @Override
    public ColumnType after(ColumnType before) {
        Types.text(before, name());
        return ColumnType.of(hasTime ? Kind.TIMESTAMP : Kind.DATE);
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        String text = ((Value.Text) value).value();
        if (LocalTimes.isInfinite(text)) {
            return Outcome.accepted(value);
        }
        if (digits.known()) {
            String made = digits.parse(text, hasTime);
            return made.isEmpty() ? at.reject(Reason.UNPARSABLE) : Outcome.accepted(new Value.Text(made));
        }
        try {
            if (hasTime) {
                LocalDateTime time = LocalDateTime.parse(text, formatter);
                return inRange(time.getYear())
                        ? Outcome.accepted(new Value.Text(LocalTimes.format(time)))
                        : at.reject(Reason.UNPARSABLE);
            }
            LocalDate date = LocalDate.parse(text, formatter);
            return inRange(date.getYear())
                    ? Outcome.accepted(new Value.Text(DateTimeFormatter.ISO_LOCAL_DATE.format(date)))
                    : at.reject(Reason.UNPARSABLE);
        } catch (DateTimeException e) {
            return at.reject(Reason.UNPARSABLE);
        }
    }

    private static boolean inRange(int year) {
        return year >= 1 && year <= 9999;
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    /** What digits alone spell has one spelling. */
    @Override
    public boolean restores(Value before, Cell after) {
        return digits.known() || Operation.super.restores(before, after);
    }

    @Override
    public Value invert(Value after) {
        String text = ((Value.Text) after).value();
        if (LocalTimes.isInfinite(text)) {
            return after;
        }
        try {
            return new Value.Text(
                    hasTime ? formatter.format(LocalTimes.parse(text)) : formatter.format(LocalDate.parse(text)));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no date of this pattern");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParseTime that && pattern.equals(that.pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    @Override
    public String toString() {
        return "parse " + pattern;
    }
}
