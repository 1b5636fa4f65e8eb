package dev.handover.mapping;

import dev.handover.change.Outcome;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.Map;
import java.util.Set;

/**
 * One step from a source value to a target value: pure, immutable, equal to what does the same. Null is never an
 * operation's business: it stays null.
 *
 * <p>The law that every operation keeps: where {@link #restores} says so, {@link #invert} of what {@link #apply} made
 * is what it was given. A chain of steps that each restore therefore restores its source value, and the value needs no
 * raw copy beside the row.
 */
public interface Operation {
    /** The key under which a pipeline file declares it. */
    String name();

    /**
     * The type after this step.
     *
     * @throws IllegalArgumentException when the step cannot take that type; the message names types only
     */
    ColumnType after(ColumnType before);

    /** As {@link #after(ColumnType)}, where the other columns of the source table matter. */
    default ColumnType after(ColumnType before, TableSchema source) {
        return after(before);
    }

    /**
     * This step for values of the type that {@link #after} has accepted: asked once, when a mapping is bound. Before
     * that, a step takes the type that it is most likely to meet.
     */
    default Operation bound(ColumnType before) {
        return this;
    }

    /** Source columns that this reads beside the value. */
    default Set<String> reads() {
        return Set.of();
    }

    /**
     * Source columns that this reads and that its by-products give back: by column, the by-product that does. Where a
     * target column holds that by-product, the column needs no raw copy as long as {@link #restored} gives it back.
     */
    default Map<String, String> restoring() {
        return Map.of();
    }

    /**
     * The cell of a column of {@link #restoring}, or the text that is its canonical text, as far as its by-product
     * tells. Of a by-product that this leaves where the column is null, it is null. Must not throw.
     */
    default Cell restored(String column, Cell part) {
        throw new UnsupportedOperationException(name() + " restores no column that it reads");
    }

    /** By-products that other target columns may take, with their types; each may be null. */
    default Map<String, ColumnType> parts() {
        return Map.of();
    }

    /** Whether a value that is present may become null. */
    default boolean mayYieldNull() {
        return false;
    }

    /** The value after this step, null where the step says so, or why it cannot be. */
    Outcome<Cell> apply(Value value, Evaluation at);

    /** Whether there is an inverse, and for which values. */
    Reversal reversal();

    /**
     * The value before this step, or the text that is its canonical text: the column's type tells the rest.
     *
     * @throws UnsupportedOperationException of a {@link Reversal#LOSSY} step
     * @throws IllegalArgumentException when no value gives that one; the message holds no value
     */
    default Value invert(Value after) {
        throw new UnsupportedOperationException(name() + " has no inverse");
    }

    /**
     * As {@link #invert(Value)}, where the inverse depends on the columns that this {@link #reads}.
     *
     * @param others cells of the source row
     */
    default Value invert(Value after, Reading others) {
        return invert(after);
    }

    /** Whether {@link #invert} gives {@code before} back. Must not throw. */
    default boolean restores(Value before, Cell after) {
        if (!(after instanceof Value value)) {
            return false;
        }
        return switch (reversal()) {
            case EXACT -> true;
            case LOSSY -> false;
            case CHECKED -> isInverse(before, value);
        };
    }

    /** As {@link #restores(Value, Cell)}, where the inverse depends on the columns that this {@link #reads}. */
    default boolean restores(Value before, Cell after, Reading others) {
        return restores(before, after);
    }

    private boolean isInverse(Value before, Value after) {
        try {
            return invert(after).equals(before);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Cells of a source row by column. */
    @FunctionalInterface
    interface Reading {
        /** @throws IllegalArgumentException when there is no such column */
        Cell read(String column);
    }

    /** Whether all that it yields is among codes that the mapping's author wrote down: no value of a patient passes. */
    default boolean yieldsListedCodes() {
        return false;
    }
}
