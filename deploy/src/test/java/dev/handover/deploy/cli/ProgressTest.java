package dev.handover.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-11-21T08:00:00Z");

    @Test
    void elsewhereALineComesEveryHalfMinuteAndAtEachChangeOfState() {
        try (Progress progress = new LineProgress(Ran.print(err), () -> now)) {
            progress.show("", List.of(bar("running", 0)));
            for (int second = 1; second <= 60; second++) {
                now = now.plusSeconds(1);
                progress.show("", List.of(bar("running", second * 100L)));
            }
            progress.show("", List.of(bar("throttled, replica_lag=12s", 6000)));
        }

        assertThat(text()).isEqualTo("""
                        clinical.result: 0/~10000 0.0%; State: running
                        clinical.result: 3000/~10000 30.0%; rate 100/s; State: running; ETA 1m10s
                        clinical.result: 6000/~10000 60.0%; rate 100/s; State: running; ETA 40s
                        clinical.result: 6000/~10000 60.0%; rate 100/s; State: throttled, replica_lag=12s; ETA 40s
                        """);
    }

    @Test
    void barsAreDrawnOverThemselvesAtMostFiveTimesASecond() {
        try (Progress progress = new BarProgress(Ran.print(err), 80, 24, () -> now)) {
            progress.show("load", List.of(bar("running", 0)));
            progress.show("load", List.of(bar("running", 1)));
            now = now.plus(Duration.ofMillis(200));
            progress.show("load", List.of(bar("running", 5000)));
        }

        assertThat(text()).contains("██████████░░░░░░░░░░  50%~  5000  running");
        assertThat(text().split("\u001b\\[2A", -1))
                .as("drawn, drawn again, left")
                .hasSize(3);
    }

    @Test
    void barsNeverFillMoreThanTheScreen() {
        List<Progress.Bar> bars = IntStream.range(0, 100)
                .mapToObj(i -> new Progress.Bar("table" + i, "running", 1, OptionalLong.empty(), false))
                .toList();
        try (Progress progress = new BarProgress(Ran.print(err), 30, 10, () -> now)) {
            progress.show("load", bars);
        }

        String[] screen = text().split("\u001b\\[J", -1);
        assertThat(screen[screen.length - 1]).hasLineCount(9).contains("... 93 more");
        assertThat(screen[screen.length - 1].lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThan(30));
    }

    private static Progress.Bar bar(String state, long done) {
        return new Progress.Bar("clinical.result", state, done, OptionalLong.of(10_000), true);
    }

    private String text() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
