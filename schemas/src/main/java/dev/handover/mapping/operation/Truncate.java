package dev.handover.mapping.operation;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Value;

/**
 * Text of at most so many characters (code points). What is cut is a {@link Finding.Kind#TRUNCATED}, and its raw text
 * is kept.
 *
 * @param charactersMax at least 1
 */
public record Truncate(int charactersMax) implements Operation {
    public Truncate {
        if (charactersMax < 1) {
            throw new IllegalArgumentException("truncate leaves at least one character");
        }
    }

    @Override
    public String name() {
        return "truncate";
    }

    @Override
    public ColumnType after(ColumnType before) {
        Types.text(before, name());
        boolean shorter = before.length() != ColumnType.UNLIMITED && before.length() <= charactersMax;
        return shorter ? before : ColumnType.text(charactersMax);
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        String text = ((Value.Text) value).value();
        if (text.length() <= charactersMax || text.codePointCount(0, text.length()) <= charactersMax) {
            return Outcome.accepted(value);
        }
        at.find(Finding.Kind.TRUNCATED, value);
        return Outcome.accepted(new Value.Text(text.substring(0, text.offsetByCodePoints(0, charactersMax))));
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
