package dev.handover.reconciler.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Of many rows, those whose hashes are least: a fair choice, because the hashes are keyed, and the same one whatever
 * the order of the rows. Rows may be added by many threads; the rest is for one, when they have ended.
 */
final class LeastHashes<T> {
    private final int most;
    private final PriorityQueue<Entry<T>> kept = new PriorityQueue<>(
            Comparator.comparingLong((Entry<T> entry) -> entry.hash()).reversed());
    private final LongAdder seen = new LongAdder();
    /** No hash above it is kept any more. */
    private volatile long bound = Long.MAX_VALUE;

    private record Entry<T>(long hash, T row) {}

    LeastHashes(int most) {
        this.most = most;
    }

    /** Adds a row, which is asked for only if it is kept. */
    void add(long hash, Supplier<? extends T> row) {
        seen.increment();
        if (hash > bound) {
            return;
        }
        synchronized (kept) {
            if (kept.size() < most) {
                kept.add(new Entry<>(hash, row.get()));
                return;
            }
            Entry<T> last = kept.peek();
            if (last != null && hash < last.hash()) {
                kept.poll();
                kept.add(new Entry<>(hash, row.get()));
                Entry<T> next = kept.peek();
                bound = next == null ? bound : next.hash();
            }
        }
    }

    /** Whether every row that was added is kept. */
    boolean complete() {
        return seen.sum() == kept.size();
    }

    /** In no order. */
    List<T> rows() {
        List<T> rows = new ArrayList<>();
        kept.forEach(entry -> rows.add(entry.row()));
        return rows;
    }

    void clear() {
        kept.clear();
    }
}
