package dev.handover.mapping.operation;

import dev.handover.change.Outcome;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Value;

/** Without white space (as Unicode defines it) at both ends. Its inverse is identity, checked for each value. */
public record Trim() implements Operation {
    @Override
    public String name() {
        return "trim";
    }

    @Override
    public ColumnType after(ColumnType before) {
        return Types.text(before, name());
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        String text = ((Value.Text) value).value();
        String stripped = text.strip();
        return Outcome.accepted(stripped.length() == text.length() ? value : new Value.Text(stripped));
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    @Override
    public Value invert(Value after) {
        return after;
    }
}
