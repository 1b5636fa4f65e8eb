package dev.handover.reconciler.explain;

import java.util.Collections;
import java.util.List;

/** From a value to another one, both inside. */
record Range<T extends Comparable<T>>(T from, T to) {
    /**
     * Of the ranges that hold so many of these, the first of those that hold the fewest of all. Both lists are sorted.
     */
    static <T extends Comparable<T>> Range<T> tightest(List<T> sorted, List<T> all, int most) {
        Range<T> best = new Range<>(sorted.get(0), sorted.get(most - 1));
        long least = best.count(all);
        for (int i = 1; i + most <= sorted.size(); i++) {
            Range<T> next = new Range<>(sorted.get(i), sorted.get(i + most - 1));
            long held = next.count(all);
            if (held < least) {
                best = next;
                least = held;
            }
        }
        return best;
    }

    /** How many of these it holds. */
    long count(List<T> sorted) {
        return Math.max(0, above(sorted, to) - below(sorted, from));
    }

    private static <T extends Comparable<T>> int below(List<T> sorted, T bound) {
        int found = Collections.binarySearch(sorted, bound, (each, sought) -> each.compareTo(sought) < 0 ? -1 : 1);
        return -found - 1;
    }

    private static <T extends Comparable<T>> int above(List<T> sorted, T bound) {
        int found = Collections.binarySearch(sorted, bound, (each, sought) -> each.compareTo(sought) <= 0 ? -1 : 1);
        return -found - 1;
    }
}
