package dev.handover.capture;

import dev.handover.row.Cell;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import java.util.Collections;
import java.util.Optional;

/**
 * Reads a row as the source has it now, for values that the log left out and that nobody else knows. What it reads may
 * be newer than the change that it is read for, never older: as with a load, the changes in between are still to come
 * and tell those values again.
 */
public interface RowReader extends AutoCloseable {
    /** Knows nothing: for a source whose log leaves nothing out. */
    RowReader NONE = new RowReader() {
        @Override
        public Optional<Row> read(TableSchema table, RowKey key, long transaction) {
            return Optional.of(unknown(table));
        }

        @Override
        public void close() {}
    };

    /**
     * The row under a key, in a state of the source that has a transaction; a cell that cannot be read now is
     * unchanged. Empty when there is none any more: then the log goes on to tell that it went.
     *
     * @param transaction as the log names it
     * @throws dev.handover.fault.Fault {@code source-unreachable}, {@code commit-invisible}
     */
    Optional<Row> read(TableSchema table, RowKey key, long transaction);

    @Override
    void close();

    /** A row of which no cell is known. */
    static Row unknown(TableSchema table) {
        return new Row(table, Collections.nCopies(table.columns().size(), Cell.UNCHANGED));
    }
}
