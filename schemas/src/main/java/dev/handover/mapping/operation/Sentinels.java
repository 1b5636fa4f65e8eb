package dev.handover.mapping.operation;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Values that stand for "unknown", "never" or "not yet", and what they become: null, or a value of the column's own
 * type, such as {@code infinity}. They are compared as canonical text, and may be of any kind. Every replacement is a
 * {@link Finding.Kind#SENTINEL}. A null gives nothing back; a replacement gives its sentinel back where no other
 * sentinel has it.
 */
public final class Sentinels implements Operation {
    private final Map<String, Optional<String>> dictionary;
    private final ColumnType type;
    private final Map<String, Outcome<Cell>> replacements = new HashMap<>();
    private final Map<String, Value> inverse = new HashMap<>();
    private final Set<String> ambiguous = new HashSet<>();

    private Sentinels(Map<String, Optional<String>> dictionary, ColumnType type) {
        this.dictionary = Map.copyOf(dictionary);
        this.type = type;
        if (dictionary.isEmpty()) {
            throw new IllegalArgumentException("sentinels need at least one");
        }
        dictionary.forEach((sentinel, replacement) -> {
            String code = Literals.canonical(type, sentinel);
            Optional<Value> value = replacement.map(text -> Literals.target(type, text));
            replacements.put(
                    code, Outcome.accepted(value.<Cell>map(found -> found).orElse(Cell.NULL)));
            value.map(CanonicalText::of).ifPresent(text -> {
                if (inverse.put(text, CanonicalText.parse(type, code)) != null) {
                    ambiguous.add(text);
                }
            });
        });
    }

    /** By sentinel, its replacement; empty for null. */
    public static Sentinels of(Map<String, Optional<String>> dictionary) {
        return new Sentinels(dictionary, ColumnType.of(Kind.TEXT));
    }

    @Override
    public String name() {
        return "sentinels";
    }

    @Override
    public ColumnType after(ColumnType before) {
        return new Sentinels(dictionary, before).type;
    }

    @Override
    public Operation bound(ColumnType before) {
        return new Sentinels(dictionary, before);
    }

    @Override
    public boolean mayYieldNull() {
        return dictionary.containsValue(Optional.empty());
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        Outcome<Cell> replacement = replacements.get(CanonicalText.of(value));
        if (replacement == null) {
            return Outcome.accepted(value);
        }
        at.find(Finding.Kind.SENTINEL, value);
        return replacement;
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    @Override
    public Value invert(Value after) {
        String text = CanonicalText.of(after);
        if (ambiguous.contains(text)) {
            throw new IllegalArgumentException("several sentinels have that replacement");
        }
        return inverse.getOrDefault(text, CanonicalText.as(type, after));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sentinels that && dictionary.equals(that.dictionary) && type.equals(that.type);
    }

    @Override
    public int hashCode() {
        return dictionary.hashCode();
    }

    @Override
    public String toString() {
        return "sentinels of " + dictionary.size();
    }
}
