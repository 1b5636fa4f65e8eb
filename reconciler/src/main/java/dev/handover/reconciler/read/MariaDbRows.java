package dev.handover.reconciler.read;

import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Temporal;
import dev.handover.row.Value;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Rows of MariaDB as values. The server prints everything that a driver would interpret: dates that do not exist, times
 * above a day, bits, and floats, which it cuts to six digits unless they are made doubles (by a product, which keeps
 * the sign of zero, where a sum would lose it).
 */
final class MariaDbRows {
    private MariaDbRows() {}

    static String quoted(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    static String quoted(TableId table) {
        return quoted(table.schema()) + "." + quoted(table.name());
    }

    static String select(TableSchema schema) {
        List<String> cells = new ArrayList<>();
        for (Column column : schema.content()) {
            cells.add(expression(quoted(column.name()), column.type().kind()) + " AS c" + cells.size());
        }
        return "SELECT " + String.join(", ", cells) + " FROM " + quoted(schema.table());
    }

    private static String expression(String name, Kind kind) {
        return switch (kind) {
            case BYTES, TEXT, CHAR, JSON -> name;
            case FLOAT32, FLOAT64 -> "CAST(" + name + " * 1e0 AS CHAR)";
            case BITS, BOOLEAN -> "BIN(" + name + " + 0)";
            default -> "CAST(" + name + " AS CHAR)";
        };
    }

    /** A condition on as many keys as there are. */
    static String keyed(TableSchema schema, int keys) {
        String tuple = "(" + String.join(", ", Collections.nCopies(schema.key().size(), "?")) + ")";
        return " WHERE ("
                + String.join(
                        ", ", schema.key().stream().map(MariaDbRows::quoted).toList()) + ") IN ("
                + String.join(", ", Collections.nCopies(keys, tuple)) + ")";
    }

    /** Binds keys by their own types: text that is compared with a number would become a double. */
    static void bind(PreparedStatement statement, TableSchema schema, List<RowKey> keys) throws SQLException {
        List<Column> columns = schema.keyColumns();
        int place = 1;
        for (RowKey key : keys) {
            for (int i = 0; i < columns.size(); i++) {
                bind(statement, place++, columns.get(i).type(), key.values().get(i));
            }
        }
    }

    private static void bind(PreparedStatement statement, int place, ColumnType type, Value value) throws SQLException {
        if (value instanceof Value.Bool bool) {
            statement.setLong(place, bool.value() ? 1 : 0);
        } else if (value instanceof Value.Int integer) {
            statement.setLong(place, integer.value());
        } else if (value instanceof Value.Decimal decimal) {
            statement.setBigDecimal(place, new BigDecimal(decimal.plain()));
        } else if (value instanceof Value.Real real) {
            statement.setDouble(place, real.value());
        } else if (value instanceof Value.Bytes bytes) {
            statement.setBytes(place, bytes.value());
        } else {
            String text = ((Value.Text) value).value();
            if (type.kind() == Kind.BITS) {
                statement.setBigDecimal(place, new BigDecimal(new java.math.BigInteger(text, 2)));
            } else if (type.kind() == Kind.TIMESTAMPTZ && text.endsWith("+00")) {
                statement.setString(place, text.substring(0, text.length() - 3));
            } else {
                statement.setString(place, text);
            }
        }
    }

    /** Reads the row that the results are at. */
    static void read(TableSchema schema, ResultSet results, SourceRows rows) throws SQLException {
        List<Column> columns = schema.content();
        List<Cell> cells = new ArrayList<>(columns.size());
        String unreadable = "";
        for (int i = 0; i < columns.size(); i++) {
            try {
                cells.add(cell(columns.get(i).type(), results, i + 1));
            } catch (IllegalArgumentException e) {
                unreadable = columns.get(i).name();
                cells.add(Cell.UNCHANGED);
            }
        }
        rows.take(cells, unreadable);
    }

    private static Cell cell(ColumnType type, ResultSet results, int place) throws SQLException {
        if (type.kind() == Kind.BYTES) {
            byte[] bytes = results.getBytes(place);
            return bytes == null ? Cell.NULL : new Value.Bytes(bytes);
        }
        String text = results.getString(place);
        return text == null ? Cell.NULL : value(type, text);
    }

    /**
     * The value of a text that the server printed.
     *
     * @throws IllegalArgumentException when the text is not of that kind; the message holds no value
     */
    static Value value(ColumnType type, String text) {
        return switch (type.kind()) {
            case BOOLEAN -> new Value.Bool(!text.equals("0"));
            case INT16, INT32, INT64 -> new Value.Int(Long.parseLong(text));
            case UINT64, DECIMAL -> Value.Decimal.parse(text);
            case FLOAT32 -> new Value.Real(Float.parseFloat(text));
            case FLOAT64 -> new Value.Real(Double.parseDouble(text));
            case TEXT, CHAR, JSON, DATE -> new Value.Text(text);
            case UUID -> new Value.Text(text.toLowerCase(Locale.ROOT));
            case BITS -> new Value.Text("0".repeat(Math.max(0, type.length() - text.length())) + text);
            case TIMESTAMP -> Temporal.fractionTrimmed(text);
            case TIMESTAMPTZ -> new Value.Text(Temporal.fractionTrimmed(text).value() + "+00");
            case DURATION -> Temporal.duration(text);
            case BYTES, VARBITS, TIME, TIMETZ, INTERVAL, JSONB, NATIVE ->
                throw new IllegalArgumentException("MariaDB has no kind " + type.kind());
        };
    }
}
