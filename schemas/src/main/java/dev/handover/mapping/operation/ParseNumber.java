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
import java.util.Objects;
import java.util.Optional;

/**
 * Text to a number, strictly by a {@link NumberForm}. A decimal keeps the digits that were written: {@code 2.0} stays
 * {@code 2.0}. The inverse writes the number in the same form, with its groups; it is checked, because {@code +5} and
 * {@code 007} are read as well.
 */
public record ParseNumber(Form form, NumberForm written) implements Operation {
    /** What becomes of the text. */
    public enum Form {
        /** A number with any number of digits. */
        DECIMAL,
        /** A whole number of 64 bits. */
        INTEGER
    }

    public ParseNumber {
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(written, "written");
    }

    @Override
    public String name() {
        return "parse";
    }

    @Override
    public ColumnType after(ColumnType before) {
        Types.text(before, name());
        return ColumnType.of(
                switch (form) {
                    case DECIMAL -> Kind.DECIMAL;
                    case INTEGER -> Kind.INT64;
                });
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        Optional<String> plain = written.plain(((Value.Text) value).value());
        if (plain.isEmpty()) {
            return at.reject(Reason.UNPARSABLE);
        }
        if (form == Form.DECIMAL) {
            return Outcome.accepted(Value.Decimal.parse(plain.get()));
        }
        if (plain.get().indexOf('.') >= 0) {
            return at.reject(Reason.UNPARSABLE);
        }
        try {
            return Outcome.accepted(new Value.Int(Long.parseLong(plain.get())));
        } catch (NumberFormatException e) {
            return at.reject(Reason.UNREPRESENTABLE);
        }
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    @Override
    public Value invert(Value after) {
        return new Value.Text(written.format(CanonicalText.of(after)));
    }
}
