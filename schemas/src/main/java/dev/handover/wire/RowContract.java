package dev.handover.wire;

import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * The Avro form of a table's rows and keys: one field a column, so that any consumer reads them. What Avro has no word
 * for (the exact name, the source's type, the key) travels as properties of the fields, and so the schema that a record
 * was written under is the whole {@link TableSchema}.
 */
final class RowContract {
    static final String NAMESPACE = "dev.handover";
    /** The field of a key that tells one change of a row from another. */
    static final String CHANGE = "_handover_change";

    private static final String TABLE = "handover.table";
    private static final String COLUMN = "handover.column";
    private static final String TYPE = "handover.type";
    private static final String NULLABLE = "handover.nullable";
    private static final String KEY = "handover.key";

    private RowContract() {}

    /** Whether a cell may say that it is unchanged. */
    enum Cells {
        COMPLETE,
        PARTIAL
    }

    static Schema row(TableSchema table, Cells cells) {
        List<Schema.Field> fields = new ArrayList<>();
        Schema unchanged =
                SchemaBuilder.enumeration("Unchanged").namespace(NAMESPACE).symbols("UNCHANGED");
        for (Column column : table.columns()) {
            List<Schema> branches = new ArrayList<>(List.of(Schema.create(Schema.Type.NULL), avro(column.type())));
            if (cells == Cells.PARTIAL) {
                branches.add(unchanged);
            }
            fields.add(field(column, Schema.createUnion(branches), Schema.Field.NULL_DEFAULT_VALUE, table));
        }
        Schema row = Schema.createRecord("Row", "A row of " + table.table().text(), NAMESPACE, false, fields);
        row.addProp(TABLE, table.table().text());
        return row;
    }

    static Schema key(TableSchema table) {
        return key(table, List.of());
    }

    /** A key of one change of a row, for a log in which no change of a row may replace another. */
    static Schema changeKey(TableSchema table) {
        Schema.Field change = new Schema.Field(
                CHANGE, Schema.create(Schema.Type.BYTES), "the position: unsigned big-endian", (Object) null);
        return key(table, List.of(change));
    }

    private static Schema key(TableSchema table, List<Schema.Field> more) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Column column : table.keyColumns()) {
            fields.add(field(column, avro(column.type()), null, table));
        }
        fields.addAll(more);
        Schema key = Schema.createRecord("Key", "A key of " + table.table().text(), NAMESPACE, false, fields);
        key.addProp(TABLE, table.table().text());
        return key;
    }

    private static Schema.Field field(
            Column column, Schema schema, @org.jspecify.annotations.Nullable Object byDefault, TableSchema table) {
        Schema.Field field = byDefault == null
                ? new Schema.Field(avroName(column.name()), schema)
                : new Schema.Field(avroName(column.name()), schema, null, byDefault);
        field.addProp(COLUMN, column.name());
        ColumnType type = column.type();
        field.addProp(TYPE, type.kind().name() + "," + type.length() + "," + type.scale() + "," + type.name());
        field.addProp(NULLABLE, column.nullable());
        int order = table.key().indexOf(column.name());
        if (order >= 0) {
            field.addProp(KEY, order + 1);
        }
        return field;
    }

    /**
     * The table that a row's schema describes. @throws IllegalArgumentException when it is not one of these contracts
     */
    static TableSchema table(Schema row) {
        String table = row.getProp(TABLE);
        if (table == null) {
            throw new IllegalArgumentException("the schema names no table");
        }
        List<Column> columns = new ArrayList<>();
        Map<Integer, String> key = new TreeMap<>(Comparator.naturalOrder());
        for (Schema.Field field : row.getFields()) {
            String name = field.getProp(COLUMN);
            String type = field.getProp(TYPE);
            if (name == null || type == null || !(field.getObjectProp(NULLABLE) instanceof Boolean nullable)) {
                throw new IllegalArgumentException(
                        "field \"" + field.name() + "\" of " + table + " describes no column");
            }
            String[] parts = type.split(",", 4);
            columns.add(new Column(
                    name,
                    new ColumnType(
                            Kind.valueOf(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), parts[3]),
                    nullable));
            if (field.getObjectProp(KEY) instanceof Number order) {
                key.put(order.intValue(), name);
            }
        }
        return new TableSchema(TableId.parse(table), columns, List.copyOf(key.values()));
    }

    static GenericRecord write(Schema schema, Row row) {
        GenericData.Record record = new GenericData.Record(schema);
        for (int i = 0; i < row.cells().size(); i++) {
            record.put(i, avro(row.cells().get(i), schema.getFields().get(i).schema()));
        }
        return record;
    }

    static Row read(TableSchema table, GenericRecord record) {
        List<Cell> cells = new ArrayList<>(table.columns().size());
        for (int i = 0; i < table.columns().size(); i++) {
            cells.add(cell(table.columns().get(i).type().kind(), record.get(i)));
        }
        return new Row(table, cells);
    }

    static GenericRecord write(Schema schema, RowKey key) {
        GenericData.Record record = new GenericData.Record(schema);
        for (int i = 0; i < key.values().size(); i++) {
            record.put(i, avro(key.values().get(i), schema.getFields().get(i).schema()));
        }
        return record;
    }

    static RowKey readKey(TableSchema table, GenericRecord record) {
        List<Column> columns = table.keyColumns();
        List<Value> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            if (!(cell(columns.get(i).type().kind(), record.get(i)) instanceof Value value)) {
                throw new IllegalArgumentException("a key of " + table.table() + " has no value for \""
                        + columns.get(i).name() + "\"");
            }
            values.add(value);
        }
        return new RowKey(values);
    }

    private static Schema avro(ColumnType type) {
        return Schema.create(
                switch (type.kind()) {
                    case BOOLEAN -> Schema.Type.BOOLEAN;
                    case INT16, INT32, INT64 -> Schema.Type.LONG;
                    case FLOAT32, FLOAT64 -> Schema.Type.DOUBLE;
                    case BYTES -> Schema.Type.BYTES;
                    default -> Schema.Type.STRING;
                });
    }

    private static @org.jspecify.annotations.Nullable Object avro(Cell cell, Schema field) {
        if (cell instanceof Value value) {
            return value.<Object>fold(
                    Value.Bool::value,
                    Value.Int::value,
                    Value.Decimal::plain,
                    Value.Real::value,
                    Value.Text::value,
                    bytes -> ByteBuffer.wrap(bytes.value()));
        }
        return cell == Cell.NULL
                ? null
                : new GenericData.EnumSymbol(field.getTypes().get(2), "UNCHANGED");
    }

    private static Cell cell(Kind kind, @org.jspecify.annotations.Nullable Object avro) {
        if (avro == null) {
            return Cell.NULL;
        }
        if (avro instanceof GenericData.EnumSymbol) {
            return Cell.UNCHANGED;
        }
        return switch (kind) {
            case BOOLEAN -> new Value.Bool((Boolean) avro);
            case INT16, INT32, INT64 -> new Value.Int((Long) avro);
            case FLOAT32, FLOAT64 -> new Value.Real((Double) avro);
            case UINT64, DECIMAL -> new Value.Decimal(avro.toString());
            case BYTES -> bytes((ByteBuffer) avro);
            default -> new Value.Text(avro.toString());
        };
    }

    private static Value.Bytes bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return new Value.Bytes(bytes);
    }

    /** Avro's names have letters, digits and underscores, and do not begin with a digit. */
    private static String avroName(String column) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < column.length(); i++) {
            char c = column.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
            boolean digit = c >= '0' && c <= '9';
            if (letter || digit && !name.isEmpty()) {
                name.append(c);
            } else {
                name.append(String.format("_x%04x", (int) c));
            }
        }
        return name.toString();
    }
}
