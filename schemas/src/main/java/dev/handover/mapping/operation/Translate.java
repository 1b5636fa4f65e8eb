package dev.handover.mapping.operation;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A code to text by a table that the mapping spells out; a code may stand for null. Codes are compared as canonical
 * text. A meaning that only one code has gives that code back.
 */
public final class Translate implements Operation {
    private final Map<String, Optional<String>> codes;
    private final Map<String, Outcome<Cell>> meanings = new HashMap<>();
    private final Map<String, String> inverse = new HashMap<>();
    private final boolean toNull;

    private Translate(Map<String, Optional<String>> codes) {
        this.codes = Map.copyOf(codes);
        if (codes.isEmpty()) {
            throw new IllegalArgumentException("a map has at least one code");
        }
        Set<String> twice = new HashSet<>();
        codes.forEach((code, meaning) -> {
            meanings.put(
                    code, Outcome.accepted(meaning.<Cell>map(Value.Text::new).orElse(Cell.NULL)));
            meaning.ifPresent(text -> {
                if (inverse.put(text, code) != null) {
                    twice.add(text);
                }
            });
        });
        inverse.keySet().removeAll(twice);
        this.toNull = codes.containsValue(Optional.empty());
    }

    /** The table as it is; a code that stands for nothing becomes null. */
    public static Translate of(Map<String, Optional<String>> codes) {
        return new Translate(codes);
    }

    /** As a configuration file gives it: a null meaning is SQL's null. */
    public static Translate ofNullable(Map<String, ? extends @Nullable String> codes) {
        Map<String, Optional<String>> copy = new HashMap<>();
        codes.forEach((code, meaning) -> copy.put(code, Optional.ofNullable(meaning)));
        return of(copy);
    }

    @Override
    public String name() {
        return "map";
    }

    @Override
    public ColumnType after(ColumnType before) {
        if (before.kind() == Kind.BYTES) {
            throw new IllegalArgumentException("map cannot take " + before.name());
        }
        return ColumnType.of(Kind.TEXT);
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        Outcome<Cell> meaning = meanings.get(code(value));
        return meaning == null ? at.reject(Reason.UNMAPPED_CODE) : meaning;
    }

    @Override
    public boolean mayYieldNull() {
        return toNull;
    }

    private static String code(Value value) {
        return value instanceof Value.Text text ? text.value() : PostgresText.format(value);
    }

    @Override
    public boolean yieldsListedCodes() {
        return true;
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    @Override
    public boolean restores(Value before, Cell after) {
        return after instanceof Value.Text meaning && code(before).equals(inverse.get(meaning.value()));
    }

    @Override
    public Value invert(Value after) {
        String code = inverse.get(((Value.Text) after).value());
        if (code == null) {
            throw new IllegalArgumentException("no single code has that meaning");
        }
        return new Value.Text(code);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Translate that && codes.equals(that.codes);
    }

    @Override
    public int hashCode() {
        return codes.hashCode();
    }

    @Override
    public String toString() {
        return "map of " + codes.size() + " codes";
    }
}
