package dev.handover.deploy.bench;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What to measure.
 *
 * @param directory everything that the benchmark keeps while it runs; what an earlier one left there is removed first
 * @param rows of all tables together, before the delta
 * @param stream how long changes are made at the fixed rate
 * @param ratePerSecond row changes of that phase
 */
public record BenchPlan(Path directory, long rows, Duration stream, int ratePerSecond) {
    /** Fewest rows: a hundred patients. */
    public static final long ROWS_MIN = 1_600;

    private static final long ROWS_MAX = 100_000_000;
    private static final Duration STREAM_MIN = Duration.ofSeconds(5);
    private static final Duration STREAM_MAX = Duration.ofHours(1);
    private static final int RATE_MIN = 2;
    private static final int RATE_MAX = 100_000;
    /** The time of each change is kept: 16 bytes. */
    private static final long STREAMED_MAX = 10_000_000;

    public BenchPlan {
        directory = directory.toAbsolutePath().normalize();
        if (rows < ROWS_MIN || rows > ROWS_MAX) {
            throw usage("rows-out-of-range", "--rows is " + ROWS_MIN + " to " + ROWS_MAX, "write it as --rows 200000");
        }
        if (stream.compareTo(STREAM_MIN) < 0 || stream.compareTo(STREAM_MAX) > 0) {
            throw usage("time-out-of-range", "--for is 5 s to 1 h", "write it as --for 30s");
        }
        if (ratePerSecond < RATE_MIN || ratePerSecond > RATE_MAX) {
            throw usage(
                    "rate-out-of-range",
                    "--rate is " + RATE_MIN + " to " + RATE_MAX + " changes a second",
                    "write it as --rate 1000");
        }
        if (ratePerSecond * stream.toSeconds() > STREAMED_MAX) {
            throw usage(
                    "stream-too-long",
                    "--rate for --for is more than " + STREAMED_MAX + " changes",
                    "take a shorter time or a lower rate");
        }
    }

    /** Changes of the delta: a fifth of the rows. */
    public long delta() {
        return rows / 5;
    }

    private static Fault usage(String code, String message, String hint) {
        return Fault.of(ExitCode.USAGE, code, message, hint);
    }
}
