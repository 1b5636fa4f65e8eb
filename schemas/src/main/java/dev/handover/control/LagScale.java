package dev.handover.control;

/**
 * The scale on which batches count how late their changes were: slot {@code i} counts lags from {@code 1.1^i - 1}
 * milliseconds up, so that percentiles read from it are right within 10 %. The sink counts, others read.
 */
public final class LagScale {
    /** Slots; the last one counts everything above about 25 minutes. */
    public static final int SLOTS = 150;

    private static final double BASE = 1.1;

    private LagScale() {}

    /** The slot of a lag; a negative lag, from clocks that disagree, counts as none. */
    public static int slot(long lagMillis) {
        int slot = (int) (Math.log1p((double) Math.max(0, lagMillis)) / Math.log(BASE));
        return Math.min(slot, SLOTS - 1);
    }

    /**
     * The lag in milliseconds that {@code quantile} (0 to 1) of the counted changes did not exceed; 0 where none is
     * counted.
     */
    public static long quantileMillis(long[] counts, double quantile) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        long wanted = (long) Math.ceil((double) total * quantile);
        long seen = 0;
        for (int slot = 0; slot < counts.length && total > 0; slot++) {
            seen += counts[slot];
            if (seen >= wanted) {
                return Math.round(Math.pow(BASE, slot + 1) - 1);
            }
        }
        return 0;
    }
}
