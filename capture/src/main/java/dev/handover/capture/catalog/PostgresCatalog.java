package dev.handover.capture.catalog;

import dev.handover.capture.LoggedType;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.SourceTable;
import dev.handover.capture.SourceTable.Problem;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.ForeignKey;
import dev.handover.row.Index;
import dev.handover.row.TableId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The tables of a PostgreSQL source, 12 or later. */
public final class PostgresCatalog implements Inventory {
    /** From here on a publication can carry stored generated columns. */
    private static final int GENERATED_PUBLISHED = 180_000;

    private final SourceConfig config;
    private final SourceSessions sessions;
    private final Map<TableId, List<String>> keys;

    /** @param keys the declared key of tables, which wins over what the source says */
    public PostgresCatalog(SourceConfig config, Map<TableId, List<String>> keys) {
        this.config = config;
        this.sessions = new SourceSessions(config);
        this.keys = Map.copyOf(keys);
    }

    @Override
    public List<SourceTable> tables() {
        return read().tables();
    }

    @Override
    public List<NotTaken> notTaken() {
        return read().notTaken();
    }

    private record Answer(List<SourceTable> tables, List<NotTaken> notTaken) {}

    @Override
    public List<Optional<ColumnType>> types(List<LoggedType> types) {
        try (Connection connection = sessions.open()) {
            try (Statement statement = connection.createStatement()) {
                // then every name is printed with its schema
                statement.execute("SET search_path = ''");
            }
            PostgresTypes known = new PostgresTypes(types(connection));
            Map<LoggedType, Optional<ColumnType>> resolved = new HashMap<>();
            try (PreparedStatement statement = connection.prepareStatement("SELECT format_type(?::oid, ?)")) {
                for (LoggedType type : types) {
                    if (!resolved.containsKey(type)) {
                        resolved.put(type, resolve(statement, known, type));
                    }
                }
            }
            return types.stream()
                    .map(type -> resolved.getOrDefault(type, Optional.empty()))
                    .toList();
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    private static Optional<ColumnType> resolve(PreparedStatement statement, PostgresTypes known, LoggedType type)
            throws SQLException {
        String number = type.name().substring(type.name().indexOf(':') + 1);
        if (!number.matches("\\d{1,10}")) {
            return Optional.empty();
        }
        statement.setLong(1, Long.parseLong(number));
        statement.setInt(2, type.length());
        try (ResultSet row = statement.executeQuery()) {
            String text = row.next() ? row.getString(1) : null;
            return text == null ? Optional.empty() : known.resolve(Long.parseLong(number), type.length(), text);
        }
    }

    private Answer read() {
        try (Connection connection = sessions.open()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
                // then every name is printed with its schema
                statement.execute("SET LOCAL search_path = ''");
                statement.execute("SET LOCAL statement_timeout = 0");
            }
            return read(connection);
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    private Answer read(Connection connection) throws SQLException {
        int version = version(connection);
        List<NotTaken> notTaken = new ArrayList<>();
        Map<Long, PostgresRelation> relations = relations(connection, notTaken);
        PostgresTypes types = new PostgresTypes(types(connection));
        if (!relations.isEmpty()) {
            Array ids = connection.createArrayOf("oid", relations.keySet().toArray());
            columns(connection, ids, relations);
            indexes(connection, ids, relations);
            foreignKeys(connection, ids, relations);
        }
        List<SourceTable> tables = new ArrayList<>();
        for (PostgresRelation relation : relations.values()) {
            tables.add(describe(relation, types, version, notTaken));
        }
        return new Answer(tables, notTaken);
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_version_num")) {
            row.next();
            return Integer.parseInt(row.getString(1));
        }
    }

    private Map<Long, PostgresRelation> relations(Connection connection, List<NotTaken> notTaken) throws SQLException {
        Map<Long, PostgresRelation> relations = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PostgresQueries.RELATIONS)) {
            while (row.next()) {
                String schema = row.getString("nspname");
                String name = row.getString("relname");
                if (!config.selection().selects(schema, name)) {
                    continue;
                }
                TableId table = new TableId(config.name(), schema, name);
                String kind = row.getString("relkind");
                String extension = Objects.requireNonNullElse(row.getString("extension"), "");
                if (!extension.isEmpty()) {
                    notTaken.add(new NotTaken(table, "table of the extension " + extension));
                } else if (kind.equals("r") || kind.equals("p")) {
                    relations.put(row.getLong("oid"), relation(table, kind, row));
                } else {
                    notTaken.add(new NotTaken(table, kindText(kind)));
                }
            }
        }
        return relations;
    }

    private static PostgresRelation relation(TableId table, String kind, ResultSet row) throws SQLException {
        boolean partitioned = kind.equals("p");
        String identities = row.getString("identities");
        String own = row.getString("relreplident");
        return new PostgresRelation(
                table,
                partitioned,
                row.getString("relpersistence"),
                identities.contains(own) ? identities : identities + own,
                row.getLong("row_estimate"),
                row.getLong("byte_estimate"),
                row.getLong("foreign_leaves"));
    }

    private static String kindText(String kind) {
        return switch (kind) {
            case "v" -> "view";
            case "m" -> "materialized view";
            default -> "foreign table";
        };
    }

    private static Map<Long, PostgresType> types(Connection connection) throws SQLException {
        Map<Long, PostgresType> types = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PostgresQueries.TYPES)) {
            while (row.next()) {
                PostgresType type = new PostgresType(
                        row.getLong("oid"),
                        row.getString("nspname"),
                        row.getString("typname"),
                        row.getString("typtype").charAt(0),
                        row.getBoolean("is_array"),
                        row.getLong("typelem"),
                        row.getLong("typbasetype"),
                        row.getInt("typtypmod"),
                        row.getString("base_text"),
                        row.getBoolean("of_extension"));
                types.put(type.oid(), type);
            }
        }
        return types;
    }

    private static void columns(Connection connection, Array ids, Map<Long, PostgresRelation> relations)
            throws SQLException {
        each(connection, PostgresQueries.COLUMNS, ids, row -> {
            PostgresRelation relation = relations.get(row.getLong("attrelid"));
            if (relation != null) {
                relation.attributes.add(new PostgresRelation.Attribute(
                        row.getString("attname"),
                        row.getBoolean("attnotnull"),
                        row.getString("attgenerated"),
                        row.getLong("atttypid"),
                        row.getInt("atttypmod"),
                        row.getString("type_text"),
                        Objects.requireNonNullElse(row.getString("default_text"), "")));
            }
        });
    }

    private static void indexes(Connection connection, Array ids, Map<Long, PostgresRelation> relations)
            throws SQLException {
        each(connection, PostgresQueries.INDEXES, ids, row -> {
            PostgresRelation relation = relations.get(row.getLong("indrelid"));
            if (relation == null || row.getBoolean("partial") || row.getBoolean("computed")) {
                return;
            }
            String name = row.getString("relname");
            List<String> columns = strings(row, "columns");
            boolean unique = row.getBoolean("indisunique");
            if (unique) {
                Set<String> notNull = relation.notNull();
                relation.unique.add(new UniqueIndex(
                        name,
                        columns,
                        row.getBoolean("indisprimary"),
                        row.getBoolean("indisreplident"),
                        row.getBoolean("indimmediate") && notNull.containsAll(columns)));
            }
            if (row.getString("amname").equals("btree")) {
                relation.indexes.add(new Index(name, columns, unique));
            }
        });
    }

    private void foreignKeys(Connection connection, Array ids, Map<Long, PostgresRelation> relations)
            throws SQLException {
        each(connection, PostgresQueries.FOREIGN_KEYS, ids, row -> {
            PostgresRelation relation = relations.get(row.getLong("conrelid"));
            if (relation != null) {
                relation.foreignKeys.add(new ForeignKey(
                        row.getString("conname"),
                        strings(row, "columns"),
                        new TableId(config.name(), row.getString("nspname"), row.getString("relname")),
                        strings(row, "referenced")));
            }
        });
    }

    private interface Rows {
        void read(ResultSet row) throws SQLException;
    }

    private static void each(Connection connection, String sql, Array ids, Rows rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, ids);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.read(row);
                }
            }
        }
    }

    private static List<String> strings(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    private SourceTable describe(PostgresRelation relation, PostgresTypes types, int version, List<NotTaken> notTaken) {
        List<Column> columns = new ArrayList<>();
        Map<String, String> defaults = new TreeMap<>();
        Optional<Problem> problem = relation.obstacle(version);
        for (PostgresRelation.Attribute attribute : relation.attributes) {
            if (leftOut(attribute, version)) {
                notTaken.add(NotTaken.generated(relation.table, attribute.name()));
                continue;
            }
            Optional<ColumnType> type = types.resolve(attribute.type(), attribute.modifier(), attribute.typeText());
            if (type.isPresent()) {
                columns.add(new Column(attribute.name(), type.get(), !attribute.notNull()));
            } else {
                problem = problem.or(() -> Optional.of(unsupported(relation, attribute)));
            }
            if (attribute.generated().isEmpty()) {
                PostgresDefaults.translate(attribute.defaultText())
                        .ifPresent(expression -> defaults.put(attribute.name(), expression));
            }
        }
        problem = problem.or(relation::folded);
        KeyChoice key = KeyChoice.of(relation.candidate(columns, keys.getOrDefault(relation.table, List.of())));
        if (problem.isEmpty()) {
            problem = key.problem();
        }
        return new SourceTable(
                relation.table,
                problem.isEmpty() ? Optional.of(key.schema(relation.table, columns)) : Optional.empty(),
                relation.constraints(columns, key.columns(), defaults),
                relation.rows,
                relation.bytes,
                relation.identity(),
                problem);
    }

    /** What the log does not hold cannot be kept current, so it is not loaded either. */
    private static boolean leftOut(PostgresRelation.Attribute attribute, int version) {
        return attribute.generated().equals("v") || attribute.generated().equals("s") && version < GENERATED_PUBLISHED;
    }

    private static Problem unsupported(PostgresRelation relation, PostgresRelation.Attribute attribute) {
        return new Problem(
                "type-unsupported",
                "table " + relation.table + ": column \"" + attribute.name() + "\" has type " + attribute.typeText()
                        + ", which a target does not have",
                "change the column to text or jsonb at the source, or exclude the table");
    }
}
