package dev.handover.wire;

import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

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
            Column column = column(field);
            columns.add(column);
            if (field.getObjectProp(KEY) instanceof Number order) {
                key.put(order.intValue(), column.name());
            }
        }
        return new TableSchema(TableId.parse(table), columns, List.copyOf(key.values()));
    }

    /** The column that a field describes. @throws IllegalArgumentException when it describes none */
    static Column column(Schema.Field field) {
        String name = field.getProp(COLUMN);
        String type = field.getProp(TYPE);
        if (name == null || type == null || !(field.getObjectProp(NULLABLE) instanceof Boolean nullable)) {
            throw new IllegalArgumentException("field \"" + field.name() + "\" describes no column");
        }
        String[] parts = type.split(",", 4);
        return new Column(
                name,
                new ColumnType(
                        Kind.valueOf(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), parts[3]),
                nullable);
    }

    /** What a value of that kind is in Avro. */
    static Schema.Type avro(Kind kind) {
        return switch (kind) {
            case BOOLEAN -> Schema.Type.BOOLEAN;
            case INT16, INT32, INT64 -> Schema.Type.LONG;
            case FLOAT32, FLOAT64 -> Schema.Type.DOUBLE;
            case BYTES -> Schema.Type.BYTES;
            default -> Schema.Type.STRING;
        };
    }

    private static Schema avro(ColumnType type) {
        return Schema.create(avro(type.kind()));
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
