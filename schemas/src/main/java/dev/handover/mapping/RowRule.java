package dev.handover.mapping;

import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import java.util.Objects;
import java.util.Set;

/**
 * A rule that says which source rows have a target row.
 *
 * @param name stable; rows that are left out are counted under it
 */
public record RowRule(String name, Predicate predicate) {
    public RowRule {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(predicate, "predicate");
    }

    /** A question about a row: pure, and equal to what asks the same. */
    public interface Predicate {
        /**
         * This question about rows of that schema: asked once, when a mapping is bound.
         *
         * @throws InvalidExpression when it cannot be asked of them
         */
        Bound bind(TableSchema source);

        /** A question whose columns are known. Immutable, for any thread. */
        interface Bound {
            /** Source columns that it reads. */
            Set<String> reads();

            /**
             * Whether the row, which is complete and of the schema, stays.
             *
             * @throws IllegalArgumentException when this row gives no answer; the message holds no value
             */
            boolean test(Row row);
        }
    }
}
