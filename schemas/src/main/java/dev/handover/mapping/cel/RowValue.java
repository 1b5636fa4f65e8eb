package dev.handover.mapping.cel;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.cel.common.values.StructValue;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.math.BigDecimal;
import java.util.Optional;

/** A row as CEL sees it: a struct with a field for each column. */
@SuppressWarnings("Immutable") // a row is, and says so nowhere
final class RowValue extends StructValue<String, Row> {
    private static final String NAME = "Row";

    private final Row row;

    RowValue(Row row) {
        this.row = row;
    }

    /** The struct's type. Any column may be null, whatever the source says of it today. */
    static StructType type(TableSchema source) {
        ImmutableSet<String> names = source.columns().stream().map(Column::name).collect(ImmutableSet.toImmutableSet());
        return StructType.create(NAME, names, name -> source.column(name)
                .map(column -> type(column.type().kind())));
    }

    private static CelType type(Kind kind) {
        return switch (kind) {
            case BOOLEAN -> NullableType.create(SimpleType.BOOL);
            case INT16, INT32, INT64 -> NullableType.create(SimpleType.INT);
            case FLOAT32, FLOAT64 -> NullableType.create(SimpleType.DOUBLE);
            case BYTES -> NullableType.create(SimpleType.BYTES);
            // an opaque type may be null as it is
            case DECIMAL, UINT64 -> ExactDecimal.TYPE;
            case TEXT,
                    CHAR,
                    BITS,
                    VARBITS,
                    DATE,
                    TIME,
                    TIMETZ,
                    TIMESTAMP,
                    TIMESTAMPTZ,
                    DURATION,
                    INTERVAL,
                    UUID,
                    JSON,
                    JSONB,
                    NATIVE -> NullableType.create(SimpleType.STRING);
        };
    }

    @Override
    public Object select(String column) {
        return row.cell(column) instanceof Value value ? celValue(value) : NullValue.NULL_VALUE;
    }

    /** For {@code has(row.column)}: whether there is a value. */
    @Override
    public Optional<?> find(String column) {
        Cell cell = row.cell(column);
        return cell instanceof Value value ? Optional.of(celValue(value)) : Optional.empty();
    }

    private static Object celValue(Value value) {
        return value.fold(
                Value.Bool::value,
                Value.Int::value,
                // NaN and the infinities are no decimals; their rows get no answer
                decimal -> new ExactDecimal(new BigDecimal(decimal.plain())),
                Value.Real::value,
                Value.Text::value,
                bytes -> CelByteString.of(bytes.value()));
    }

    @Override
    public Row value() {
        return row;
    }

    @Override
    public boolean isZeroValue() {
        return false;
    }

    @Override
    public CelType celType() {
        return type(row.schema());
    }

    @Override
    public String toString() {
        return NAME;
    }
}
