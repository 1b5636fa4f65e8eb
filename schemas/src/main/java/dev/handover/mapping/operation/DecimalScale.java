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
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * A number with a fixed count of digits. A floating point number is the decimal that its database shows, the shortest
 * that reads back as the same number: {@code 0.1}, and not what its binary digits add up to. What has too many digits
 * before the point, or is not finite, is refused. A value that was rounded is not given back, and so its raw value is
 * kept.
 *
 * @param precision digits in all, 1 to 1,000
 * @param scale digits after the point
 * @param rounding what becomes of further digits; {@link RoundingMode#UNNECESSARY} refuses them
 * @param before the type of the values that this takes
 */
public record DecimalScale(int precision, int scale, RoundingMode rounding, ColumnType before) implements Operation {
    /** What PostgreSQL's {@code numeric} may declare. */
    public static final int PRECISION_MAX = 1_000;

    public DecimalScale {
        Objects.requireNonNull(rounding, "rounding");
        Objects.requireNonNull(before, "before");
        if (precision < 1 || precision > PRECISION_MAX || scale < 0 || scale > precision) {
            throw new IllegalArgumentException("a precision is 1 to 1000, and a scale 0 to the precision");
        }
    }

    /** Of decimal numbers of any scale. */
    public DecimalScale(int precision, int scale, RoundingMode rounding) {
        this(precision, scale, rounding, ColumnType.of(Kind.DECIMAL));
    }

    @Override
    public String name() {
        return "decimal";
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
        return ColumnType.decimal(precision, scale);
    }

    @Override
    public Operation bound(ColumnType type) {
        return new DecimalScale(precision, scale, rounding, type);
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        try {
            BigDecimal number = new BigDecimal(text(value)).setScale(scale, rounding);
            if (number.precision() <= precision) {
                return Outcome.accepted(Value.Decimal.of(number));
            }
        } catch (NumberFormatException e) {
            // not finite: told below
        } catch (ArithmeticException e) {
            // has to be rounded and may not be: told below
        }
        return at.reject(Reason.UNREPRESENTABLE);
    }

    private String text(Value value) {
        return value instanceof Value.Real real && before.kind() == Kind.FLOAT32
                ? Float.toString((float) real.value())
                : CanonicalText.of(value);
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    @Override
    public Value invert(Value after) {
        BigDecimal number = number(after);
        try {
            return switch (before.kind()) {
                case DECIMAL ->
                    before.length() == ColumnType.UNLIMITED
                            ? Value.Decimal.of(number)
                            : Value.Decimal.of(number.setScale(before.scale(), RoundingMode.UNNECESSARY));
                case FLOAT32, FLOAT64 -> CanonicalText.parse(before, number.toPlainString());
                default ->
                    CanonicalText.parse(
                            before, number.setScale(0, RoundingMode.UNNECESSARY).toPlainString());
            };
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("not a number that this made");
        }
    }

    private static BigDecimal number(Value value) {
        try {
            return new BigDecimal(CanonicalText.of(value));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number");
        }
    }
}
