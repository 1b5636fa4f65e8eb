package dev.handover.mapping.operation;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * Milliseconds or seconds since 1970-01-01 00:00 UTC, in a whole number or in text, to an instant of the years 1 to
 * 9999. The inverse counts them again; it is checked, because {@code 007} is read as well.
 */
public record Epoch(Unit unit) implements Operation {
    private static final long FIRST_SECOND = -62_135_596_800L;
    private static final long LAST_SECOND = 253_402_300_799L;

    /** What is counted. */
    public enum Unit {
        MILLISECONDS(1_000),
        SECONDS(1);

        private final long perSecond;

        Unit(long perSecond) {
            this.perSecond = perSecond;
        }
    }

    public Epoch {
        Objects.requireNonNull(unit, "unit");
    }

    @Override
    public String name() {
        return "parse";
    }

    @Override
    public ColumnType after(ColumnType before) {
        Types.require(before, name(), Kind.TEXT, Kind.CHAR, Kind.INT16, Kind.INT32, Kind.INT64, Kind.UINT64);
        return ColumnType.of(Kind.TIMESTAMPTZ);
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        long count;
        try {
            count = Long.parseLong(CanonicalText.of(value));
        } catch (NumberFormatException e) {
            return at.reject(Reason.UNPARSABLE);
        }
        long seconds = Math.floorDiv(count, unit.perSecond);
        if (seconds < FIRST_SECOND || seconds > LAST_SECOND) {
            return at.reject(Reason.UNREPRESENTABLE);
        }
        int nanos = (int) (Math.floorMod(count, unit.perSecond) * (1_000_000_000L / unit.perSecond));
        LocalDateTime utc = LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
        return Outcome.accepted(new Value.Text(LocalTimes.format(utc) + "+00"));
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    @Override
    public boolean restores(Value before, Cell after) {
        return after instanceof Value value && CanonicalText.of(invert(value)).equals(CanonicalText.of(before));
    }

    /** The count as text, whatever the column's type is. */
    @Override
    public Value invert(Value after) {
        String text = CanonicalText.of(after);
        try {
            Instant instant = LocalTimes.parse(text.substring(0, Math.max(0, text.length() - 3)))
                    .toInstant(ZoneOffset.UTC);
            long count = unit == Unit.SECONDS ? instant.getEpochSecond() : instant.toEpochMilli();
            return new Value.Text(Long.toString(count));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no instant");
        }
    }
}
