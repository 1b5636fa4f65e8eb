package dev.handover.reconciler.spill;

import dev.handover.reconciler.compare.RowDigest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The rows of one side of one table, read by several threads: each fills a part of its own, all are read as one. */
public final class SideRows implements AutoCloseable {
    private final List<SpilledRows> parts;

    /**
     * No rows yet.
     *
     * @param readers threads that will fill it
     * @param memoryBytesMax bytes of rows that stay in memory, of all parts together
     * @param directory for the files, which are made when needed
     */
    public SideRows(int readers, long memoryBytesMax, Path directory) {
        this.parts = IntStream.range(0, readers)
                .mapToObj(reader -> new SpilledRows(memoryBytesMax / readers, directory))
                .toList();
    }

    /** A part for each reader. */
    public List<SpilledRows> parts() {
        return parts;
    }

    /** Rows taken. */
    public long rows() {
        return parts.stream().mapToLong(SpilledRows::rows).sum();
    }

    /** Every row of a shard; no row may be added any more. */
    public void read(int shard, Consumer<RowDigest> rows) {
        parts.forEach(part -> part.read(shard, rows));
    }

    @Override
    public void close() {
        parts.forEach(SpilledRows::close);
    }
}
