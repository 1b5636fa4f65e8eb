package dev.handover.mapping.operation;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One of the parts of a text between separators. Its inverse is identity, checked: only a text of one part is given
 * back.
 *
 * @param separator plain text, not a pattern
 * @param part counts from 1, or from the end with -1
 * @param required whether a text without that part is refused; else it becomes null
 */
public record Split(String separator, int part, boolean required) implements Operation {
    public Split {
        if (Objects.requireNonNull(separator, "separator").isEmpty()) {
            throw new IllegalArgumentException("a separator has a character");
        }
        if (part == 0) {
            throw new IllegalArgumentException("parts count from 1, or from the end with -1");
        }
    }

    @Override
    public String name() {
        return "split";
    }

    @Override
    public ColumnType after(ColumnType before) {
        return Types.text(before, name());
    }

    @Override
    public boolean mayYieldNull() {
        return !required;
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        List<String> parts = parts(((Value.Text) value).value());
        int place = part > 0 ? part - 1 : parts.size() + part;
        if (place >= 0 && place < parts.size()) {
            return Outcome.accepted(new Value.Text(parts.get(place)));
        }
        return required ? at.reject(Reason.UNPARSABLE) : Outcome.accepted(Cell.NULL);
    }

    private List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
            parts.add(text.substring(start, end));
            start = end + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
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
