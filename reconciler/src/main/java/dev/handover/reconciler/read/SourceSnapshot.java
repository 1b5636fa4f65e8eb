package dev.handover.reconciler.read;

import dev.handover.reconciler.judge.Stamp;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import java.util.List;

/** One consistent view of a source. Used by one thread. */
public interface SourceSnapshot extends Answering, AutoCloseable {
    /**
     * Every row of a table, each once and to one of these, in no order. Each is used by one thread, which may be
     * another for each; a snapshot that cannot be read by several gives all rows to the first.
     */
    void scan(TableSchema table, List<? extends Scanned> readers);

    /** Every row of a table, in no order. */
    default void scan(TableSchema table, Scanned rows) {
        scan(table, List.of(rows));
    }

    /** The rows under these keys, in no order; rows that the database takes for equal may come as well. */
    void rows(TableSchema table, List<RowKey> keys, Scanned rows);

    /**
     * The place in the log of what was read of the table, to be asked after the reading: a table without transactions
     * moves while it is read.
     */
    Stamp stamp(TableSchema table);

    @Override
    void close();
}
