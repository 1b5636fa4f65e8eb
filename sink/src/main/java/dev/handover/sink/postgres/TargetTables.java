package dev.handover.sink.postgres;

import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Provenance;
import dev.handover.change.Reason;
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
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes target tables, or checks and extends those that are there, when a schema is first seen. Each table is settled
 * in a transaction of its own, which holds a lock that other sinks wait for.
 */
final class TargetTables {
    private static final Logger log = LoggerFactory.getLogger(TargetTables.class);
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

    private final InstantSource clock;
    private final Set<TableSchema> settled = new HashSet<>(); // sink thread only
    private final Map<TableSchema, Rejection> refused = new HashMap<>(); // sink thread only

    TargetTables(InstantSource clock) {
        this.clock = clock;
    }

    /** A table that was written before cannot be made to hold rows of a newer schema. */
    private static final class CannotFollow extends Exception {
        private static final long serialVersionUID = 1;

        CannotFollow(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * Sees that rows of this schema can be written. Between transactions only.
     *
     * @return why they cannot, where a table that was written before does not hold them: a matter of this table alone
     * @throws Fault {@code target-differs}, {@code target-occupied}, {@code type-missing}, {@code identifier-refused}
     */
    Optional<Rejection> settle(Connection connection, TableSchema schema, Provenance provenance, String topic)
            throws SQLException {
        if (settled.contains(schema) || refused.containsKey(schema)) {
            return Optional.ofNullable(refused.get(schema));
        }
        Identifiers.check(schema);
        requireTypes(connection, schema);
        try {
            lock(connection, schema.table());
            Map<String, String> types = types(connection, schema);
            Catalog catalog = new Catalog(connection);
            if (catalog.exists(schema.table())) {
                adapt(connection, schema, types, catalog.read(schema.table()));
            } else {
                create(connection, schema);
            }
            record(connection, schema, provenance, topic);
            connection.commit();
            settled.add(schema);
            return Optional.empty();
        } catch (CannotFollow e) {
            connection.rollback();
            String why = String.valueOf(e.getMessage());
            log.atError()
                    .addKeyValue("table", schema.table().shortText())
                    .addKeyValue("why", why)
                    .log("the table is parked: its changes become dead letters, all others go on; alter the target"
                            + " table to match and start again");
            refused.put(schema, new Rejection(Reason.SCHEMA_MISMATCH, why));
            return Optional.ofNullable(refused.get(schema));
        } catch (SQLException | RuntimeException e) {
            Rollbacks.quietly(connection, e);
            throw e;
        }
    }

    private static void lock(Connection connection, TableId table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 7))")) {
            statement.setString(1, "handover " + table.shortText());
            statement.execute();
        }
    }

    private static void create(Connection connection, TableSchema schema) throws SQLException {
        String columns = schema.columns().stream()
                .map(column -> Identifiers.quoted(column.name()) + " "
                        + column.type().postgres() + (column.nullable() ? ", " : " NOT NULL, "))
                .collect(Collectors.joining());
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS "
                    + Identifiers.quoted(schema.table().schema()));
            statement.execute("CREATE TABLE " + Identifiers.quoted(schema.table()) + " (" + columns
                    + TableStatements.bookkeepingDefinitions() + ", PRIMARY KEY ("
                    + Identifiers.quoted(schema.key()) + "))");
        }
        log.atInfo().addKeyValue("table", schema.table().shortText()).log("table created");
    }

    private static void adapt(
            Connection connection, TableSchema schema, Map<String, String> types, ExistingTable existing)
            throws SQLException, CannotFollow {
        String name = schema.table().shortText();
        if (existing.occupied() && !(existing.recorded() && existing.hasBookkeeping())) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "target-occupied",
                    "table " + name + " of the target has rows that this migration did not write",
                    "Empty the table or drop it, or map the source table to another name.");
        }
        ExistingTable.Fit fit = existing.fit(schema, types);
        if (!fit.differences().isEmpty() && existing.recorded() && existing.hasBookkeeping()) {
            throw new CannotFollow(String.join("; ", fit.differences()));
        }
        if (!fit.differences().isEmpty()) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "target-differs",
                    "table " + name + " of the target differs: " + String.join("; ", fit.differences()),
                    "Alter or drop the target table, or map the source table to another name. Nothing was changed.");
        }
        try (Statement statement = connection.createStatement()) {
            for (String change : fit.changes()) {
                alter(statement, schema.table(), change);
                log.atWarn()
                        .addKeyValue("table", name)
                        .addKeyValue("change", change)
                        .log("table altered to hold rows of a newer schema");
            }
        }
    }

    private static void alter(Statement statement, TableId table, String change) throws SQLException, CannotFollow {
        try {
            statement.execute("ALTER TABLE " + Identifiers.quoted(table) + " " + change);
        } catch (SQLException e) {
            if (SqlState.isTransient(e) || SqlState.deniesAccess(e)) {
                throw e;
            }
            // Its text may quote a row.
            throw new CannotFollow("the target refuses " + change + " (SQLSTATE " + SqlState.of(e) + ")");
        }
    }

    private void record(Connection connection, TableSchema schema, Provenance provenance, String topic)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO handover.target_table AS t (table_name, source_table, topic, schema_text,"
                        + " mapping_version, created_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (table_name) DO UPDATE SET"
                        + " schema_text = excluded.schema_text, mapping_version = excluded.mapping_version"
                        + " WHERE t.mapping_version <= excluded.mapping_version")) {
            statement.setString(1, schema.table().shortText());
            statement.setString(2, provenance.source().text());
            statement.setString(3, topic);
            statement.setString(4, text(schema));
            statement.setInt(5, provenance.mappingVersion());
            statement.setObject(6, clock.instant().atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }

    /** One line for each column, then the key; for people. */
    private static String text(TableSchema schema) {
        return schema.columns().stream()
                        .map(column -> Identifiers.quoted(column.name()) + " "
                                + column.type().postgres() + (column.nullable() ? "" : " not null") + "\n")
                        .collect(Collectors.joining())
                + "key (" + Identifiers.quoted(schema.key()) + ")";
    }

    /**
     * The schema's types as this server writes them: it is asked, by a table that lives only as long as the question.
     */
    private static Map<String, String> types(Connection connection, TableSchema schema) throws SQLException {
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

    private static void requireTypes(Connection connection, TableSchema schema) throws SQLException {
        List<String> missing = new ArrayList<>();
        Set<String> extensions = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT to_regtype(?) IS NOT NULL")) {
            for (Column column : schema.columns()) {
                if (column.type().kind() != Kind.NATIVE) {
                    continue;
                }
                String bare = TableStatements.uncut(column.type());
                statement.setString(1, bare);
                if (!exists(statement)) {
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

    private static boolean exists(PreparedStatement statement) throws SQLException {
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

    /** Reads what the target has. */
    private record Catalog(Connection connection) {
        boolean exists(TableId table) throws SQLException {
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

        ExistingTable read(TableId table) throws SQLException {
            String quoted = Identifiers.quoted(table);
            Map<String, ExistingTable.Found> columns = new LinkedHashMap<>();
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT attname, format_type(atttypid, atttypmod), attnotnull, atthasdef,"
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
}
