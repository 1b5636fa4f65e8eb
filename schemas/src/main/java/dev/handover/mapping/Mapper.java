package dev.handover.mapping;

import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.mapping.MappingMismatch.Problem;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A mapping bound to the schema of its source table: a pure function from source rows to target rows. The load, the
 * stream and the reconciler run this same class. Immutable.
 */
public final class Mapper {
    private final TableMapping mapping;
    private final TableSchema source;
    private final TableSchema target;
    private final List<Step> steps;

    private Mapper(TableMapping mapping, TableSchema source, TableSchema target, List<Step> steps) {
        this.mapping = mapping;
        this.source = source;
        this.target = target;
        this.steps = List.copyOf(steps);
    }

    /** How one target cell is made. */
    private record Step(Column column, ColumnMapping mapping, int ordinal) {}

    /** Binds a mapping. @throws MappingMismatch when it does not fit, with every problem */
    public static Mapper bind(TableMapping mapping, TableSchema source) throws MappingMismatch {
        List<Problem> problems = new ArrayList<>();
        List<ColumnMapping> columns = expanded(mapping, source, problems);
        List<Step> steps = new ArrayList<>();
        for (ColumnMapping column : columns) {
            step(column, source, steps, problems);
        }
        List<String> key = key(source, columns, problems);
        if (!problems.isEmpty()) {
            throw new MappingMismatch(problems);
        }
        TableSchema target = new TableSchema(
                mapping.target(), steps.stream().map(Step::column).toList(), key);
        return new Mapper(mapping, source, target, steps);
    }

    private static List<ColumnMapping> expanded(TableMapping mapping, TableSchema source, List<Problem> problems) {
        List<ColumnMapping> columns = new ArrayList<>(mapping.columns());
        Set<String> used = new LinkedHashSet<>(mapping.dropped());
        Set<String> targets = new HashSet<>();
        for (ColumnMapping column : columns) {
            if (column instanceof ColumnMapping.From from) {
                used.add(from.source());
            }
            if (!targets.add(column.target())) {
                problems.add(new Problem(column.target(), "is declared twice"));
            }
        }
        for (String name : mapping.dropped()) {
            if (source.column(name).isEmpty()) {
                problems.add(new Problem(name, "is dropped, but table " + source.table() + " has no such column"));
            }
        }
        if (mapping.rest() || source.keyless()) {
            // what a table without a key is given for one is always copied: nobody can declare it
            for (Column column : source.columns()) {
                boolean wanted = mapping.rest() || source.key().contains(column.name());
                if (wanted && !used.contains(column.name())) {
                    if (!targets.add(column.name())) {
                        problems.add(new Problem(
                                column.name(),
                                "is declared from another column, and copied by \"*\" as well: drop one"));
                    } else {
                        columns.add(ColumnMapping.From.copy(column.name(), column.name()));
                    }
                }
            }
        }
        return columns;
    }

    private static void step(ColumnMapping mapping, TableSchema source, List<Step> steps, List<Problem> problems) {
        if (mapping instanceof ColumnMapping.From from) {
            if (source.column(from.source()).isEmpty()) {
                problems.add(new Problem(
                        from.target(), "table " + source.table() + " has no column \"" + from.source() + "\""));
                return;
            }
            Column column = source.column(from.source()).get();
            ColumnType type = column.type();
            boolean nullable = column.nullable();
            for (Operation operation : from.operations()) {
                try {
                    type = operation.after(type);
                } catch (IllegalArgumentException e) {
                    problems.add(new Problem(from.target(), String.valueOf(e.getMessage())));
                    return;
                }
                nullable |= operation.mayYieldNull();
            }
            // also without a step: a value that the target cannot hold, such as a zero date, becomes null as well
            nullable |= from.onInvalid() == OnFailure.NULL_WITH_RAW || from.onUnmapped() == OnFailure.NULL_WITH_RAW;
            steps.add(new Step(new Column(from.target(), type, nullable), from, source.ordinal(from.source())));
        } else {
            steps.add(new Step(new Column(mapping.target(), ColumnType.of(Kind.TEXT), false), mapping, -1));
        }
    }

    /** The key must map one to one, so that a key's partition and bucket stay the same all the way. */
    private static List<String> key(TableSchema source, List<ColumnMapping> columns, List<Problem> problems) {
        List<String> key = new ArrayList<>();
        for (String name : source.key()) {
            String found = "";
            for (ColumnMapping column : columns) {
                if (column instanceof ColumnMapping.From from
                        && from.source().equals(name)
                        && from.operations().isEmpty()
                        && found.isEmpty()) {
                    found = from.target();
                }
            }
            if (found.isEmpty()) {
                problems.add(new Problem(
                        name,
                        "is a key column of table " + source.table()
                                + " and must be copied, under this or another name"));
            } else {
                key.add(found);
            }
        }
        return key;
    }

    /** The mapping that is bound. */
    public TableMapping mapping() {
        return mapping;
    }

    public TableSchema source() {
        return source;
    }

    /** The schema of the rows that this makes; its key columns are in the order of the source's. */
    public TableSchema target() {
        return target;
    }

    /** The target row of a complete source row, or why there is none. */
    public Outcome<MappedRow> map(Row row) {
        if (!row.schema().equals(source)) {
            return Outcome.rejected(Reason.SCHEMA_MISMATCH, source.table().text());
        }
        List<Cell> cells = new ArrayList<>(steps.size());
        Map<String, String> raw = new HashMap<>();
        for (Step step : steps) {
            Outcome<Cell> outcome = cell(step, row, raw);
            if (outcome instanceof Outcome.Accepted<Cell> accepted) {
                cells.add(accepted.value());
            } else {
                return outcome.then(ignored -> Outcome.rejected(Reason.UNDECODABLE, ""));
            }
        }
        return Outcome.accepted(new MappedRow(new Row(target, cells), raw));
    }

    /** The key as the target has it, or why the target cannot hold it: its values are copied, and only checked here. */
    public Outcome<RowKey> map(RowKey key) {
        List<Column> columns = target.keyColumns();
        for (int i = 0; i < columns.size(); i++) {
            Outcome<Cell> checked =
                    TargetLimits.check(columns.get(i), key.values().get(i));
            if (checked instanceof Outcome.Rejected<Cell> rejected) {
                return new Outcome.Rejected<>(rejected.rejection());
            }
        }
        return Outcome.accepted(key);
    }

    private Outcome<Cell> cell(Step step, Row row, Map<String, String> raw) {
        if (step.mapping() instanceof ColumnMapping.Constant constant) {
            return Outcome.accepted(new Value.Text(constant.value()));
        }
        ColumnMapping.From from = (ColumnMapping.From) step.mapping();
        Cell cell = row.cells().get(step.ordinal());
        if (cell == Cell.UNCHANGED) {
            return Outcome.rejected(Reason.UNCHANGED_VALUE_UNKNOWN, from.source());
        }
        if (!(cell instanceof Value original)) {
            return Outcome.accepted(Cell.NULL);
        }
        if (!from.operations().isEmpty()) {
            raw.put(from.source(), PostgresText.format(original));
        }
        Outcome<Cell> outcome = Outcome.accepted(original);
        for (Operation operation : from.operations()) {
            outcome = outcome.then(value ->
                    value instanceof Value present ? operation.apply(present, from.target()) : Outcome.accepted(value));
        }
        outcome = outcome.then(value -> TargetLimits.check(step.column(), value));
        return nulled(outcome, from, raw, original);
    }

    private static Outcome<Cell> nulled(
            Outcome<Cell> outcome, ColumnMapping.From from, Map<String, String> raw, Value original) {
        return outcome.fold(ignored -> outcome, rejection -> {
            OnFailure policy = rejection.reason() == Reason.UNMAPPED_CODE ? from.onUnmapped() : from.onInvalid();
            if (policy == OnFailure.DEAD_LETTER) {
                return outcome;
            }
            raw.put(from.source(), PostgresText.format(original));
            return Outcome.accepted(Cell.NULL);
        });
    }
}
