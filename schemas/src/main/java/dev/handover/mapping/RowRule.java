package dev.handover.mapping;

import dev.handover.row.Column;
import dev.handover.row.Row;
import java.util.List;
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
        /** Source columns that it reads. */
        Set<String> reads();

        /**
         * Checks the question against the columns of the source.
         *
         * @throws IllegalArgumentException when it cannot be asked of them; names columns and types only
         */
        void check(List<Column> source);

        /**
         * Whether the row stays.
         *
         * @throws IllegalArgumentException when this row gives no answer; the message holds no value
         */
        boolean test(Row row);
    }
}
