package dev.handover.reconciler.rule;

/**
 * Keys of a table that make its numbers differ without being a proved difference.
 *
 * @param moved keys that were not equal when both sides were scanned and are not proved to differ: seen equal later,
 *     parked, or still open
 * @param open those of them that nothing is known of
 */
public record Unsettled(long moved, long open) {
    /** Whatever differs is proved. */
    public static final Unsettled NONE = new Unsettled(0, 0);

    /** Of both together. */
    public Unsettled plus(Unsettled other) {
        return new Unsettled(moved + other.moved, open + other.open);
    }
}
