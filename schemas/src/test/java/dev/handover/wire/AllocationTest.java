package dev.handover.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How many bytes each step allocates for a change. Unlike times they are the same on every machine, so what makes a
 * step dearer is seen here. The limits are a sixth above what was measured.
 */
class AllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int RUNS = 2_000;

    static Stream<Arguments> steps() {
        WireBenchmark steps = new WireBenchmark();
        return Stream.of(
                arguments("encode source", 1_700, (Supplier<Object>) steps::encodeSource),
                arguments("decode source", 1_900, (Supplier<Object>) steps::decodeSource),
                arguments("map", 1_000, (Supplier<Object>) steps::map),
                arguments("fingerprint", 1_750, (Supplier<Object>) steps::fingerprint),
                arguments("encode canonical", 2_200, (Supplier<Object>) steps::encodeCanonical),
                arguments("decode canonical", 2_600, (Supplier<Object>) steps::decodeCanonical));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    void aStepAllocatesNoMoreThanItDid(String step, long bytesMax, Supplier<Object> work) {
        assertThat(bytes(work)).as(step).isLessThanOrEqualTo(bytesMax);
    }

    @Test
    void whatIsAllocatedIsCounted() {
        assertThat(bytes(() -> new byte[1_000])).isBetween(1_000L, 1_200L);
    }

    private static long bytes(Supplier<Object> work) {
        run(work, WARM_UP);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(work, RUNS);
        return (threads.getCurrentThreadAllocatedBytes() - before) / RUNS;
    }

    private static void run(Supplier<Object> work, int times) {
        int nothing = 0;
        for (int i = 0; i < times; i++) {
            nothing += work.get() == null ? 1 : 0;
        }
        assertThat(nothing).isZero();
    }
}
