package dev.handover.sink.postgres;

import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.TableMapping;
import dev.handover.row.Constraints;
import dev.handover.row.ForeignKey;
import dev.handover.row.Index;
import dev.handover.row.TableId;
import dev.handover.sink.postgres.ConstraintStep.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the source's tables have beside columns and keys, as statements on the target: tables and columns under the
 * names that their mappings gave them. Whatever cannot be carried over is a step without a statement that says why.
 * Pure.
 */
final class ConstraintPlan {
    private final Map<TableId, List<TableMapping>> mappings;
    private final Map<String, Long> uses;
    private final Set<TableId> shared;
    private final List<ConstraintStep> steps = new ArrayList<>();

    private ConstraintPlan(Map<TableId, List<TableMapping>> mappings, Map<String, Long> uses, Set<TableId> shared) {
        this.mappings = mappings;
        this.uses = uses;
        this.shared = shared;
    }

    static List<ConstraintStep> of(List<Constraints> constraints, List<TableMapping> mappings) {
        Map<TableId, List<TableMapping>> bySource = new HashMap<>();
        Set<TableId> targets = new HashSet<>();
        Set<TableId> shared = new HashSet<>();
        for (TableMapping mapping : mappings) {
            bySource.computeIfAbsent(mapping.source(), ignored -> new ArrayList<>())
                    .add(mapping);
            if (!targets.add(mapping.target())) {
                shared.add(mapping.target());
            }
        }
        ConstraintPlan plan = new ConstraintPlan(bySource, uses(constraints, bySource), shared);
        constraints.stream().sorted(Comparator.comparing(Constraints::table)).forEach(plan::add);
        return plan.steps.stream()
                .sorted(Comparator.comparing(ConstraintStep::kind))
                .toList();
    }

    /**
     * How often a name is asked for in a schema: an index's name is the schema's at PostgreSQL, the table's at MariaDB.
     */
    private static Map<String, Long> uses(List<Constraints> constraints, Map<TableId, List<TableMapping>> mappings) {
        return constraints.stream()
                .flatMap(each -> mappings.getOrDefault(each.table(), List.of()).stream()
                        .flatMap(mapping -> each.indexes().stream()
                                .map(index -> mapping.target().schema() + "." + index.name())))
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    }

    private void add(Constraints constraints) {
        // a table without a mapping is not part of the migration
        mappings.getOrDefault(constraints.table(), List.of()).forEach(mapping -> add(constraints, mapping));
    }

    private void add(Constraints constraints, TableMapping mapping) {
        new TreeMap<>(constraints.defaults()).forEach((column, expression) -> addDefault(mapping, column, expression));
        constraints.indexes().forEach(index -> addIndex(mapping, index));
        constraints.foreignKeys().forEach(key -> addForeignKey(mapping, key));
    }

    private void addDefault(TableMapping mapping, String column, String expression) {
        Optional<String> target = target(mapping, column, Set.of(Fidelity.COPIED));
        if (shared.contains(mapping.target())) {
            add(mapping, Kind.DEFAULT, target.orElse(column), Optional.empty(), SHARED);
            return;
        }
        Optional<String> sql = target.map(name -> "ALTER TABLE " + Identifiers.quoted(mapping.target())
                + " ALTER COLUMN " + Identifiers.quoted(name) + " SET DEFAULT " + expression);
        add(mapping, Kind.DEFAULT, target.orElse(column), sql, sql.isPresent() ? "default of the source" : CHANGED);
    }

    private static final String CHANGED = "a column is dropped or changed by the mapping";
    private static final String REFERENCED_CHANGED = "the table that it refers to has another key, or fewer rows";
    private static final String SHARED = "several source tables share the target table";

    private void addIndex(TableMapping mapping, Index index) {
        String name = name(mapping, index.name());
        Set<Fidelity> accepted =
                index.unique() ? Set.of(Fidelity.COPIED) : Set.of(Fidelity.COPIED, Fidelity.TRANSFORMED);
        Optional<List<String>> columns = targets(mapping, index.columns(), accepted);
        Kind kind = index.unique() ? Kind.UNIQUE : Kind.INDEX;
        if (index.unique() && shared.contains(mapping.target())) {
            add(mapping, kind, name, Optional.empty(), SHARED);
            return;
        }
        Optional<String> sql = columns.map(names -> index.unique()
                ? "ALTER TABLE " + Identifiers.quoted(mapping.target()) + " ADD CONSTRAINT " + Identifiers.quoted(name)
                        + " UNIQUE (" + Identifiers.quoted(names) + ") DEFERRABLE INITIALLY DEFERRED"
                : "CREATE INDEX CONCURRENTLY " + Identifiers.quoted(name) + " ON "
                        + Identifiers.quoted(mapping.target()) + " (" + Identifiers.quoted(names) + ")");
        add(mapping, kind, name, sql, sql.isPresent() ? "index \"" + index.name() + "\" of the source" : CHANGED);
    }

    private void addForeignKey(TableMapping mapping, ForeignKey key) {
        String name = Identifiers.shortened(key.name());
        List<TableMapping> all = mappings.getOrDefault(key.referenced(), List.of());
        if (all.isEmpty()) {
            add(mapping, Kind.FOREIGN_KEY, name, Optional.empty(), "it refers to a table that is not migrated");
            return;
        }
        if (shared.contains(mapping.target())) {
            add(mapping, Kind.FOREIGN_KEY, name, Optional.empty(), SHARED);
            return;
        }
        Optional<List<String>> columns = targets(mapping, key.columns(), Set.of(Fidelity.COPIED));
        Optional<TableMapping> found = all.stream()
                .filter(each -> isWhole(each)
                        && targets(each, key.referencedColumns(), Set.of(Fidelity.COPIED))
                                .isPresent())
                .findFirst();
        if (columns.isEmpty() || found.isEmpty()) {
            add(mapping, Kind.FOREIGN_KEY, name, Optional.empty(), columns.isEmpty() ? CHANGED : REFERENCED_CHANGED);
            return;
        }
        TableMapping referenced = found.get();
        Optional<List<String>> theirs = targets(referenced, key.referencedColumns(), Set.of(Fidelity.COPIED));
        String table = "ALTER TABLE " + Identifiers.quoted(mapping.target());
        add(
                mapping,
                Kind.FOREIGN_KEY,
                name,
                Optional.of(table + " ADD CONSTRAINT " + Identifiers.quoted(name) + " FOREIGN KEY ("
                        + Identifiers.quoted(columns.get()) + ") REFERENCES "
                        + Identifiers.quoted(referenced.target()) + " (" + Identifiers.quoted(theirs.orElseThrow())
                        + ") NOT VALID"),
                "foreign key of the source; binds new rows, whoever writes them but the sink");
        add(
                mapping,
                Kind.VALIDATION,
                name,
                Optional.of(table + " VALIDATE CONSTRAINT " + Identifiers.quoted(name)),
                "checks the rows that are there");
    }

    private void add(TableMapping mapping, Kind kind, String name, Optional<String> sql, String reason) {
        steps.add(new ConstraintStep(mapping.target(), kind, name, sql, reason));
    }

    /** Whether a target table holds every row of its source under the source's own key. */
    private boolean isWhole(TableMapping mapping) {
        boolean constants = mapping.columns().stream()
                .anyMatch(column -> column instanceof ColumnMapping.Constant
                        && mapping.key().contains(column.target()));
        return mapping.rule().isEmpty() && !constants && !shared.contains(mapping.target());
    }

    private String name(TableMapping mapping, String name) {
        TableId table = mapping.target();
        boolean alone = uses.getOrDefault(table.schema() + "." + name, 1L) == 1;
        String of =
                shared.contains(table) ? table.name() + "_" + mapping.source().name() : table.name();
        return Identifiers.shortened(alone ? name : of + "_" + name);
    }

    private enum Fidelity {
        COPIED,
        TRANSFORMED
    }

    private static Optional<List<String>> targets(TableMapping mapping, List<String> columns, Set<Fidelity> accepted) {
        List<String> targets = new ArrayList<>();
        columns.forEach(column -> target(mapping, column, accepted).ifPresent(targets::add));
        return targets.size() == columns.size() ? Optional.of(targets) : Optional.empty();
    }

    private static Optional<String> target(TableMapping mapping, String column, Set<Fidelity> accepted) {
        boolean declared = false;
        for (ColumnMapping each : mapping.columns()) {
            if (each instanceof ColumnMapping.From from && from.source().equals(column)) {
                declared = true;
                Fidelity fidelity = from.operations().isEmpty() ? Fidelity.COPIED : Fidelity.TRANSFORMED;
                if (accepted.contains(fidelity)) {
                    return Optional.of(from.target());
                }
            }
        }
        boolean copied = mapping.rest() == TableMapping.Rest.COPY
                && !declared
                && !mapping.mentioned().contains(column);
        return copied ? Optional.of(column) : Optional.empty();
    }
}
