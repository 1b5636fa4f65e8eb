package dev.handover.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagScaleTest {
    @Test
    void aPercentileIsRightWithinTenPercent() {
        for (long millis : new long[] {0, 1, 7, 50, 333, 2_000, 60_000, 900_000}) {
            long[] counts = new long[LagScale.SLOTS];
            counts[LagScale.slot(millis)] = 10;
            assertThat(LagScale.quantileMillis(counts, 0.5)).isBetween(millis, millis + millis / 9 + 1);
        }
    }

    @Test
    void halfOfTheChangesAreAtOrBelowTheMedian() {
        long[] counts = new long[LagScale.SLOTS];
        counts[LagScale.slot(10)] = 98;
        counts[LagScale.slot(5_000)] = 2;
        assertThat(LagScale.quantileMillis(counts, 0.5)).isLessThan(20);
        assertThat(LagScale.quantileMillis(counts, 0.99)).isGreaterThan(4_000);
    }

    @Test
    void nothingCountedIsNoLag() {
        assertThat(LagScale.quantileMillis(new long[LagScale.SLOTS], 0.99)).isZero();
    }

    @Test
    void clocksThatDisagreeCountAsNoLag() {
        assertThat(LagScale.slot(-5)).isZero();
    }
}
