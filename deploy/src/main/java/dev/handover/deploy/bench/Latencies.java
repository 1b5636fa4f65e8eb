package dev.handover.deploy.bench;

import java.util.Arrays;

/** Every sample of a phase, so that percentiles are exact. */
final class Latencies {
    private static final double NANOS_PER_MILLI = 1e6;

    private final long[] sortedNanos;

    /** @throws IllegalArgumentException without a sample */
    Latencies(long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("no sample");
        }
        sortedNanos = nanos.clone();
        Arrays.sort(sortedNanos);
    }

    int samples() {
        return sortedNanos.length;
    }

    /**
     * The least sample that at least this share of all samples does not exceed, milliseconds.
     *
     * @param permille above 0, at most 1000
     */
    double millis(int permille) {
        if (permille < 1 || permille > 1000) {
            throw new IllegalArgumentException("no share: " + permille);
        }
        int rank = (int) (((long) sortedNanos.length * permille + 999) / 1000);
        return Figures.round(sortedNanos[rank - 1] / NANOS_PER_MILLI);
    }

    double maxMillis() {
        return millis(1000);
    }
}
