package dev.handover.capture;

import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Cuts tables into chunks, and reads these one by one. Safe for many threads, each with a snapshot of its own. */
public interface ChunkReader {
    /**
     * How a table is cut. What is between two chunks is in one of them: together they are the table.
     *
     * @param storage what the cuts refer to; where the source has another now, they say nothing any more
     * @param oneSnapshot whether all chunks have to be read under snapshots that see the same
     * @param chunks as text that only the reader understands; may hold key values, and is never printed
     */
    record ChunkPlan(String storage, boolean oneSnapshot, List<String> chunks) {
        public ChunkPlan {
            Objects.requireNonNull(storage, "storage");
            chunks = List.copyOf(chunks);
        }

        @Override
        public String toString() {
            return chunks.size() + " chunks";
        }
    }

    /** The table was written anew since it was cut. */
    final class Recut extends Exception {
        private static final long serialVersionUID = 1;

        public Recut() {
            super("the table was written anew since it was cut into chunks", null, false, false);
        }
    }

    /**
     * How to cut a table that the snapshot sees; empty where it cannot be cut, or must be read as a whole.
     *
     * @param chunkRows rows of a chunk of a table of ordinary size
     */
    Optional<ChunkPlan> plan(TableSchema table, LoadSnapshot snapshot, int chunkRows);

    /**
     * Hands every row of a chunk that the snapshot sees to {@code rows}, as {@link Loader#load} does those of a table,
     * and names the values that the log may later not tell.
     *
     * @throws Recut before any row, when the cuts say nothing any more
     */
    void read(TableSchema table, ChunkPlan plan, int chunk, LoadSnapshot snapshot, BulkLoad.Row rows) throws Recut;
}
