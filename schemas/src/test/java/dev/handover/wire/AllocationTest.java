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
 * How many bytes each step allocates for a change. Unlike times they do not depend on the machine, and the compiler
 * only makes them fewer; so the limits are a twelfth above what the interpreter allocates ({@code -Xint}).
 */
class AllocationTest {
    private static final int WARM_UP = 200;
    private static final int RUNS = 500;

    static Stream<Arguments> steps() {
        WireBenchmark steps = new WireBenchmark();
        return Stream.of(
                arguments("encode source", 2_000, (Supplier<Object>) steps::encodeSource),
                arguments("decode source", 1_820, (Supplier<Object>) steps::decodeSource),
                arguments("map", 950, (Supplier<Object>) steps::map),
                arguments("fingerprint", 1_650, (Supplier<Object>) steps::fingerprint),
                arguments("encode canonical", 2_320, (Supplier<Object>) steps::encodeCanonical),
                arguments("decode canonical", 2_470, (Supplier<Object>) steps::decodeCanonical));
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
