package dev.handover.mapping.operation;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.mapping.unit.Quantities;
import dev.handover.mapping.unit.Quantity;
import dev.handover.mapping.unit.Ucum;
import dev.handover.mapping.unit.Unit;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A number to the same quantity in the target unit, by the unit that another column of the row names, as a text or as a
 * number that the map knows. A floating point number is the decimal that its database shows. Value and unit are
 * converted together or not at all: the unit that goes with the new value is the part {@value #UNIT}, a UCUM code, null
 * where there is none; the part {@value #STATUS} says what became of the quantity, also where it was refused:
 * {@code as-written}, {@code exact}, {@code rounded}, {@code unitless}; or {@code unmapped}, {@code ambiguous},
 * {@code no-ucum}, {@code ucum-by-accident}, {@code inconvertible}, {@code endless}.
 *
 * <p>Where the row names no unit, the map is asked for the empty text.
 *
 * <p>The unit column comes back from the part {@value #UNIT} where only one string of the map stands for that unit, and
 * so a clean column of units needs no raw copies.
 */
public final class UnitConversion implements Operation {
    /** The part that holds the UCUM code of the value's unit. */
    public static final String UNIT = "unit";
    /** The part that says what became of the quantity. */
    public static final String STATUS = "unitStatus";

    /** A source has dozens of units; codes beyond that are decided anew each time. */
    private static final int MEMO_MAX = 4_096;

    private final String column;
    private final Quantities quantities;
    private final ColumnType before;
    // changes no answer
    private final Map<String, Cell> strings = new ConcurrentHashMap<>();

    /** @param column the source column that names the unit */
    public UnitConversion(String column, Quantities quantities) {
        this(column, quantities, ColumnType.of(Kind.DECIMAL));
    }

    private UnitConversion(String column, Quantities quantities, ColumnType before) {
        this.column = Objects.requireNonNull(column, "column");
        this.quantities = Objects.requireNonNull(quantities, "quantities");
        this.before = before;
    }

    @Override
    public String name() {
        return "unit";
    }

    @Override
    public ColumnType after(ColumnType type) {
        Types.require(
                type,
                name(),
                Kind.DECIMAL,
                Kind.INT16,
                Kind.INT32,
                Kind.INT64,
                Kind.UINT64,
                Kind.FLOAT32,
                Kind.FLOAT64);
        return ColumnType.of(Kind.DECIMAL);
    }

    @Override
    public ColumnType after(ColumnType type, TableSchema source) {
        source.column(column).ifPresent(found -> {
            if (!names(found.type().kind())) {
                throw new IllegalArgumentException("units are texts or whole numbers, and column \"" + column + "\" is "
                        + found.type().name());
            }
        });
        return after(type);
    }

    /** Whether values of that kind can name a unit: the number of a row in a table of units or concepts can. */
    private static boolean names(Kind kind) {
        return switch (kind) {
            case INT16, INT32, INT64, UINT64 -> true;
            default -> CanonicalText.isText(kind);
        };
    }

    @Override
    public Operation bound(ColumnType type) {
        return new UnitConversion(column, quantities, type);
    }

    @Override
    public Set<String> reads() {
        return Set.of(column);
    }

    @Override
    public Map<String, ColumnType> parts() {
        return Map.of(UNIT, ColumnType.of(Kind.TEXT), STATUS, ColumnType.of(Kind.TEXT));
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        Cell cell = at.read(column);
        if (cell == Cell.UNCHANGED) {
            return Outcome.rejected(Reason.UNCHANGED_VALUE_UNKNOWN, column);
        }
        BigDecimal number;
        try {
            number = number(value);
        } catch (NumberFormatException e) {
            return at.reject(Reason.UNREPRESENTABLE);
        }
        Value local = new Value.Text(local(cell));
        return quantities
                .of(number, local(cell))
                .fold(
                        measured -> measured(measured, at),
                        unitless -> {
                            at.verdict(STATUS, "unitless");
                            return Outcome.accepted(Value.Decimal.of(unitless.value()));
                        },
                        unknown -> {
                            at.verdict(STATUS, word(unknown.cause()));
                            return at.reject(Reason.UNKNOWN_UNIT, local);
                        },
                        inconvertible -> {
                            at.verdict(STATUS, "inconvertible");
                            return at.reject(Reason.INCONVERTIBLE_UNIT, local);
                        },
                        endless -> {
                            at.verdict(STATUS, "endless");
                            return at.reject(Reason.INCONVERTIBLE_UNIT, local);
                        });
    }

    /** A floating point number has no digits but those that tell it from its neighbours. */
    private static BigDecimal number(Value value) {
        BigDecimal number = new BigDecimal(CanonicalText.of(value));
        if (!(value instanceof Value.Real)) {
            return number;
        }
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static Outcome<Cell> measured(Quantity.Measured measured, Evaluation at) {
        at.part(UNIT, new Value.Text(measured.unit().code()));
        at.verdict(STATUS, word(measured.precision()));
        return Outcome.accepted(Value.Decimal.of(measured.value()));
    }

    private static String word(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String local(Cell cell) {
        return cell instanceof Value value ? CanonicalText.of(value) : "";
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    @Override
    public boolean restores(Value value, Cell after, Reading others) {
        try {
            return after instanceof Value made && invert(made, others).equals(value);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Without its unit no value has an inverse. */
    @Override
    public Value invert(Value after) {
        throw new IllegalArgumentException("a value comes back with its unit only");
    }

    @Override
    public Value invert(Value after, Reading others) {
        try {
            BigDecimal back = quantities
                    .back(new BigDecimal(CanonicalText.of(after)), local(others.read(column)))
                    .orElseThrow(() -> new IllegalArgumentException("no value of that unit gives this one"));
            boolean scaled =
                    switch (before.kind()) {
                        case FLOAT32, FLOAT64 -> false;
                        case DECIMAL -> before.length() != ColumnType.UNLIMITED;
                        default -> true;
                    };
            BigDecimal written = scaled ? back.setScale(before.scale(), RoundingMode.UNNECESSARY) : back;
            return CanonicalText.parse(before, written.toPlainString());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number");
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("not a number that this made");
        }
    }

    @Override
    public Map<String, String> restoring() {
        return Map.of(column, UNIT);
    }

    @Override
    public Cell restored(String name, Cell part) {
        if (!(part instanceof Value value)) {
            return Cell.NULL;
        }
        String code = CanonicalText.of(value);
        Cell known = strings.get(code);
        if (known != null) {
            return known;
        }
        Cell string = Ucum.standard().parse(code).map(this::string).orElse(Cell.NULL);
        if (strings.size() < MEMO_MAX) {
            strings.put(code, string);
        }
        return string;
    }

    /** The unit of rows that name none comes back as none. */
    private Cell string(Unit unit) {
        boolean absent = quantities.unitOf("").filter(unit::equals).isPresent();
        return absent
                ? Cell.NULL
                : quantities.back(unit).<Cell>map(Value.Text::new).orElse(Cell.NULL);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnitConversion that
                && column.equals(that.column)
                && quantities.equals(that.quantities)
                && before.equals(that.before);
    }

    @Override
    public int hashCode() {
        return Objects.hash(column, quantities);
    }

    @Override
    public String toString() {
        return "unit of " + column;
    }
}
