package dev.handover.sink.postgres;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the target's catalog says. It is asked within transactions that the caller ends; nothing of the questions stays.
 *
 * @param controlled whether the control schema is there, without which no table was made or adopted
 */
record TargetCatalog(Connection connection, boolean controlled) {
    private static final Map<String, String> EXTENSIONS = Map.of(
            "hstore", "hstore",
            "citext", "citext",
            "ltree", "ltree",
            "lquery", "ltree",
            "cube", "cube",
            "isbn", "isn",
            "geometry", "postgis",
            "geography", "postgis",
            "vector", "vector");

    /**
     * What a sink does with the table before it writes rows of the schema.
     *
     * @throws Fault {@code target-differs} where it is no table
     */
    TablePlan plan(TableSchema schema) throws SQLException {
        Map<String, String> types = types(schema);
        return exists(schema.table())
                ? read(schema.table()).plan(schema, types)
                : new TablePlan.Create(schema.table(), creation(schema));
    }

    private static List<String> creation(TableSchema schema) {
        String columns = schema.columns().stream()
                .map(column -> Identifiers.quoted(column.name()) + " "
                        + column.type().postgres() + (column.nullable() ? ", " : " NOT NULL, "))
                .collect(Collectors.joining());
        return List.of(
                "CREATE SCHEMA IF NOT EXISTS "
                        + Identifiers.quoted(schema.table().schema()),
                "CREATE TABLE " + Identifiers.quoted(schema.table()) + " (" + columns
                        + TableStatements.bookkeepingDefinitions() + ", PRIMARY KEY ("
                        + Identifiers.quoted(schema.key()) + "))");
    }

    /** Whether there is a schema of that name. */
    boolean hasSchema(String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = ?)")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /**
     * The schema's types as this server writes them: it is asked, by a table that lives only as long as the question.
     */
    private Map<String, String> types(TableSchema schema) throws SQLException {
        String columns = schema.columns().stream()
                .map(column ->
                        Identifiers.quoted(column.name()) + " " + column.type().postgres())
                .collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE handover_asked (" + columns + ") ON COMMIT DROP");
            Map<String, String> types = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery("SELECT attname, format_type(atttypid, atttypmod) FROM"
                    + " pg_attribute WHERE attrelid = 'pg_temp.handover_asked'::regclass AND attnum > 0 ORDER BY"
                    + " attnum")) {
                while (rows.next()) {
                    types.put(rows.getString(1), rows.getString(2));
                }
            }
            statement.execute("DROP TABLE pg_temp.handover_asked");
            return types;
        }
    }

    /** Between transactions only. @throws Fault {@code type-missing} */
    void requireTypes(TableSchema schema) throws SQLException {
        List<String> missing = new ArrayList<>();
        Set<String> extensions = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT to_regtype(?) IS NOT NULL")) {
            for (Column column : schema.columns()) {
                if (column.type().kind() != Kind.NATIVE) {
                    continue;
                }
                String bare = TableStatements.uncut(column.type());
                statement.setString(1, bare);
                if (!known(statement)) {
                    missing.add("column \"" + column.name() + "\" has type "
                            + column.type().postgres());
                    String base = bare.substring(bare.lastIndexOf('.') + 1).replaceAll("[\\[\\]\"]", "");
                    extensions.add(EXTENSIONS.getOrDefault(base, ""));
                }
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        extensions.remove("");
        String create = extensions.stream()
                .sorted()
                .map(extension -> "CREATE EXTENSION " + extension + ";")
                .collect(Collectors.joining(" "));
        throw Fault.of(
                ExitCode.CONFLICT,
                "type-missing",
                "table " + schema.table().shortText() + " needs types that the target does not have: "
                        + String.join("; ", missing),
                create.isEmpty()
                        ? "Create the types in the target database as they are at the source, or map the columns to text."
                        : "Run in the target database as its owner: " + create);
    }

    private static boolean known(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            // A text that is not even the form of a type's name.
            if (SqlState.of(e).startsWith("42")) {
                return false;
            }
            throw e;
        } finally {
            statement.getConnection().rollback();
        }
    }

    private boolean exists(TableId table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE n.nspname = ? AND c.relname = ?")) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                if (!Set.of("r", "p").contains(row.getString(1))) {
                    throw Fault.of(
                            ExitCode.CONFLICT,
                            "target-differs",
                            table.shortText() + " of the target is not a table",
                            "Drop it, or map the source table to another name. Nothing was changed.");
                }
                return true;
            }
        }
    }

    private ExistingTable read(TableId table) throws SQLException {
        String quoted = Identifiers.quoted(table);
        Map<String, ExistingTable.Found> columns = new LinkedHashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT attname, format_type(atttypid, atttypmod), attnotnull, atthasdef,"
                        + " attgenerated <> '' OR attidentity = 'a' FROM pg_attribute WHERE attrelid ="
                        + " ?::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) {
            statement.setString(1, quoted);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.put(
                            rows.getString(1),
                            new ExistingTable.Found(
                                    rows.getString(2), rows.getBoolean(3), rows.getBoolean(4), rows.getBoolean(5)));
                }
            }
        }
        return new ExistingTable(columns, key(quoted), recorded(table), occupied(quoted));
    }

    private List<String> key(String quoted) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_constraint c CROSS JOIN LATERAL"
                        + " unnest(c.conkey) WITH ORDINALITY AS k(number, place) JOIN pg_attribute a ON"
                        + " a.attrelid = c.conrelid AND a.attnum = k.number WHERE c.conrelid = ?::regclass AND"
                        + " c.contype = 'p' AND NOT c.condeferrable")) {
            statement.setString(1, quoted);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getArray(1) == null
                        ? List.of()
                        : Arrays.asList((String[]) row.getArray(1).getArray());
            }
        }
    }

    private boolean recorded(TableId table) throws SQLException {
        if (!controlled) {
            return false;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM handover.target_table WHERE table_name = ?")) {
            statement.setString(1, table.shortText());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private boolean occupied(String quoted) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT 1 FROM " + quoted + ")")) {
            return row.next() && row.getBoolean(1);
        }
    }
}
