package dev.handover.capture.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;

    @Test
    void eachHundredRowsHaveTheirTimeWhoeverAsks() {
        Pace pace = new Pace(1_000);
        long now = System.nanoTime() + SECOND;
        long first = pace.due(now);

        assertThat(first)
                .as("a tenth of a second is not counted against who comes late")
                .isEqualTo(-100 * MILLI);
        assertThat(pace.due(now)).isZero();
        assertThat(pace.due(now)).isEqualTo(100 * MILLI);
        assertThat(pace.due(now + 50 * MILLI)).isEqualTo(150 * MILLI);
    }

    @Test
    void whatWasNotUsedIsNotSavedUp() {
        Pace pace = new Pace(100);
        long now = System.nanoTime() + SECOND;
        pace.due(now);
        long later = now + 3_600 * SECOND;

        assertThat(pace.due(later)).isEqualTo(-100 * MILLI);
        assertThat(pace.due(later)).isEqualTo(900 * MILLI);
    }

    @Test
    void aLimitIsKept() {
        Pace pace = new Pace(2_000);
        long before = System.nanoTime();
        for (long read = 1; read <= 1_200; read++) {
            pace.next(read);
        }
        assertThat(System.nanoTime() - before)
                .as("twelve hundred rows at two thousand a second, less the tenth of a second at first")
                .isGreaterThan(400 * MILLI);
    }
}
