package dev.handover.reconciler.read;

import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/** A source as the reconciler sees it: what tables it has, and snapshots whose place in the log is known. */
public interface SourceDatabase {
    /** Its name in the pipeline. */
    SourceId id();

    /** Names of the columns that the table has now, in its order; empty where there is no such table. */
    List<String> columns(TableId table);

    /**
     * Every base table in these schemas (for MariaDB: databases), whoever knows of it; parts of a table do not count.
     */
    SortedSet<TableId> tables(Set<String> schemas);

    /**
     * A snapshot, to be closed.
     *
     * @param boundaries positions of this source that were read at the target before this call
     * @throws dev.handover.fault.Fault when the source cannot be read
     */
    SourceSnapshot open(SortedSet<SourcePosition> boundaries);
}
