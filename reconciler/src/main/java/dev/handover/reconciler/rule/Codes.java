package dev.handover.reconciler.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts rows by code, on every {@link Side}, in memory that is bounded: of more than {@code most} codes it keeps those
 * whose hashes are least. A code among the least of all was among the least at every moment before, so it was counted
 * from its first row on, whatever the order of the rows; the counts of the codes that are kept are exact, and both
 * sides keep the same ones.
 */
final class Codes {
    /** SQL's null, which no text is equal to. */
    static final String NULL = "\0null";

    private static final Comparator<String> ORDER =
            Comparator.comparingLong(Codes::hash).thenComparing(text -> text);

    private final int most;
    private final Map<String, long[]> counts = new HashMap<>();
    private final long[] others = new long[Side.COUNT];
    private Optional<String> last = Optional.empty();

    Codes(int most) {
        this.most = most;
    }

    void add(Side side, String code) {
        long[] known = counts.get(code);
        if (known == null) {
            if (last.isPresent() && ORDER.compare(code, last.get()) > 0) {
                others[side.place()]++;
                return;
            }
            known = new long[Side.COUNT];
            counts.put(code, known);
        }
        known[side.place()]++;
        if (counts.size() >= 2 * most) {
            cut();
        }
    }

    /** Leaves the codes whose hashes are least. */
    private void cut() {
        if (counts.size() <= most) {
            return;
        }
        List<String> sorted = new ArrayList<>(counts.keySet());
        sorted.sort(ORDER);
        for (String code : sorted.subList(most, sorted.size())) {
            long[] dropped = counts.getOrDefault(code, new long[Side.COUNT]);
            for (int i = 0; i < dropped.length; i++) {
                others[i] += dropped[i];
            }
            counts.remove(code);
        }
        last = Optional.of(sorted.get(most - 1));
    }

    /** Counts by {@link Side} of the codes that are kept. */
    Map<String, long[]> counts() {
        cut();
        return counts;
    }

    /** Counts by {@link Side} of all other codes together. */
    long[] others() {
        cut();
        return others;
    }

    /** Whether there were more codes than are kept. */
    boolean overflowed() {
        cut();
        return last.isPresent();
    }

    /** Codes that a side has. */
    long distinct(Side side) {
        return counts().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(NULL) && entry.getValue()[side.place()] > 0)
                .count();
    }

    /** Spreads the hash of the text over 64 bits, by the finalizer of SplitMix64. */
    private static long hash(String text) {
        long mixed = text.hashCode() * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
