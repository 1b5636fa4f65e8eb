package dev.handover.capture;

import dev.handover.change.SourceChange;
import dev.handover.row.TableSchema;
import java.util.function.Consumer;

/** Reads every row of a table. */
public interface Loader {
    /**
     * Hands every row of the table that the snapshot sees to {@code rows}, in any order, on the calling thread and
     * without holding them all: {@link dev.handover.change.Origin#LOAD}, position {@link LoadSnapshot#stamp()}, empty
     * transaction, {@code committedAt} {@link LoadSnapshot#takenAt()}. An exception of {@code rows} passes through.
     *
     * @throws dev.handover.fault.Fault {@code source-unreachable}, {@code load-failed}; never with a value in its text
     */
    void load(TableSchema table, LoadSnapshot snapshot, Consumer<SourceChange.Upsert> rows);
}
