package dev.handover.capture.engine;

import dev.handover.row.TableId;
import java.util.Objects;
import java.util.Set;

/**
 * How far the load of a table is.
 *
 * @param chunks that it was cut into; 0 where it goes through the log as a whole
 * @param done numbers of the chunks that are loaded, which no run reads again
 * @param past how many of those went past the log
 * @param byRows how many chunks went, or go, through the log row by row
 * @param rows that are loaded; of a table that goes as a whole only known when it is complete
 */
public record TableLoad(
        TableId table, int chunks, Set<Integer> done, int past, int byRows, long rows, boolean complete) {
    public TableLoad {
        Objects.requireNonNull(table, "table");
        done = Set.copyOf(done);
    }
}
