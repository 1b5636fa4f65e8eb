package dev.handover.sink.postgres;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Column;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A table as the target's catalog describes it, and what it takes to write rows of a schema into it. Pure.
 *
 * @param columns by name, in the table's order
 * @param key the columns of the primary key in key order; empty where there is none
 * @param recorded whether Handover made or adopted the table
 * @param occupied whether it has rows
 */
record ExistingTable(Map<String, Found> columns, List<String> key, boolean recorded, boolean occupied) {
    ExistingTable {
        columns = new LinkedHashMap<>(columns);
        key = List.copyOf(key);
    }

    /** A column of the catalog: its type as PostgreSQL writes it. */
    record Found(String type, boolean notNull, boolean hasDefault, boolean generated) {}

    /** What to do: nothing can be done where there are differences, else the changes in order. */
    record Fit(List<String> differences, List<String> changes) {
        Fit {
            differences = List.copyOf(differences);
            changes = List.copyOf(changes);
        }
    }

    boolean hasBookkeeping() {
        return columns.keySet().containsAll(Identifiers.BOOKKEEPING);
    }

    /**
     * What a sink does with the table before it writes rows of the schema.
     *
     * @param types by column, the type that it should have, as this server writes it
     */
    TablePlan plan(TableSchema schema, Map<String, String> types) {
        String name = schema.table().shortText();
        boolean ours = recorded && hasBookkeeping();
        if (occupied && !ours) {
            return refuse(
                    schema,
                    "target-occupied",
                    "table " + name + " of the target has rows that this migration did not write",
                    "Empty the table or drop it, or map the source table to another name.");
        }
        Fit fit = fit(schema, types);
        String differences = String.join("; ", fit.differences());
        if (differences.isEmpty()) {
            return new TablePlan.Alter(schema.table(), fit.changes());
        }
        return ours
                ? new TablePlan.Park(schema.table(), differences)
                : refuse(
                        schema,
                        "target-differs",
                        "table " + name + " of the target differs: " + differences,
                        "Alter or drop the target table, or map the source table to another name. Nothing was changed.");
    }

    private static TablePlan refuse(TableSchema schema, String code, String fact, String hint) {
        return new TablePlan.Refuse(schema.table(), Fault.of(ExitCode.CONFLICT, code, fact, hint));
    }

    /**
     * How rows of the schema fit.
     *
     * @param types by column, the type that it should have, as this server writes it
     */
    private Fit fit(TableSchema schema, Map<String, String> types) {
        List<String> differences = new ArrayList<>();
        List<String> changes = new ArrayList<>();
        if (!key.equals(schema.key())) {
            differences.add("primary key is (" + String.join(", ", key) + "), should be ("
                    + String.join(", ", schema.key()) + ")");
        }
        for (Column column : schema.columns()) {
            String type = types.getOrDefault(column.name(), column.type().postgres());
            Optional.ofNullable(columns.get(column.name()))
                    .ifPresentOrElse(
                            found -> compare(schema, column, type, found, differences, changes),
                            () -> missing(column, differences, changes));
        }
        Set<String> wanted = types.keySet();
        columns.forEach((name, found) -> {
            if (!wanted.contains(name) && !Identifiers.BOOKKEEPING.contains(name)) {
                extra(name, found, differences, changes);
            }
        });
        if (!hasBookkeeping()) {
            for (String definition : TableStatements.bookkeepingDefinitions().split(", ")) {
                changes.add("ADD COLUMN " + definition);
            }
        }
        return new Fit(differences, changes);
    }

    private void compare(
            TableSchema schema,
            Column column,
            String type,
            Found found,
            List<String> differences,
            List<String> changes) {
        String name = column.name();
        if (recorded && ServerType.holds(found.type(), type)) {
            // As it is, or as a newer schema made it.
        } else if (recorded && ServerType.holds(type, found.type())) {
            changes.add("ALTER COLUMN " + Identifiers.quoted(name) + " TYPE " + type);
        } else if (!found.type().equals(type)) {
            differences.add("column \"" + name + "\" is " + found.type() + ", should be " + type);
        }
        if (found.generated()) {
            differences.add("column \"" + name + "\" is generated by the target");
        }
        boolean wantsNotNull = !column.nullable() || schema.key().contains(name);
        if (recorded && found.notNull() && !wantsNotNull) {
            changes.add("ALTER COLUMN " + Identifiers.quoted(name) + " DROP NOT NULL");
        } else if (!recorded && found.notNull() != wantsNotNull) {
            differences.add("column \"" + name + "\" is " + (found.notNull() ? "not null" : "nullable") + ", should be "
                    + (wantsNotNull ? "not null" : "nullable"));
        }
    }

    private void missing(Column column, List<String> differences, List<String> changes) {
        if (recorded) {
            // Nullable whatever the source says: rows from before the column hold nothing until they change.
            changes.add("ADD COLUMN " + Identifiers.quoted(column.name()) + " "
                    + column.type().postgres());
        } else {
            differences.add("column \"" + column.name() + "\" is missing");
        }
    }

    private void extra(String name, Found found, List<String> differences, List<String> changes) {
        if (!recorded) {
            differences.add("column \"" + name + "\" is not in the source's table or its mapping");
        } else if (found.notNull() && !found.hasDefault()) {
            changes.add("ALTER COLUMN " + Identifiers.quoted(name) + " DROP NOT NULL");
        }
    }
}
