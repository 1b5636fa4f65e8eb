package dev.handover.reconciler.tap;

import dev.handover.digest.Digest;

/**
 * What one view says of one table in one transaction, or of a part of it.
 *
 * @param whole of the events with all that is said of their rows
 * @param keys of the events' keys alone
 * @param unchanged how many values were not repeated
 */
record Sums(Digest whole, Digest keys, long unchanged) {
    static final Sums NONE = new Sums(Digest.EMPTY, Digest.EMPTY, 0);

    /** The number of events. */
    long events() {
        return whole.rows();
    }

    Sums plus(Sums more) {
        return new Sums(whole.plus(more.whole), keys.plus(more.keys), unchanged + more.unchanged);
    }
}
