package dev.handover.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatenciesTest {
    @ParameterizedTest
    @CsvSource({
        "100, 500, 50",
        "100, 950, 95",
        "100, 990, 99",
        "100, 1000, 100",
        "101, 500, 51",
        "1, 500, 1",
        "1, 990, 1",
        "3, 500, 2",
        "1000, 999, 999"
    })
    void aPercentileIsTheLeastSampleThatSoManyDoNotExceed(int samples, int permille, double millis) {
        long[] fallingNanos =
                LongStream.range(0, samples).map(i -> (samples - i) * 1_000_000).toArray();

        assertThat(new Latencies(fallingNanos).millis(permille)).isEqualTo(millis);
    }

    @Test
    void theSlowestSampleIsTheMaximum() {
        Latencies latencies = new Latencies(new long[] {3_000_000, 1_234_567_891, 5_000});

        assertThat(latencies.maxMillis()).isEqualTo(1234.568);
        assertThat(latencies.millis(1)).isEqualTo(0.005);
        assertThat(latencies.samples()).isEqualTo(3);
    }

    @Test
    void withoutASampleThereIsNoFigure() {
        assertThatThrownBy(() -> new Latencies(new long[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Latencies(new long[1]).millis(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Figures.round(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
