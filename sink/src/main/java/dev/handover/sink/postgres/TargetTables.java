package dev.handover.sink.postgres;

import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Provenance;
import dev.handover.change.Reason;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.wire.SchemaText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
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
        TargetCatalog catalog = new TargetCatalog(connection, true);
        catalog.requireTypes(schema);
        try {
            lock(connection, schema.table());
            follow(connection, catalog.plan(schema));
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

    private static void follow(Connection connection, TablePlan plan) throws SQLException, CannotFollow {
        if (plan instanceof TablePlan.Create create) {
            create(connection, create);
        } else if (plan instanceof TablePlan.Alter alter) {
            alter(connection, alter);
        } else if (plan instanceof TablePlan.Park park) {
            throw new CannotFollow(park.why());
        } else if (plan instanceof TablePlan.Refuse refuse) {
            throw refuse.fault();
        }
    }

    private static void lock(Connection connection, TableId table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 7))")) {
            statement.setString(1, "handover " + table.shortText());
            statement.execute();
        }
    }

    private static void create(Connection connection, TablePlan.Create plan) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : plan.statements()) {
                statement.execute(sql);
            }
        }
        log.atInfo().addKeyValue("table", plan.table().shortText()).log("table created");
    }

    private static void alter(Connection connection, TablePlan.Alter plan) throws SQLException, CannotFollow {
        try (Statement statement = connection.createStatement()) {
            for (String change : plan.changes()) {
                alter(statement, plan.table(), change);
                log.atWarn()
                        .addKeyValue("table", plan.table().shortText())
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
                        + " schema_avro, mapping_version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (table_name)"
                        + " DO UPDATE SET schema_text = excluded.schema_text, schema_avro = excluded.schema_avro,"
                        + " mapping_version = excluded.mapping_version"
                        + " WHERE t.mapping_version <= excluded.mapping_version")) {
            statement.setString(1, schema.table().shortText());
            statement.setString(2, provenance.source().text());
            statement.setString(3, topic);
            statement.setString(4, text(schema));
            statement.setString(5, SchemaText.of(schema));
            statement.setInt(6, provenance.mappingVersion());
            statement.setObject(7, clock.instant().atOffset(ZoneOffset.UTC));
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
}
