package dev.handover.mapping.operation;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Value;
import java.util.Objects;
import java.util.Optional;

/**
 * The text that bytes spell in a character set.
 *
 * <p>Of a column of bytes: read strictly in {@code as}; where that fails, in {@code fallback} with a finding
 * {@link Finding.Kind#FALLBACK}; where that fails too, refused. Of a column of text whose bytes were written in one set
 * and read in another ({@code MÃ¼ller} for {@code Müller}): {@code stored} gives the bytes back, and {@code as} reads
 * them. Where they cannot be had or do not spell anything, the text stays as it is, with the same finding.
 *
 * <p>The inverse encodes again. It is exact where each byte sequence has one text and there is no fallback.
 */
public final class CharacterSet implements Operation {
    private final Optional<String> stored;
    private final String as;
    private final Optional<String> fallback;
    private final Optional<Coding> wrong;
    private final Coding right;
    private final Optional<Coding> second;

    private CharacterSet(Optional<String> stored, String as, Optional<String> fallback) {
        this.stored = stored;
        this.as = Objects.requireNonNull(as, "as");
        this.fallback = fallback;
        this.wrong = stored.map(Coding::of);
        this.right = Coding.of(as);
        this.second = fallback.map(Coding::of);
        if (stored.isPresent() && fallback.isPresent()) {
            throw new IllegalArgumentException("the fallback of a text that is stored wrongly is the text as it is");
        }
        if (wrong.isPresent() && !wrong.get().isTable()) {
            throw new IllegalArgumentException("stored must be a character set of one byte a character");
        }
    }

    /** Bytes in a character set. @throws IllegalArgumentException when there is no set of that name */
    public static CharacterSet of(String as) {
        return new CharacterSet(Optional.empty(), as, Optional.empty());
    }

    /** Bytes in a character set, or else in another. @throws IllegalArgumentException when there is no such set */
    public static CharacterSet of(String as, String fallback) {
        return new CharacterSet(Optional.empty(), as, Optional.of(fallback));
    }

    /**
     * Text of bytes in {@code as} that a database read as {@code stored}.
     *
     * @throws IllegalArgumentException when there is no such set, or {@code stored} has several bytes a character
     */
    public static CharacterSet repaired(String stored, String as) {
        return new CharacterSet(Optional.of(stored), as, Optional.empty());
    }

    @Override
    public String name() {
        return "charset";
    }

    @Override
    public ColumnType after(ColumnType before) {
        if (wrong.isEmpty()) {
            if (before.kind() != Kind.BYTES) {
                throw new IllegalArgumentException(
                        "charset without stored takes bytes and cannot take " + before.name());
            }
            return ColumnType.of(Kind.TEXT);
        }
        Types.text(before, name());
        // one byte a character before, so there are not more characters after
        return before.length() == ColumnType.UNLIMITED ? ColumnType.of(Kind.TEXT) : ColumnType.text(before.length());
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        return value instanceof Value.Bytes bytes ? decoded(bytes, at) : repaired((Value.Text) value, at);
    }

    private Outcome<Cell> decoded(Value.Bytes bytes, Evaluation at) {
        Optional<String> text = right.decode(bytes.value());
        if (text.isEmpty() && second.isPresent()) {
            text = second.get().decode(bytes.value());
            if (text.isPresent()) {
                at.find(Finding.Kind.FALLBACK, new Value.Text(text.get()));
            }
        }
        return text.<Outcome<Cell>>map(found -> Outcome.accepted(new Value.Text(found)))
                .orElseGet(() -> at.reject(Reason.UNPARSABLE));
    }

    private Outcome<Cell> repaired(Value.Text value, Evaluation at) {
        Coding from = wrong.orElseThrow();
        if (from.extendsAscii() && right.extendsAscii() && isAscii(value.value())) {
            return Outcome.accepted(value);
        }
        Optional<String> text = from.encode(value.value()).flatMap(right::decode);
        if (text.isEmpty()) {
            at.find(Finding.Kind.FALLBACK, value);
            return Outcome.accepted(value);
        }
        return Outcome.accepted(new Value.Text(text.get()));
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Reversal reversal() {
        return wrong.isEmpty() && second.isEmpty() && right.isExact() ? Reversal.EXACT : Reversal.CHECKED;
    }

    @Override
    public Value invert(Value after) {
        Optional<byte[]> bytes = right.encode(((Value.Text) after).value());
        Optional<Value> before = wrong.isEmpty()
                ? bytes.map(Value.Bytes::new)
                : bytes.flatMap(wrong.get()::decode).map(Value.Text::new);
        return before.orElseThrow(() -> new IllegalArgumentException("not in that character set"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CharacterSet that
                && stored.equals(that.stored)
                && as.equals(that.as)
                && fallback.equals(that.fallback);
    }

    @Override
    public int hashCode() {
        return Objects.hash(stored, as, fallback);
    }

    @Override
    public String toString() {
        return "charset " + as;
    }
}
