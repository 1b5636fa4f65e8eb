package dev.handover.reconciler.rule;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Judges numbers of two scans that were not of one moment. Rows that are equal on both sides add the same to both
 * numbers, so the whole difference is on the keys that were not equal when they were scanned. Of these, the ones that
 * are proved to differ add a part that is proved; the others were in flight, and their part says nothing. So sums and
 * counts are judged by the proved part; what is not additive, such as an extreme, only where no key was in flight.
 */
final class Assessment {
    private Assessment() {}

    /**
     * Of a count or sum.
     *
     * @param raw difference of the scans
     * @param proved the part of it on keys that are proved to differ
     * @param oneAKey whether a key can change it by one at most
     */
    static Result amount(
            BigDecimal raw, BigDecimal proved, BigDecimal tolerance, boolean oneAKey, Unsettled unsettled) {
        boolean closed = unsettled.open() == 0;
        if (proved.abs().compareTo(tolerance) <= 0) {
            return closed || raw.abs().compareTo(tolerance) <= 0 ? Result.PASSED : Result.UNDETERMINED;
        }
        boolean certain = closed
                || oneAKey
                        && proved.abs()
                                        .subtract(BigDecimal.valueOf(unsettled.open()))
                                        .compareTo(tolerance)
                                > 0;
        return certain ? Result.FAILED : Result.UNDETERMINED;
    }

    /** Of what is equal or not. */
    static Result same(boolean same, Unsettled unsettled) {
        if (same) {
            return Result.PASSED;
        }
        return unsettled.moved() == 0 ? Result.FAILED : Result.UNDETERMINED;
    }

    /** Of a number of rows at the target that has limits of its own; every key in flight may be one of them. */
    static Result within(BigDecimal rows, Optional<BigDecimal> least, Optional<BigDecimal> most, Unsettled unsettled) {
        BigDecimal below = least.map(limit -> limit.subtract(rows)).orElse(BigDecimal.ZERO);
        BigDecimal above = most.map(rows::subtract).orElse(BigDecimal.ZERO);
        BigDecimal beyond = below.max(above);
        if (beyond.signum() <= 0) {
            return Result.PASSED;
        }
        return beyond.compareTo(BigDecimal.valueOf(unsettled.moved())) > 0 ? Result.FAILED : Result.UNDETERMINED;
    }
}
