package dev.handover.mapping;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.row.Cell;
import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row on its way through a mapping: what the steps of a column may ask of it, and where they leave what they have
 * to say. Made for each row, used by one thread.
 */
public final class Evaluation implements Operation.Reading {
    private final Row row;
    private final List<Finding> findings = new ArrayList<>(0);
    private Map<String, Map<String, Cell>> parts = Map.of();
    private Map<String, Map<String, Cell>> verdicts = Map.of();
    private Optional<Value> cause = Optional.empty();
    private String column = "";

    /** Of a complete source row. */
    public Evaluation(Row row) {
        this.row = row;
    }

    /** The source row. */
    public Row row() {
        return row;
    }

    /** The target column that is being made. */
    public String column() {
        return column;
    }

    void begin(String target) {
        column = target;
        cause = Optional.empty();
    }

    /**
     * A cell of the source row.
     *
     * @throws IllegalArgumentException when there is no such column
     */
    @Override
    public Cell read(String source) {
        return row.cell(source);
    }

    /** Leaves a by-product for other target columns. */
    public void part(String name, Cell value) {
        if (parts.isEmpty()) {
            parts = new HashMap<>();
        }
        parts.computeIfAbsent(column, ignored -> new HashMap<>()).put(name, value);
    }

    /** Leaves a word that says what became of the value: a by-product that stays where the value is refused. */
    public void verdict(String name, String word) {
        if (verdicts.isEmpty()) {
            verdicts = new HashMap<>();
        }
        verdicts.computeIfAbsent(column, ignored -> new HashMap<>()).put(name, new Value.Text(word));
    }

    /** The by-product of a column; null where it left none. */
    Cell part(String of, String name) {
        Cell part = parts.getOrDefault(of, Map.of()).get(name);
        return part == null ? verdicts.getOrDefault(of, Map.of()).getOrDefault(name, Cell.NULL) : part;
    }

    /** By-products of the current column, which was rejected, are not used. */
    void withoutParts() {
        if (!parts.isEmpty()) {
            parts.remove(column);
        }
    }

    /** Says that something about a value was not understood, or changed its meaning. */
    public void find(Finding.Kind kind, Value about) {
        findings.add(Finding.of(column, kind, PostgresText.format(about)));
    }

    void find(Finding finding) {
        findings.add(finding);
    }

    List<Finding> findings() {
        return findings;
    }

    /** This column cannot be made. */
    public Outcome<Cell> reject(Reason reason) {
        return Outcome.rejected(reason, column);
    }

    /** This column cannot be made, because of a value of another one that it reads. */
    public Outcome<Cell> reject(Reason reason, Value culprit) {
        cause = Optional.of(culprit);
        return reject(reason);
    }

    /** What the current column was rejected for, where it was not its own value. */
    Optional<Value> cause() {
        return cause;
    }
}
