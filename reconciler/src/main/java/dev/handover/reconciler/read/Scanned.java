package dev.handover.reconciler.read;

import dev.handover.change.Outcome;
import dev.handover.row.Row;
import dev.handover.row.RowKey;

/** Takes rows as they are read. */
@FunctionalInterface
public interface Scanned {
    /**
     * Takes one row.
     *
     * @param key of the row
     * @param row the row, or the column that could not be read as what it is declared to be
     */
    void row(RowKey key, Outcome<Row> row);
}
