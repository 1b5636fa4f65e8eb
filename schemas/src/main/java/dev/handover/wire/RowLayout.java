package dev.handover.wire;

import dev.handover.row.Cell;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.wire.AvroBinary.UndecodableBytes;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Rows in the bytes of {@link RowContract#row}: for each column a union of nothing, the value and, in a change log, "as
 * it was".
 */
final class RowLayout {
    private static final int NULL = 0;
    private static final int VALUE = 1;
    private static final int UNCHANGED = 2;

    private final TableSchema table;
    private final Kind[] kinds;
    private final int branches;

    private RowLayout(TableSchema table, int branches) {
        this.table = table;
        this.kinds =
                table.columns().stream().map(column -> column.type().kind()).toArray(Kind[]::new);
        this.branches = branches;
    }

    /** Of a row's schema. @throws IllegalArgumentException when it is not one of these contracts */
    static RowLayout of(Schema row) {
        TableSchema table = RowContract.table(row);
        List<Schema.Field> fields = row.getFields();
        int branches = 0;
        for (int i = 0; i < fields.size(); i++) {
            List<Schema> types = fields.get(i).schema().getTypes();
            Kind kind = table.columns().get(i).type().kind();
            boolean ours = types.get(NULL).getType() == Schema.Type.NULL
                    && types.get(VALUE).getType() == RowContract.avro(kind)
                    && (types.size() == UNCHANGED
                            || types.size() == UNCHANGED + 1
                                    && types.get(UNCHANGED).getType() == Schema.Type.ENUM
                                    && types.get(UNCHANGED).getEnumSymbols().size() == 1);
            if (!ours || i > 0 && types.size() != branches) {
                throw new IllegalArgumentException(
                        "field \"" + fields.get(i).name() + "\" of " + table + " is no cell");
            }
            branches = types.size();
        }
        return new RowLayout(table, branches);
    }

    TableSchema table() {
        return table;
    }

    Row read(AvroIn in) throws UndecodableBytes {
        Cell[] cells = new Cell[kinds.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = switch (in.index(branches)) {
                case NULL -> Cell.NULL;
                case VALUE -> value(kinds[i], in);
                default -> {
                    in.index(1);
                    yield Cell.UNCHANGED;
                }
            };
        }
        return new Row(table, List.of(cells));
    }

    static void write(AvroOut out, Row row) {
        for (Cell cell : row.cells()) {
            if (cell instanceof Value value) {
                write(out.number(VALUE), value);
            } else if (cell == Cell.NULL) {
                out.number(NULL);
            } else {
                out.number(UNCHANGED).number(0);
            }
        }
    }

    static void write(AvroOut out, Value value) {
        if (value instanceof Value.Text text) {
            out.text(text.value());
        } else if (value instanceof Value.Int integer) {
            out.number(integer.value());
        } else if (value instanceof Value.Decimal decimal) {
            out.text(decimal.plain());
        } else if (value instanceof Value.Bool bool) {
            out.bool(bool.value());
        } else if (value instanceof Value.Real real) {
            out.real(real.value());
        } else if (value instanceof Value.Bytes bytes) {
            out.bytes(bytes.value());
        }
    }

    static Value value(Kind kind, AvroIn in) throws UndecodableBytes {
        return switch (kind) {
            case BOOLEAN -> new Value.Bool(in.bool());
            case INT16, INT32, INT64 -> new Value.Int(in.number());
            case FLOAT32, FLOAT64 -> new Value.Real(in.real());
            case UINT64, DECIMAL -> new Value.Decimal(in.text());
            case BYTES -> new Value.Bytes(in.bytes());
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
                    NATIVE -> new Value.Text(in.text());
        };
    }
}
