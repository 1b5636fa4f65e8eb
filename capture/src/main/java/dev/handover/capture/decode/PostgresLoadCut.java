package dev.handover.capture.decode;

import dev.handover.capture.Boundary;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What a snapshot of PostgreSQL saw: a transaction that committed is visible in it exactly when its id is
 * ({@code pg_visible_in_snapshot}); the place of its commit in the log does not tell, because it becomes visible a
 * little after it is logged. The log says ids of 32 bits, so they are only asked about up to the end of the log as it
 * was after the snapshot was taken: everything that it saw is before.
 *
 * @param xmin every id below is visible
 * @param xmax no id from here on is
 * @param running the ids in between that are not
 * @param end of the log, not before the snapshot
 */
record PostgresLoadCut(long xmin, long xmax, Set<Long> running, long end) implements LoadCut {
    private static final long SPAN = 1L << 32;

    PostgresLoadCut {
        running = Set.copyOf(running);
    }

    /** From {@code txid_current_snapshot()}, a blank, and {@code pg_current_wal_insert_lsn()}. */
    static PostgresLoadCut parse(String text) {
        String[] parts = text.split(" ");
        String[] snapshot = parts[0].split(":", -1);
        Set<Long> running = new TreeSet<>();
        for (String id : snapshot[2].split(",")) {
            if (!id.isEmpty()) {
                running.add(Long.parseLong(id));
            }
        }
        String[] halves = parts[1].split("/");
        return new PostgresLoadCut(
                Long.parseLong(snapshot[0]),
                Long.parseLong(snapshot[1]),
                running,
                Long.parseLong(halves[0], 16) << 32 | Long.parseLong(halves[1], 16));
    }

    @Override
    public boolean saw(SourceRecord change, Boundary previous) {
        Struct source = ((Struct) change.value()).getStruct("source");
        if (!(source.get("txId") instanceof Number id) || !(source.get("lsn") instanceof Number lsn)) {
            throw new IllegalArgumentException("a change names no transaction");
        }
        return lsn.longValue() < end && visible(widened(id.longValue()));
    }

    private boolean visible(long id) {
        return id < xmin || id < xmax && !running.contains(id);
    }

    /** An id of 32 bits with the epoch that brings it closest to the snapshot. */
    private long widened(long id) {
        long delta = Math.floorMod(id - xmax, SPAN);
        return xmax + (delta >= SPAN / 2 ? delta - SPAN : delta);
    }
}
