package dev.handover.reconciler.rule;

import java.math.BigDecimal;

/** A count or a sum on each side. */
record Amount(BigDecimal source, BigDecimal target, BigDecimal provedSource, BigDecimal provedTarget) {
    /** Of counts, by {@link Side}. */
    static Amount of(long[] counts) {
        return new Amount(
                BigDecimal.valueOf(counts[Side.SOURCE.place()]),
                BigDecimal.valueOf(counts[Side.TARGET.place()]),
                BigDecimal.valueOf(counts[Side.PROVED_SOURCE.place()]),
                BigDecimal.valueOf(counts[Side.PROVED_TARGET.place()]));
    }

    /** Of sums, by {@link Side}. */
    static Amount of(BigDecimal[] sums) {
        return new Amount(
                sums[Side.SOURCE.place()],
                sums[Side.TARGET.place()],
                sums[Side.PROVED_SOURCE.place()],
                sums[Side.PROVED_TARGET.place()]);
    }

    /** Rows, of which a key has one at most. */
    Measure rows(String name, Tolerance tolerance, Unsettled unsettled) {
        return measure(name, "rows", tolerance, true, unsettled);
    }

    Measure measure(String name, String unit, Tolerance tolerance, boolean oneAKey, Unsettled unsettled) {
        BigDecimal raw = target.subtract(source);
        BigDecimal proved = unsettled.moved() == 0 ? raw : provedTarget.subtract(provedSource);
        return new Measure(
                name,
                unit,
                Shown.number(source),
                Shown.number(target),
                Shown.number(raw),
                Shown.number(proved),
                Assessment.amount(raw, proved, tolerance.of(source), oneAKey, unsettled));
    }
}
