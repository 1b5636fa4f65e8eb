package dev.handover.mapping.operation;

import dev.handover.change.Outcome;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Value;
import java.util.Locale;
import java.util.Objects;

/**
 * All letters in upper or in lower case, by Unicode's full mapping and no language's own rules: {@code ß} becomes
 * {@code SS}, and a Turkish {@code i} is like any other. Its inverse is identity, checked for each value.
 */
public record Case(Form form) implements Operation {
    /** The case that letters get. */
    public enum Form {
        UPPER,
        LOWER
    }

    public Case {
        Objects.requireNonNull(form, "form");
    }

    @Override
    public String name() {
        return "case";
    }

    @Override
    public ColumnType after(ColumnType before) {
        return Types.lengthened(before, name());
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        String text = ((Value.Text) value).value();
        return Outcome.accepted(new Value.Text(
                switch (form) {
                    case UPPER -> text.toUpperCase(Locale.ROOT);
                    case LOWER -> text.toLowerCase(Locale.ROOT);
                }));
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
