package dev.handover.capture.catalog;

import dev.handover.capture.LoggedType;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.SourceTable;
import dev.handover.capture.SourceTable.Problem;
import dev.handover.capture.SourceTable.ReplicaIdentity;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Constraints;
import dev.handover.row.ForeignKey;
import dev.handover.row.Index;
import dev.handover.row.Keyless;
import dev.handover.row.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The tables of a MariaDB or MySQL source. Where the selection names no schema, those of the one database. */
public final class MariaDbCatalog implements Inventory {
    private static final Set<String> SYSTEM = Set.of("mysql", "information_schema", "performance_schema", "sys");

    private static final String TABLES = """
            SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, coalesce(TABLE_ROWS, -1) AS row_estimate,
                   coalesce(DATA_LENGTH + INDEX_LENGTH, -1) AS byte_estimate
              FROM information_schema.TABLES ORDER BY TABLE_SCHEMA, TABLE_NAME""";
    private static final String COLUMNS = """
            SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT, IS_NULLABLE, DATA_TYPE, COLUMN_TYPE,
                   coalesce(CHARACTER_MAXIMUM_LENGTH, -1) AS characters, coalesce(NUMERIC_PRECISION, -1) AS digits,
                   coalesce(NUMERIC_SCALE, 0) AS scale, coalesce(DATETIME_PRECISION, 0) AS fraction, EXTRA
              FROM information_schema.COLUMNS ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION""";
    private static final String INDEXES = """
            SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, SUB_PART, INDEX_TYPE
              FROM information_schema.STATISTICS ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX""";
    private static final String FOREIGN_KEYS = """
            SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA,
                   REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME
              FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_NAME IS NOT NULL
             ORDER BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION""";

    private final SourceConfig config;
    private final SourceSessions sessions;
    private final Map<TableId, List<String>> keys;

    /** @param keys the declared key of tables, which wins over what the source says */
    public MariaDbCatalog(SourceConfig config, Map<TableId, List<String>> keys) {
        this.config = config;
        this.sessions = new SourceSessions(config);
        this.keys = Map.copyOf(keys);
    }

    /** A table while its description is read together from several queries. */
    private static final class Found {
        final TableId table;
        final long rows;
        final long bytes;
        final String engine;
        final List<Column> columns = new ArrayList<>();
        final Set<String> notNull = new HashSet<>();
        final Map<String, String> defaults = new TreeMap<>();
        final Map<String, Keyed> indexes = new LinkedHashMap<>();
        final Map<String, Reference> references = new LinkedHashMap<>();
        Optional<Problem> problem = Optional.empty();

        Found(TableId table, long rows, long bytes, String engine) {
            this.engine = engine;
            this.table = table;
            this.rows = rows;
            this.bytes = bytes;
        }

        void refuse(Problem why) {
            problem = problem.or(() -> Optional.of(why));
        }
    }

    /** An index while its columns are read; whole when it holds all of each of them. */
    private static final class Keyed {
        final boolean unique;
        final List<String> columns = new ArrayList<>();
        boolean whole = true;

        Keyed(boolean unique) {
            this.unique = unique;
        }
    }

    private record Reference(TableId referenced, List<String> columns, List<String> referencedColumns) {}

    private record Answer(List<SourceTable> tables, List<NotTaken> notTaken) {}

    @Override
    public List<Optional<ColumnType>> types(List<LoggedType> types) {
        return types.stream().map(MariaDbTypes::logged).toList();
    }

    @Override
    public List<SourceTable> tables() {
        return read().tables();
    }

    @Override
    public List<NotTaken> notTaken() {
        return read().notTaken();
    }

    private Answer read() {
        try (Connection connection = sessions.open()) {
            List<NotTaken> notTaken = new ArrayList<>();
            Map<TableId, Found> found = found(connection, notTaken);
            columns(connection, found, notTaken);
            indexes(connection, found);
            references(connection, found);
            return new Answer(found.values().stream().map(this::describe).toList(), notTaken);
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    private boolean selects(String schema, String table) {
        boolean ours =
                config.selection().include().isEmpty() ? schema.equals(config.database()) : !SYSTEM.contains(schema);
        return ours && config.selection().selects(schema, table);
    }

    private Map<TableId, Found> found(Connection connection, List<NotTaken> notTaken) throws SQLException {
        Map<TableId, Found> found = new TreeMap<>();
        each(connection, TABLES, row -> {
            String schema = row.getString("TABLE_SCHEMA");
            String name = row.getString("TABLE_NAME");
            if (!selects(schema, name)) {
                return;
            }
            TableId table = new TableId(config.name(), schema, name);
            String type = row.getString("TABLE_TYPE");
            switch (type) {
                case "BASE TABLE" ->
                    found.put(
                            table,
                            obstructed(new Found(
                                    table,
                                    row.getLong("row_estimate"),
                                    row.getLong("byte_estimate"),
                                    Objects.requireNonNullElse(row.getString("ENGINE"), ""))));
                case "SYSTEM VERSIONED" -> found.put(table, versioned(table, row));
                default -> notTaken.add(new NotTaken(table, type.toLowerCase(Locale.ROOT)));
            }
        });
        return found;
    }

    private static Found obstructed(Found found) {
        String engine = found.engine;
        if (engine.isEmpty()) {
            found.refuse(new Problem(
                    "table-damaged",
                    "table " + found.table + " cannot be opened by the source",
                    "repair it at the source (CHECK TABLE says what is wrong), or exclude it"));
        } else if (Set.of("BLACKHOLE", "FEDERATED", "CONNECT", "SPIDER").contains(engine.toUpperCase(Locale.ROOT))) {
            found.refuse(new Problem(
                    "engine-unsupported",
                    "table " + found.table + " is kept by the engine " + engine
                            + ", whose rows the log does not follow",
                    "make it InnoDB at the source, or exclude it"));
        }
        return found;
    }

    private static Found versioned(TableId table, ResultSet row) throws SQLException {
        Found found = new Found(table, row.getLong("row_estimate"), row.getLong("byte_estimate"), "");
        found.refuse(new Problem(
                "table-versioned",
                "table " + table + " is system versioned: the log mixes its history with its rows",
                "copy it into a plain table at the source, or exclude it"));
        return found;
    }

    private void columns(Connection connection, Map<TableId, Found> tables, List<NotTaken> notTaken)
            throws SQLException {
        each(connection, COLUMNS, row -> {
            Found found = tables.get(named(row));
            if (found == null) {
                return;
            }
            String name = row.getString("COLUMN_NAME");
            String extra = row.getString("EXTRA").toUpperCase(Locale.ROOT);
            if (extra.contains("VIRTUAL")) {
                notTaken.add(NotTaken.generated(found.table, name));
                return;
            }
            MariaDbTypes.Described described = new MariaDbTypes.Described(
                    row.getString("DATA_TYPE"),
                    row.getString("COLUMN_TYPE"),
                    row.getLong("characters"),
                    row.getLong("digits"),
                    row.getInt("scale"),
                    row.getInt("fraction"));
            Optional<ColumnType> type = MariaDbTypes.resolve(described);
            if (type.isEmpty()) {
                found.refuse(new Problem(
                        "type-unsupported",
                        "table " + found.table + ": column \"" + name + "\" has type " + described.columnType()
                                + ", which cannot travel",
                        MariaDbTypes.remedy(described)));
                return;
            }
            boolean nullable = row.getString("IS_NULLABLE").equals("YES");
            found.columns.add(new Column(name, type.get(), nullable));
            if (!nullable) {
                found.notNull.add(name);
            }
            String expression = row.getString("COLUMN_DEFAULT");
            if (expression != null && !extra.contains("STORED") && !extra.contains("PERSISTENT")) {
                translated(expression, type.get()).ifPresent(text -> found.defaults.put(name, text));
            }
        });
    }

    /** MySQL writes text without its quotes, so that it cannot be told from an expression; only numbers are sure. */
    private Optional<String> translated(String expression, ColumnType type) {
        return config.engine() == SourceEngine.MYSQL && !expression.matches("-?[0-9.]+|CURRENT_TIMESTAMP.*")
                ? Optional.empty()
                : MariaDbDefaults.translate(expression, type);
    }

    private void indexes(Connection connection, Map<TableId, Found> tables) throws SQLException {
        each(connection, INDEXES, row -> {
            Found found = tables.get(named(row));
            if (found == null) {
                return;
            }
            boolean unique = row.getInt("NON_UNIQUE") == 0;
            Keyed index = found.indexes.computeIfAbsent(row.getString("INDEX_NAME"), name -> new Keyed(unique));
            String column = row.getString("COLUMN_NAME");
            if (column == null
                    || row.getString("SUB_PART") != null
                    || !row.getString("INDEX_TYPE").matches("BTREE|HASH")) {
                index.whole = false;
            } else {
                index.columns.add(column);
            }
        });
    }

    private void references(Connection connection, Map<TableId, Found> tables) throws SQLException {
        each(connection, FOREIGN_KEYS, row -> {
            Found found = tables.get(named(row));
            if (found == null) {
                return;
            }
            TableId referenced = new TableId(
                    config.name(), row.getString("REFERENCED_TABLE_SCHEMA"), row.getString("REFERENCED_TABLE_NAME"));
            Reference reference = found.references.computeIfAbsent(
                    row.getString("CONSTRAINT_NAME"),
                    name -> new Reference(referenced, new ArrayList<>(), new ArrayList<>()));
            reference.columns().add(row.getString("COLUMN_NAME"));
            reference.referencedColumns().add(row.getString("REFERENCED_COLUMN_NAME"));
        });
    }

    private TableId named(ResultSet row) throws SQLException {
        return new TableId(config.name(), row.getString("TABLE_SCHEMA"), row.getString("TABLE_NAME"));
    }

    private interface Rows {
        void read(ResultSet row) throws SQLException;
    }

    private static void each(Connection connection, String sql, Rows rows) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.read(row);
            }
        }
    }

    /** One row more or less must be read and logged at one place, which only a snapshot knows. */
    private static Optional<Problem> keyless(Found found, KeyChoice key) {
        return !key.columns().equals(Keyless.KEY) || found.engine.equalsIgnoreCase("InnoDB")
                ? Optional.empty()
                : Optional.of(new Problem(
                        "keyless-engine",
                        "table " + found.table + " has no key, and is kept by the engine " + found.engine
                                + ", of which there are no snapshots",
                        "make it InnoDB or add a primary key at the source, or declare the columns that identify a row"
                                + " under tables[].key"));
    }

    private SourceTable describe(Found found) {
        List<UniqueIndex> unique = new ArrayList<>();
        List<Index> indexes = new ArrayList<>();
        Set<String> present = found.columns.stream().map(Column::name).collect(Collectors.toSet());
        found.indexes.forEach((name, index) -> {
            if (!index.whole || !present.containsAll(index.columns)) {
                return;
            }
            if (index.unique) {
                boolean total = found.notNull.containsAll(index.columns);
                unique.add(new UniqueIndex(name, index.columns, name.equals("PRIMARY"), false, total));
            }
            indexes.add(new Index(name, index.columns, index.unique));
        });
        KeyChoice key = KeyChoice.of(new KeyChoice.Candidate(
                found.table.toString(),
                "`" + found.table.schema() + "`.`" + found.table.name() + "`",
                found.columns.stream().map(Column::name).toList(),
                found.notNull,
                unique,
                ReplicaIdentity.FULL,
                keys.getOrDefault(found.table, List.of())));
        Optional<Problem> problem = found.problem.or(key::problem).or(() -> keyless(found, key));
        List<ForeignKey> foreignKeys = new ArrayList<>();
        found.references.forEach((name, reference) -> {
            if (present.containsAll(reference.columns())) {
                foreignKeys.add(new ForeignKey(
                        name, reference.columns(), reference.referenced(), reference.referencedColumns()));
            }
        });
        indexes.removeIf(index -> index.unique() && index.columns().equals(key.columns()));
        return new SourceTable(
                found.table,
                problem.isEmpty() ? Optional.of(key.schema(found.table, found.columns)) : Optional.empty(),
                new Constraints(found.table, indexes, foreignKeys, found.defaults),
                found.rows,
                found.bytes,
                ReplicaIdentity.FULL,
                problem);
    }
}
