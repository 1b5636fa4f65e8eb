package dev.handover.transform.state;

import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the source's row was last seen to hold, as far as a later change may refer to it as unchanged.
 *
 * <p>It follows every change that was seen, also one that was then rejected: the source's row moved on, and an
 * unchanged value is what it was after <em>that</em> change. A value that is not here is not known, and never guessed.
 *
 * @param position of the newest change seen
 * @param losses how many records of the key's log partition could not be read before it: one of them may have been a
 *     change of this key
 * @param cells by source column
 */
public record Image(SourcePosition position, long losses, Map<String, Kept> cells) {
    public Image {
        Objects.requireNonNull(position, "position");
        cells = Map.copyOf(cells);
    }

    /** A value, and the kind of its column when it was seen. */
    public record Kept(Kind kind, Value value) {
        public Kept {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(value, "value");
        }
    }

    /** Whether this is what a change at {@code change} calls unchanged. */
    public boolean precedes(SourcePosition change, long lossesNow) {
        int order = change.compareTo(position);
        // At the same position it is the same change again, and this its own result.
        return order == 0 || order > 0 && losses == lossesNow;
    }

    /** The values of these columns of a row. */
    public static Map<String, Kept> kept(Row row, Collection<String> columns) {
        Map<String, Kept> kept = new HashMap<>();
        for (String name : columns) {
            int ordinal = row.schema().ordinal(name);
            if (row.cells().get(ordinal) instanceof Value value) {
                kept.put(
                        name,
                        new Kept(row.schema().columns().get(ordinal).type().kind(), value));
            }
        }
        return kept;
    }

    /** The row with the unchanged cells that are known. */
    public Row complete(Row row) {
        List<Cell> cells = new ArrayList<>(row.cells());
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i) == Cell.UNCHANGED) {
                Column column = row.schema().columns().get(i);
                Kept kept = this.cells.get(column.name());
                if (kept != null && kept.kind() == column.type().kind()) {
                    cells.set(i, kept.value());
                }
            }
        }
        return new Row(row.schema(), cells);
    }

    /** The row with the cells of its key, which is known in any case. */
    public static Row completeKey(Row row, RowKey key) {
        List<Cell> cells = new ArrayList<>(row.cells());
        List<String> names = row.schema().key();
        for (int i = 0; i < names.size(); i++) {
            int ordinal = row.schema().ordinal(names.get(i));
            if (cells.get(ordinal) == Cell.UNCHANGED) {
                cells.set(ordinal, key.values().get(i));
            }
        }
        return new Row(row.schema(), cells);
    }
}
