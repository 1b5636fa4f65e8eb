package dev.handover.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcFileTest {
    private static final String STAT =
            "4711 (a (strange) name) S 1 4711 4711 0 -1 4194560 5000 60000 7 8 250 50 1000 200"
                    + " 20 0 31 0 123456 4000000000 90000 18446744073709551615 1 1 0 0 0 0 0 4096 17663 0 0 0 17 1 0 0 0 0 0\n";

    @Test
    void itsOwnTimeAndThatOfChildrenThatEndedAreAddedUp() {
        assertThat(ProcFile.cpuSeconds(STAT)).isEqualTo(15.0);
    }

    @Test
    void anotherFileIsRefused() {
        assertThatThrownBy(() -> ProcFile.cpuSeconds("4711 (java) S 1 2 3"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void memoryIsReadByWhatItHolds() {
        assertThat(ProcFile.memory(status(300, 200, 100)))
                .isEqualTo(new ProcFile.Memory(300 * 1024, 200 * 1024, 100 * 1024));
        assertThat(ProcFile.memory("Name:\tzombie\nState:\tZ (zombie)\n")).isEqualTo(new ProcFile.Memory(0, 0, 0));
    }

    @Test
    void whatAFamilySharesCountsOnce() {
        List<ProcFile.Memory> family = List.of(ProcFile.memory(status(10, 8, 100)), ProcFile.memory(status(20, 9, 60)));

        assertThat(ProcFile.Memory.together(family)).isEqualTo((10 + 20 + 9 + 100) * 1024);
    }

    @Test
    void thisProcessUsesTimeAndMemory() {
        assumeTrue(Meter.works(), "only Linux tells");
        Map<Component, Long> processes =
                Map.of(Component.SINK, ProcessHandle.current().pid());
        Meter meter = new Meter();
        meter.begin(processes);
        double sum = 0;
        long beganNanos = System.nanoTime();
        while (System.nanoTime() - beganNanos < 300_000_000) {
            sum += Math.sqrt(sum + 1);
        }

        List<BenchResult.Used> used = meter.end(processes, 1000);

        assertThat(sum).isPositive();
        assertThat(used).singleElement().satisfies(sink -> {
            assertThat(sink.component()).isEqualTo("sink");
            assertThat(sink.cpuSeconds()).isBetween(0.05, 60.0);
            assertThat(sink.cpuMicrosPerChange()).isEqualTo(Figures.round(sink.cpuSeconds() * 1000));
            assertThat(sink.peakMemoryBytes()).isGreaterThan(20L << 20);
        });
    }

    private static String status(int anonymous, int file, int shared) {
        return "Name:\tpostgres\nVmRSS:\t 999999 kB\nRssAnon:\t     " + anonymous + " kB\nRssFile:\t   " + file
                + " kB\nRssShmem:\t " + shared + " kB\nThreads:\t1\n";
    }
}
