package dev.handover.mapping.operation;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A result as a laboratory writes it to a decimal and its by-products: {@code >300} is 300 with the part
 * {@value #COMPARATOR} {@code >}, {@code =>16} and {@code ≥16} are 16 with {@code >=}, {@code 0-2} is null with the
 * parts {@value #LOW} 0 and {@value #HIGH} 2, and {@code 5} is 5 with none. A decimal keeps the digits that were
 * written. Blanks may stand around the comparator and the hyphen. Anything else is refused, so that no word behind a
 * number is lost; a word that is declared as a suffix is allowed, and its raw text is kept.
 *
 * <p>The inverse writes the number alone; it is checked, and so everything but a bare number keeps its raw text.
 *
 * @param written how the numbers are written
 * @param suffixes texts that may follow, such as {@code (HIGH)}
 */
public record Comparator(NumberForm written, List<String> suffixes) implements Operation {
    /** The part that holds {@code <}, {@code <=}, {@code >}, {@code >=} or {@code =}. */
    public static final String COMPARATOR = "comparator";
    /** The part that holds the first number of a range. */
    public static final String LOW = "low";
    /** The part that holds the second number of a range. */
    public static final String HIGH = "high";

    // longer spellings first
    private static final List<Map.Entry<String, String>> SPELLINGS = List.of(
            Map.entry(">=", ">="),
            Map.entry("=>", ">="),
            Map.entry("≥", ">="),
            Map.entry("<=", "<="),
            Map.entry("=<", "<="),
            Map.entry("≤", "<="),
            Map.entry(">", ">"),
            Map.entry("<", "<"),
            Map.entry("=", "="));

    public Comparator {
        Objects.requireNonNull(written, "written");
        suffixes = List.copyOf(suffixes);
        if (suffixes.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a suffix has a character");
        }
    }

    @Override
    public String name() {
        return "comparator";
    }

    @Override
    public ColumnType after(ColumnType before) {
        Types.text(before, name());
        return ColumnType.of(Kind.DECIMAL);
    }

    @Override
    public Map<String, ColumnType> parts() {
        ColumnType decimal = ColumnType.of(Kind.DECIMAL);
        return Map.of(COMPARATOR, ColumnType.of(Kind.TEXT), LOW, decimal, HIGH, decimal);
    }

    /** Of a range, there is no single number. */
    @Override
    public boolean mayYieldNull() {
        return true;
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        String text = withoutSuffix(((Value.Text) value).value().strip());
        for (Map.Entry<String, String> spelling : SPELLINGS) {
            if (text.startsWith(spelling.getKey())) {
                Optional<Value.Decimal> number =
                        number(text.substring(spelling.getKey().length()));
                number.ifPresent(found -> at.part(COMPARATOR, new Value.Text(spelling.getValue())));
                return outcome(number, at);
            }
        }
        Optional<Value.Decimal> number = number(text);
        return number.isPresent() ? outcome(number, at) : range(text, at);
    }

    private String withoutSuffix(String text) {
        for (String suffix : suffixes) {
            if (text.endsWith(suffix.strip())) {
                return text.substring(0, text.length() - suffix.strip().length())
                        .stripTrailing();
            }
        }
        return text;
    }

    private static Outcome<Cell> outcome(Optional<Value.Decimal> number, Evaluation at) {
        return number.<Outcome<Cell>>map(Outcome::accepted).orElseGet(() -> at.reject(Reason.UNPARSABLE));
    }

    private Optional<Value.Decimal> number(String text) {
        return written.plain(text.strip()).map(Value.Decimal::parse);
    }

    private Outcome<Cell> range(String text, Evaluation at) {
        // the first hyphen behind a digit: one before it is a sign
        int hyphen = text.indexOf('-', 1);
        if (hyphen < 0) {
            return at.reject(Reason.UNPARSABLE);
        }
        Optional<Value.Decimal> low = number(text.substring(0, hyphen));
        Optional<Value.Decimal> high = number(text.substring(hyphen + 1));
        if (low.isEmpty() || high.isEmpty() || decimal(low.get()).compareTo(decimal(high.get())) > 0) {
            return at.reject(Reason.UNPARSABLE);
        }
        at.part(LOW, low.get());
        at.part(HIGH, high.get());
        return Outcome.accepted(Cell.NULL);
    }

    private static BigDecimal decimal(Value.Decimal value) {
        return new BigDecimal(value.plain());
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    @Override
    public Value invert(Value after) {
        return new ParseNumber(ParseNumber.Form.DECIMAL, written).invert(after);
    }
}
