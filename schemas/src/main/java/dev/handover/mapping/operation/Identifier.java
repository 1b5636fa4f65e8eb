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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An identifier of a system: characters that only format it are left out, and what remains is checked. The part
 * {@value #SYSTEM} holds the system. Nothing is compared with other rows: two patients of one number stay two. Its
 * inverse is identity, checked for each value.
 */
public final class Identifier implements Operation {
    /** The part that names the system, present where the identifier is. */
    public static final String SYSTEM = "system";

    private final String system;
    private final String formatting;
    private final Optional<BoundedPattern> pattern;

    /**
     * @param system what the identifier is unique in, such as {@code http://hl7.org/fhir/sid/us-ssn}
     * @param formatting the characters to leave out, such as {@code - }
     * @param pattern what must match what remains, as a whole; texts above 256 characters do not match
     * @throws IllegalArgumentException when the pattern is none
     */
    public Identifier(String system, String formatting, Optional<String> pattern) {
        this.system = Objects.requireNonNull(system, "system");
        this.formatting = Objects.requireNonNull(formatting, "formatting");
        this.pattern = pattern.map(BoundedPattern::of);
    }

    @Override
    public String name() {
        return "identifier";
    }

    @Override
    public ColumnType after(ColumnType before) {
        Types.require(before, name(), Kind.TEXT, Kind.CHAR, Kind.INT16, Kind.INT32, Kind.INT64, Kind.UINT64, Kind.UUID);
        boolean sized = before.kind() == Kind.TEXT || before.kind() == Kind.CHAR;
        return sized ? before : ColumnType.of(Kind.TEXT);
    }

    @Override
    public Map<String, ColumnType> parts() {
        return Map.of(SYSTEM, ColumnType.of(Kind.TEXT));
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        String text = CanonicalText.of(value);
        StringBuilder bare = new StringBuilder(text.length());
        text.codePoints().filter(c -> formatting.indexOf(c) < 0).forEach(bare::appendCodePoint);
        String identifier = bare.toString();
        boolean wrong = pattern.isPresent() && !pattern.get().matches(identifier);
        if (identifier.isEmpty() || wrong) {
            return at.reject(Reason.UNPARSABLE);
        }
        at.part(SYSTEM, new Value.Text(system));
        return Outcome.accepted(new Value.Text(identifier));
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    @Override
    public boolean restores(Value before, Cell after) {
        return after instanceof Value value && CanonicalText.of(value).equals(CanonicalText.of(before));
    }

    @Override
    public Value invert(Value after) {
        return after;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Identifier that
                && system.equals(that.system)
                && formatting.equals(that.formatting)
                && pattern.map(BoundedPattern::expression).equals(that.pattern.map(BoundedPattern::expression));
    }

    @Override
    public int hashCode() {
        return Objects.hash(system, formatting);
    }

    @Override
    public String toString() {
        return "identifier of " + system;
    }
}
