package dev.handover.reconciler.rule;

import dev.handover.row.Row;
import java.util.List;
import java.util.Optional;

/** Adds up what a rule looks at, row by row, for every {@link Side}. Used by one thread. */
interface Aggregate {
    /** Adds a row of a side; empty for one that is there and cannot be read as what it should be. */
    void add(Side side, Optional<Row> row);

    /** What has come together, judged. */
    List<Measure> measures(Unsettled unsettled);

    /** What should be said beside the measures, or nothing. */
    default String detail() {
        return "";
    }
}
