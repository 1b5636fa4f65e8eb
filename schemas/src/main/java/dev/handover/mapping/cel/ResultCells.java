package dev.handover.mapping.cel;

import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.handover.mapping.InvalidExpression;
import dev.handover.mapping.InvalidExpression.Issue;
import dev.handover.mapping.InvalidExpression.Spot;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From what an expression gives to cells of a column, strictly: what does not fit as it is, is refused. */
record ResultCells(ColumnType type) {
    private static final Set<Kind> NUMBERS = Set.of(Kind.INT16, Kind.INT32, Kind.INT64, Kind.UINT64, Kind.DECIMAL);

    private static final Map<CelKind, Set<Kind>> FITTING = new EnumMap<>(Map.of(
            CelKind.BOOL, Set.of(Kind.BOOLEAN),
            CelKind.INT, NUMBERS,
            CelKind.OPAQUE, NUMBERS,
            CelKind.DOUBLE, Set.of(Kind.FLOAT64, Kind.FLOAT32),
            CelKind.BYTES, Set.of(Kind.BYTES),
            CelKind.STRING,
                    Set.of(Kind.TEXT, Kind.CHAR, Kind.DATE, Kind.TIME, Kind.TIMESTAMP, Kind.TIMESTAMPTZ, Kind.UUID)));

    /**
     * @param given the expression's own type
     * @param declared the column's type; without it, the one that takes every value of the expression's
     * @throws InvalidExpression when no value of the one is a value of the other
     */
    static ResultCells of(CelType given, Optional<ColumnType> declared) {
        if (declared.isEmpty()) {
            return new ResultCells(ColumnType.of(natural(given)));
        }
        Kind kind = declared.get().kind();
        boolean fits =
                switch (given.kind()) {
                    case DYN, NULL_TYPE -> FITTING.values().stream().anyMatch(kinds -> kinds.contains(kind));
                    default -> FITTING.getOrDefault(given.kind(), Set.of()).contains(kind);
                };
        if (!fits) {
            throw refused(
                    "gives " + given.name() + ", which is no " + declared.get().name());
        }
        return new ResultCells(declared.get());
    }

    private static Kind natural(CelType given) {
        return switch (given.kind()) {
            case BOOL -> Kind.BOOLEAN;
            case INT -> Kind.INT64;
            case DOUBLE -> Kind.FLOAT64;
            case STRING -> Kind.TEXT;
            case BYTES -> Kind.BYTES;
            case OPAQUE -> Kind.DECIMAL;
            case DYN, NULL_TYPE -> throw refused("gives a value of any type: declare the column's with  type");
            default -> throw refused("gives " + given.name() + ", which is no value of a column");
        };
    }

    private static InvalidExpression refused(String fact) {
        return new InvalidExpression(List.of(new Issue(Spot.START, fact)));
    }

    /** @throws IllegalArgumentException when the result is no value of the column; the message holds no value */
    Cell cell(Object result) {
        if (result instanceof NullValue) {
            return Cell.NULL;
        }
        return switch (type.kind()) {
            case BOOLEAN -> new Value.Bool(as(Boolean.class, result));
            case FLOAT32, FLOAT64 -> real(as(Double.class, result));
            case BYTES -> new Value.Bytes(as(CelByteString.class, result).toByteArray());
            case INT16, INT32, INT64, UINT64, DECIMAL ->
                number(
                        result instanceof Long whole
                                ? BigDecimal.valueOf(whole)
                                : as(ExactDecimal.class, result).number());
            default -> text(as(String.class, result));
        };
    }

    // an expression of any type is told its type by its results
    private <T> T as(Class<T> expected, Object result) {
        if (!expected.isInstance(result)) {
            throw new IllegalArgumentException("not a value of " + type.name());
        }
        return expected.cast(result);
    }

    private Value real(double number) {
        if (type.kind() == Kind.FLOAT32 && !Double.isNaN(number) && (float) number != number) {
            throw new IllegalArgumentException("needs more digits than real has");
        }
        return new Value.Real(number);
    }

    private Value number(BigDecimal number) {
        try {
            return switch (type.kind()) {
                case INT16 -> new Value.Int(number.shortValueExact());
                case INT32 -> new Value.Int(number.intValueExact());
                case INT64 -> new Value.Int(number.longValueExact());
                case UINT64 -> unsigned(number);
                default -> decimal(number);
            };
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("not a value of " + type.name());
        }
    }

    private static Value unsigned(BigDecimal number) {
        if (number.signum() < 0 || number.toBigIntegerExact().bitLength() > Long.SIZE) {
            throw new ArithmeticException("out of range");
        }
        return Value.Decimal.of(number.setScale(0, RoundingMode.UNNECESSARY));
    }

    private Value decimal(BigDecimal number) {
        if (type.length() == ColumnType.UNLIMITED) {
            return Value.Decimal.of(number);
        }
        BigDecimal scaled = number.setScale(type.scale(), RoundingMode.UNNECESSARY);
        if (scaled.precision() > type.length()) {
            throw new ArithmeticException("out of range");
        }
        return Value.Decimal.of(scaled);
    }

    private Value text(String text) {
        return new Value.Text(
                switch (type.kind()) {
                    case DATE -> StrictText.date(text);
                    case TIME -> StrictText.time(text);
                    case TIMESTAMP -> StrictText.timestamp(text);
                    case TIMESTAMPTZ -> StrictText.instant(text);
                    case UUID -> StrictText.uuid(text);
                    case CHAR -> sized(text.stripTrailing());
                    default -> sized(text);
                });
    }

    private String sized(String text) {
        if (type.length() != ColumnType.UNLIMITED && text.codePointCount(0, text.length()) > type.length()) {
            throw new IllegalArgumentException("longer than " + type.length());
        }
        return text;
    }
}
