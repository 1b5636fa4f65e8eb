package dev.handover.reconciler.explain;

import java.util.Objects;

/**
 * Something that most rows of a kind of divergence have in common.
 *
 * @param trait what it is about
 * @param column the target column that it is about, several joined by commas, or empty
 * @param value what they have in common; a reference, {@code value#3f9a11c0}, where the value may not be shown
 * @param rows rows that have it
 * @param of rows that were looked at
 * @param background rows of the table that have it, whether they differ or not
 * @param backgroundOf rows of the table that were asked; 0 where the trait is of differences, which no other row has
 * @param exact whether these are all rows of the table, rather than some, chosen by the hash of their keys
 */
public record Pattern(
        Trait trait,
        String column,
        String value,
        long rows,
        long of,
        long background,
        long backgroundOf,
        boolean exact) {
    public Pattern {
        Objects.requireNonNull(trait, "trait");
        Objects.requireNonNull(column, "column");
        Objects.requireNonNull(value, "value");
    }

    /** What rows may have in common. */
    public enum Trait {
        /** The same columns differ. */
        COLUMN,
        /** It arose at the same stage. */
        STAGE,
        /** The same value of a column. */
        VALUE,
        /** A time of a column that is in one window. */
        TIME,
        /** The place in the source's log of the change that wrote the target's row. */
        POSITION,
        /** The version of the mapping that made the target's row; 0 where there is none. */
        MAPPING_VERSION
    }
}
