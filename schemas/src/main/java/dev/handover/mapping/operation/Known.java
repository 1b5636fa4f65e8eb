package dev.handover.mapping.operation;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Value;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The values that a column is known to hold. Every value passes; another one is a {@link Finding.Kind#UNSEEN_VALUE}.
 * Values are compared as canonical text.
 */
public record Known(Set<String> values) implements Operation {
    public Known {
        values = Set.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("known needs at least one value");
        }
    }

    @Override
    public String name() {
        return "known";
    }

    @Override
    public ColumnType after(ColumnType before) {
        canonical(before);
        return before;
    }

    @Override
    public Operation bound(ColumnType before) {
        return canonical(before);
    }

    private Known canonical(ColumnType type) {
        return new Known(
                values.stream().map(text -> Literals.canonical(type, text)).collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        if (!values.contains(CanonicalText.of(value))) {
            at.find(Finding.Kind.UNSEEN_VALUE, value);
        }
        return Outcome.accepted(value);
    }

    @Override
    public Reversal reversal() {
        return Reversal.EXACT;
    }

    @Override
    public Value invert(Value after) {
        return after;
    }

    @Override
    public String toString() {
        return "known " + values.size();
    }
}
