package dev.handover.deploy.capture;

import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.Loader;
import dev.handover.capture.SourceCatalog;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.SourceTable;
import dev.handover.change.Lineage;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Constraints;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The catalog and the rows of a PostgreSQL source, read in the plainest way: text of every column. */
final class PostgresTables implements SourceCatalog, Loader {
    private final SourceConfig config;

    PostgresTables(SourceConfig config) {
        this.config = config;
    }

    @Override
    public List<SourceTable> tables() {
        String sql = "SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
                + " coalesce(array_position(i.indkey::int[], a.attnum::int), -1)"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                + " LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
                + " WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
                + " ORDER BY 1, 2, a.attnum";
        Map<TableId, List<Column>> columns = new LinkedHashMap<>();
        Map<TableId, Map<Integer, String>> keys = new LinkedHashMap<>();
        try (Connection connection = new SourceSessions(config).open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                if (!config.selection().selects(rows.getString(1), rows.getString(2))) {
                    continue;
                }
                TableId table = new TableId(config.name(), rows.getString(1), rows.getString(2));
                columns.computeIfAbsent(table, t -> new ArrayList<>())
                        .add(new Column(rows.getString(3), type(rows.getString(4)), !rows.getBoolean(5)));
                if (rows.getInt(6) >= 0) {
                    keys.computeIfAbsent(table, t -> new java.util.TreeMap<>()).put(rows.getInt(6), rows.getString(3));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        List<SourceTable> tables = new ArrayList<>();
        columns.forEach((table, list) -> tables.add(new SourceTable(
                table,
                Optional.of(new TableSchema(
                        table,
                        list,
                        List.copyOf(keys.getOrDefault(table, Map.of()).values()))),
                new Constraints(table, List.of(), List.of(), Map.of()),
                -1,
                -1,
                SourceTable.ReplicaIdentity.KEY,
                Optional.empty())));
        return tables;
    }

    static ColumnType type(String name) {
        String base = name.replaceAll("\\(.*\\)", "");
        int[] size = name.contains("(") && !name.endsWith("]")
                ? java.util.Arrays.stream(name.replaceAll(".*\\(|\\).*", "").split(","))
                        .mapToInt(part -> Integer.parseInt(part.strip()))
                        .toArray()
                : new int[0];
        int length = size.length > 0 ? size[0] : -1;
        int scale = size.length > 1 ? size[1] : 0;
        Kind kind =
                switch (base) {
                    case "boolean" -> Kind.BOOLEAN;
                    case "smallint" -> Kind.INT16;
                    case "integer" -> Kind.INT32;
                    case "bigint" -> Kind.INT64;
                    case "numeric" -> Kind.DECIMAL;
                    case "real" -> Kind.FLOAT32;
                    case "double precision" -> Kind.FLOAT64;
                    case "text", "character varying" -> Kind.TEXT;
                    case "character" -> Kind.CHAR;
                    case "bytea" -> Kind.BYTES;
                    case "bit" -> Kind.BITS;
                    case "bit varying" -> Kind.VARBITS;
                    case "date" -> Kind.DATE;
                    case "time without time zone" -> Kind.TIME;
                    case "time with time zone" -> Kind.TIMETZ;
                    case "timestamp without time zone" -> Kind.TIMESTAMP;
                    case "timestamp with time zone" -> Kind.TIMESTAMPTZ;
                    case "interval" -> Kind.INTERVAL;
                    case "uuid" -> Kind.UUID;
                    case "json" -> Kind.JSON;
                    case "jsonb" -> Kind.JSONB;
                    default -> Kind.NATIVE;
                };
        return new ColumnType(kind, length, scale, name);
    }

    @Override
    public void load(TableSchema table, LoadSnapshot snapshot, Consumer<SourceChange.Upsert> rows) {
        try {
            read(snapshot.connection(), table)
                    .forEach(row -> rows.accept(new SourceChange.Upsert(
                            row.key(),
                            snapshot.stamp(),
                            new Lineage(Origin.LOAD, "", snapshot.takenAt(), snapshot.takenAt()),
                            row)));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the type's output function prints it; a cast to text adds a mask to {@code inet}. */
    private static String printed(String column) {
        return "CASE WHEN " + column + " IS NOT DISTINCT FROM NULL THEN NULL ELSE format('%s', " + column + ") END";
    }

    /** Every row of a table, each column as the text that PostgreSQL prints. */
    static List<Row> read(Connection connection, TableSchema table) throws SQLException {
        String columns = table.columns().stream()
                .map(column -> printed("\"" + column.name() + "\""))
                .collect(Collectors.joining(", "));
        List<Row> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + columns + " FROM \""
                        + table.table().schema() + "\".\"" + table.table().name() + "\"")) {
            while (rows.next()) {
                List<Cell> cells = new ArrayList<>();
                for (int i = 0; i < table.columns().size(); i++) {
                    String text = rows.getString(i + 1);
                    cells.add(
                            text == null
                                    ? Cell.NULL
                                    : PostgresText.parse(table.columns().get(i).type(), text));
                }
                found.add(new Row(table, cells));
            }
        }
        return found;
    }
}
