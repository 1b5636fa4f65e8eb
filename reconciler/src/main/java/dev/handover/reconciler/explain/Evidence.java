package dev.handover.reconciler.explain;

/**
 * Whether a share could be chance. Of {@code of} rows taken at random from a table in which a share {@code b} has a
 * trait, the chance that at least {@code rows} have it is at most {@code exp(-of * KL(rows/of || b))} (Chernoff). It is
 * held against one in a thousand, divided by the number of traits that were tried: in a table whose differences are
 * spread by chance, something is said wrongly once in a thousand times at most.
 */
final class Evidence {
    /** Rows that a pattern has at least; fewer prove nothing, and would be single patients. */
    static final int ROWS_MIN = 5;
    /** The least share of the differing rows that a pattern has, in percent. */
    static final int SHARE_PERCENT = 80;

    /** How much larger the share is at least than among all rows: what most rows have explains little, however sure. */
    private static final double LIFT_MIN = 1.5;

    private static final double CHANCE_MAX = 0.001;
    private static final double DEVIATIONS = 3;

    private Evidence() {}

    /** How many nats the trait tells; 0 unless it is a pattern. */
    static double of(long rows, long of, long background, long backgroundOf, boolean exact, double tried) {
        if (rows < ROWS_MIN || rows * 100 < of * SHARE_PERCENT) {
            return 0;
        }
        double share = (double) rows / of;
        double base = Math.min(1, (background + 1.0) / (backgroundOf + 1.0));
        if (!exact) {
            base = Math.min(1, base + DEVIATIONS * Math.sqrt(base * (1 - base) / Math.max(1, backgroundOf)));
        }
        if (share < LIFT_MIN * base) {
            return 0;
        }
        double told = of * divergence(share, base);
        return told > Math.log(tried / CHANCE_MAX) ? told : 0;
    }

    /** Of Kullback and Leibler, of two shares. */
    private static double divergence(double share, double base) {
        double without = share < 1 ? (1 - share) * Math.log((1 - share) / (1 - base)) : 0;
        return share * Math.log(share / base) + without;
    }
}
