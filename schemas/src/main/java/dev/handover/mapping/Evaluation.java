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

/**
 * One row on its way through a mapping: what the steps of a column may ask of it, and where they leave what they have
 * to say. Made for each row, used by one thread.
 */
public final class Evaluation {
    private final Row row;
    private final List<Finding> findings = new ArrayList<>(0);
    private Map<String, Map<String, Cell>> parts = Map.of();
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
    }

    /**
     * A cell of the source row.
     *
     * @throws IllegalArgumentException when there is no such column
     */
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

    /** The by-product of a column; null where it left none. */
    Cell part(String of, String name) {
        return parts.getOrDefault(of, Map.of()).getOrDefault(name, Cell.NULL);
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
}
