package dev.handover.reconciler.tap;

import dev.handover.reconciler.tap.LogMessage.Identity;
import dev.handover.reconciler.tap.LogMessage.LoggedColumn;
import dev.handover.reconciler.tap.LogMessage.Old;
import dev.handover.reconciler.tap.LogMessage.Relation;
import dev.handover.reconciler.tap.RowCode.Named;
import dev.handover.reconciler.tap.RowCode.Operation;
import dev.handover.row.Cell;
import dev.handover.row.TableId;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a change in the log means, in the events that a change log has for it: a row that is there now, a row that is
 * gone; for a changed key both. Used by one thread.
 */
final class LogEvents {
    private final RowCode code;
    private final LoggedText texts;

    LogEvents(RowCode code, LoggedText texts) {
        this.code = code;
        this.texts = texts;
    }

    /** @param key names of the columns that identify a row; none for a table without a key */
    Sums insert(Relation relation, TableId table, List<String> key, List<Cell> after) {
        return upsert(relation, table, key, after);
    }

    Sums delete(Relation relation, TableId table, List<String> key, Old before) {
        return code.of(table, Operation.DELETE, keyOf(relation, key, before.cells()), List.of());
    }

    /** As capture tells it: a row under another key is one that is gone and one that is there. */
    Sums update(Relation relation, TableId table, List<String> key, Optional<Old> before, List<Cell> after) {
        List<Cell> whole = before.filter(Old::whole)
                .map(old -> completed(after, old.cells()))
                .orElse(after);
        Sums upsert = upsert(relation, table, key, whole);
        if (before.isEmpty()) {
            return upsert;
        }
        Old old = before.get();
        if (key.isEmpty()) {
            return old.cells().equals(whole)
                    ? Sums.NONE
                    : delete(relation, table, key, old).plus(upsert);
        }
        return moved(relation, key, old, whole)
                ? delete(relation, table, key, old).plus(upsert)
                : upsert;
    }

    private boolean moved(Relation relation, List<String> key, Old old, List<Cell> after) {
        List<String> before = keyOf(relation, key, old.cells());
        if (before.size() < key.size()) {
            return false;
        }
        if (!before.equals(keyOf(relation, key, after))) {
            return true;
        }
        // the engine splits by the key that the log repeats, which may have more columns than ours
        for (int i = 0; i < relation.columns().size(); i++) {
            boolean repeated = relation.identity() == Identity.KEY
                    && relation.columns().get(i).ofKey();
            if (repeated && !Objects.equals(old.cells().get(i), after.get(i))) {
                return true;
            }
        }
        return false;
    }

    private Sums upsert(Relation relation, TableId table, List<String> key, List<Cell> after) {
        requireWidth(relation, after);
        List<Named> cells = new ArrayList<>(after.size());
        for (int i = 0; i < after.size(); i++) {
            LoggedColumn column = relation.columns().get(i);
            Cell cell = after.get(i);
            if (cell instanceof Value.Text text) {
                cells.add(new Named(column.name(), new Value.Text(texts.of(column, text.value()))));
            } else if (cell == Cell.UNCHANGED) {
                cells.add(new Named(column.name(), cell));
            }
        }
        return code.of(table, Operation.UPSERT, keyOf(relation, key, after), cells);
    }

    /** Values of the key; fewer than there are columns where the log does not tell them. */
    private List<String> keyOf(Relation relation, List<String> key, List<Cell> cells) {
        requireWidth(relation, cells);
        List<String> values = new ArrayList<>(key.size());
        for (String name : key) {
            for (int i = 0; i < cells.size(); i++) {
                LoggedColumn column = relation.columns().get(i);
                if (column.name().equals(name) && cells.get(i) instanceof Value.Text text) {
                    values.add(texts.of(column, text.value()));
                }
            }
        }
        return values;
    }

    private static List<Cell> completed(List<Cell> after, List<Cell> before) {
        List<Cell> cells = new ArrayList<>(after);
        for (int i = 0; i < cells.size() && i < before.size(); i++) {
            if (cells.get(i) == Cell.UNCHANGED && before.get(i) != Cell.NULL) {
                cells.set(i, before.get(i));
            }
        }
        return cells;
    }

    private static void requireWidth(Relation relation, List<Cell> cells) {
        if (cells.size() != relation.columns().size()) {
            throw new IllegalArgumentException("a row in the log has " + cells.size() + " values for "
                    + relation.columns().size() + " columns");
        }
    }
}
