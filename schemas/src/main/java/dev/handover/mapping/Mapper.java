package dev.handover.mapping;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.mapping.Mapped.Filtered;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mapping bound to the schema of its source table: a pure function from source rows to target rows, and back. The
 * load, the stream and the reconciler run this same class. Immutable.
 *
 * <p>The law: for every complete source row that {@link #map(Row)} accepts, {@link #invert} of the target row and its
 * raw values gives the source row again, but for columns that are dropped on purpose. Whether the target row alone
 * would do is checked cell by cell ({@link Operation#restores}); where it would not, the raw value is kept.
 */
public final class Mapper {
    private final TableMapping mapping;
    private final TableSchema source;
    private final TableSchema target;
    private final Optional<RowRule.Predicate.Bound> rule;
    private final Step[] steps;
    private final KeyPlan key;
    private final Coverage coverage;
    private final boolean[] kept;
    private final boolean[] unread;

    Mapper(
            TableMapping mapping,
            TableSchema source,
            TableSchema target,
            Optional<RowRule.Predicate.Bound> rule,
            List<Step> steps,
            KeyPlan key,
            Coverage coverage) {
        this.mapping = mapping;
        this.source = source;
        this.target = target;
        this.rule = rule;
        this.steps = steps.toArray(Step[]::new);
        this.key = key;
        this.coverage = coverage;
        int columns = source.columns().size();
        this.kept = new boolean[columns];
        this.unread = new boolean[columns];
        for (int i = 0; i < columns; i++) {
            Coverage.Of of = coverage.of(source.columns().get(i).name());
            kept[i] = of.keeping() != Coverage.Keeping.DROPPED;
            unread[i] = kept[i] && of.readBy().isEmpty();
        }
    }

    /** Binds a mapping. @throws MappingMismatch when it does not fit, with every problem */
    public static Mapper bind(TableMapping mapping, TableSchema source) throws MappingMismatch {
        return new MapperBinding(mapping, source).mapper();
    }

    /** The mapping that is bound. */
    public TableMapping mapping() {
        return mapping;
    }

    public TableSchema source() {
        return source;
    }

    /** The schema of the rows that this makes. */
    public TableSchema target() {
        return target;
    }

    /** What becomes of every column of the source. */
    public Coverage coverage() {
        return coverage;
    }

    /** What a complete source row becomes, or why it cannot go on. */
    public Outcome<Mapped> map(Row row) {
        if (!row.schema().equals(source)) {
            return Outcome.rejected(Reason.SCHEMA_MISMATCH, source.table().text());
        }
        if (rule.isPresent()) {
            String name = mapping.rule().orElseThrow().name();
            Outcome<Boolean> stays = stays(rule.get(), name, row);
            if (stays instanceof Outcome.Rejected<Boolean> rejected) {
                return new Outcome.Rejected<>(rejected.rejection());
            }
            if (!((Outcome.Accepted<Boolean>) stays).value()) {
                return Outcome.accepted(new Filtered(name));
            }
        }
        Evaluation at = new Evaluation(row);
        boolean[] restored = new boolean[kept.length];
        Cell[] cells = new Cell[steps.length];
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < steps.length; i++) {
                if (steps[i] instanceof Step.OfPart == (pass == 1)) {
                    at.begin(steps[i].column().name());
                    Outcome<Cell> outcome = steps[i].cell(at, restored);
                    if (outcome instanceof Outcome.Rejected<Cell> rejected) {
                        return new Outcome.Rejected<>(rejected.rejection());
                    }
                    cells[i] = ((Outcome.Accepted<Cell>) outcome).value();
                }
            }
        }
        Outcome<Map<String, String>> raw = raw(row, restored, at);
        return raw.then(kept -> Outcome.accepted(new MappedRow(new Row(target, List.of(cells)), kept, at.findings())));
    }

    private static Outcome<Boolean> stays(RowRule.Predicate.Bound rule, String name, Row row) {
        for (String column : rule.reads()) {
            if (row.cell(column) == Cell.UNCHANGED) {
                return Outcome.rejected(Reason.UNCHANGED_VALUE_UNKNOWN, column);
            }
        }
        try {
            return Outcome.accepted(rule.test(row));
        } catch (IllegalArgumentException e) {
            return Outcome.rejected(Reason.NOT_COMPUTABLE, name);
        }
    }

    private Outcome<Map<String, String>> raw(Row row, boolean[] restored, Evaluation at) {
        Map<String, String> raw = Map.of();
        for (int i = 0; i < restored.length; i++) {
            if (!restored[i] && kept[i]) {
                Cell cell = row.cells().get(i);
                String name = source.columns().get(i).name();
                if (cell == Cell.UNCHANGED) {
                    return Outcome.rejected(Reason.UNCHANGED_VALUE_UNKNOWN, name);
                }
                if (cell instanceof Value value) {
                    if (raw.isEmpty()) {
                        raw = new HashMap<>();
                    }
                    raw.put(name, CanonicalText.of(value));
                    if (unread[i]) {
                        at.find(new Finding(name, Finding.Kind.UNREAD, ""));
                    }
                }
            }
        }
        return Outcome.accepted(raw);
    }

    /**
     * The source row of a target row. Columns that were dropped on purpose are {@link Cell#UNCHANGED}: nobody knows
     * them.
     *
     * @param raw as {@link #map(Row)} gave it with that row
     * @throws IllegalArgumentException when the two were not made by this mapping; the message names columns only
     */
    public Row invert(Row row, Map<String, String> raw) {
        return new Inversion(row, raw).row();
    }

    /** One row on its way back. Columns may need others first: those that their operations read. */
    private final class Inversion {
        private final Row row;
        private final Map<String, String> raw;
        // null until it is known
        private final @Nullable Cell[] cells = new Cell[kept.length];

        Inversion(Row row, Map<String, String> raw) {
            this.row = row;
            this.raw = raw;
        }

        Row row() {
            List<Cell> all = new ArrayList<>();
            for (int i = 0; i < cells.length; i++) {
                all.add(cell(i));
            }
            return new Row(source, all);
        }

        private Cell cell(int ordinal) {
            Cell known = cells[ordinal];
            if (known != null) {
                return known;
            }
            Column column = source.columns().get(ordinal);
            String text = raw.get(column.name());
            Cell cell = !kept[ordinal]
                    ? Cell.UNCHANGED
                    : text != null ? CanonicalText.parse(column.type(), text) : inverted(ordinal, column);
            cells[ordinal] = cell;
            return cell;
        }

        private Cell inverted(int ordinal, Column column) {
            for (int i = 0; i < steps.length; i++) {
                if (steps[i].restores() == ordinal) {
                    Cell cell = steps[i].invert(row.cells().get(i), name -> cell(source.ordinal(name)));
                    return cell instanceof Value value ? CanonicalText.as(column.type(), value) : cell;
                }
            }
            return Cell.NULL;
        }
    }

    /** The key as the target has it, or why the target cannot hold it: its values are copied, and only checked here. */
    public Outcome<RowKey> map(RowKey sourceKey) {
        RowKey mapped = targetKey(sourceKey);
        List<Column> columns = target.keyColumns();
        for (int i = 0; i < columns.size(); i++) {
            Outcome<Cell> checked =
                    TargetLimits.check(columns.get(i), mapped.values().get(i));
            if (checked instanceof Outcome.Rejected<Cell> rejected) {
                return new Outcome.Rejected<>(rejected.rejection());
            }
        }
        return Outcome.accepted(mapped);
    }

    /** The key as the target would have it, whether or not the target can hold it. */
    public RowKey targetKey(RowKey sourceKey) {
        return key.target(sourceKey);
    }

    /** The source's key of a key of the target: what routes the row to its partition and bucket. */
    public RowKey routing(RowKey targetKey) {
        return key.source(targetKey);
    }

    /** Whether a key of the target can have been made by this mapping: its constants are this mapping's. */
    public boolean owns(RowKey targetKey) {
        return key.owns(targetKey);
    }
}
