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
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/**
 * A local time of a zone to an instant. A time that the zone's clocks skipped is refused; of a time that they showed
 * twice the first is taken, and the raw time is kept for both (two instants have one inverse each, but a reader could
 * not tell which was meant). Infinite timestamps stay.
 */
public record Zoned(ZoneId zone) implements Operation {
    public Zoned {
        Objects.requireNonNull(zone, "zone");
    }

    @Override
    public String name() {
        return "timezone";
    }

    @Override
    public ColumnType after(ColumnType before) {
        Types.require(before, name(), Kind.TIMESTAMP);
        return ColumnType.of(Kind.TIMESTAMPTZ);
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        String text = ((Value.Text) value).value();
        if (LocalTimes.isInfinite(text)) {
            return Outcome.accepted(value);
        }
        LocalDateTime local;
        try {
            local = LocalTimes.parse(text);
        } catch (DateTimeException e) {
            return at.reject(Reason.UNREPRESENTABLE);
        }
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            return at.reject(Reason.UNREPRESENTABLE);
        }
        LocalDateTime utc = local.minusSeconds(offsets.get(0).getTotalSeconds());
        if (utc.getYear() < 1 || utc.getYear() > 9999) {
            return at.reject(Reason.UNREPRESENTABLE);
        }
        return Outcome.accepted(new Value.Text(LocalTimes.format(utc) + "+00"));
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    /** A time that the clocks showed once has one instant, which has that one time. */
    @Override
    public boolean restores(Value before, Cell after) {
        String text = ((Value.Text) before).value();
        return LocalTimes.isInfinite(text)
                || zone.getRules().getValidOffsets(LocalTimes.parse(text)).size() == 1;
    }

    @Override
    public Value invert(Value after) {
        String text = ((Value.Text) after).value();
        if (LocalTimes.isInfinite(text)) {
            return after;
        }
        try {
            LocalDateTime utc = LocalTimes.parse(text.substring(0, Math.max(0, text.length() - 3)));
            ZoneOffset offset = zone.getRules().getOffset(utc.toInstant(ZoneOffset.UTC));
            return new Value.Text(LocalTimes.format(utc.plusSeconds(offset.getTotalSeconds())));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no instant");
        }
    }
}
