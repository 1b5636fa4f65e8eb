package dev.handover.sink.postgres;

import dev.handover.control.ControlSchema;
import dev.handover.fault.Fault;
import dev.handover.row.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a sink would make or alter at the target to hold rows of some schemas: its own decisions, not carried out.
 *
 * @param schemas that are missing, in order of their names
 * @param tables one plan for each schema, in their order
 */
public record TargetPlan(Set<String> schemas, List<TablePlan> tables) {
    public TargetPlan {
        schemas = new TreeSet<>(schemas);
        tables = List.copyOf(tables);
    }

    /**
     * Asks the target's catalog, and leaves it as it is.
     *
     * @throws Fault {@code target-unreachable}, {@code target-denied}, {@code target-missing}
     */
    public static TargetPlan read(TargetDatabase target, Collection<TableSchema> wanted) {
        boolean controlled = ControlTables.present(target);
        try (Connection connection = target.open()) {
            connection.setAutoCommit(false);
            TargetCatalog catalog = new TargetCatalog(connection, controlled);
            Set<String> schemas = new TreeSet<>();
            if (!controlled) {
                schemas.add(ControlSchema.NAME);
            }
            List<TablePlan> tables = new ArrayList<>();
            for (TableSchema schema : wanted) {
                TablePlan plan = plan(catalog, schema);
                tables.add(plan);
                if (plan instanceof TablePlan.Create
                        && !catalog.hasSchema(schema.table().schema())) {
                    schemas.add(schema.table().schema());
                }
                connection.rollback();
            }
            return new TargetPlan(schemas, tables);
        } catch (SQLException e) {
            throw target.fault(e);
        }
    }

    private static TablePlan plan(TargetCatalog catalog, TableSchema schema) throws SQLException {
        try {
            Identifiers.check(schema);
            catalog.requireTypes(schema);
            return catalog.plan(schema);
        } catch (Fault fault) {
            return new TablePlan.Refuse(schema.table(), fault);
        }
    }
}
