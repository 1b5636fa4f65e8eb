package dev.handover.mapping.operation;

import dev.handover.change.Outcome;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Value;
import java.text.Normalizer;
import java.util.Objects;

/**
 * Text in one of Unicode's normalization forms (UAX 15). NFC and NFD keep what readers see; NFKC and NFKD also replace
 * compatibility characters, so that the micro sign U+00B5 becomes the letter U+03BC. Its inverse is identity, checked
 * for each value.
 */
public record UnicodeForm(Normalizer.Form form) implements Operation {
    public UnicodeForm {
        Objects.requireNonNull(form, "form");
    }

    @Override
    public String name() {
        return "normalize";
    }

    @Override
    public ColumnType after(ColumnType before) {
        return Types.lengthened(before, name());
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        String text = ((Value.Text) value).value();
        return Outcome.accepted(
                Normalizer.isNormalized(text, form) ? value : new Value.Text(Normalizer.normalize(text, form)));
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
