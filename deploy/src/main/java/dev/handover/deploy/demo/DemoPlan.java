package dev.handover.deploy.demo;

import dev.handover.deploy.pipeline.RoleName;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What to demonstrate.
 *
 * @param directory everything that the demonstration keeps; what an earlier one left there is removed first
 * @param engine of the legacy database
 * @param work how long the clinic works while the pipeline streams
 * @param victim the role whose process is killed in the middle of that
 * @param ratePerSecond row changes of the clinic
 * @param seed of the clinic
 */
public record DemoPlan(
        Path directory, LegacyEngine engine, Duration work, Optional<RoleName> victim, int ratePerSecond, long seed) {
    /** Shortest work that shows anything. */
    public static final Duration WORK_MIN = Duration.ofSeconds(5);

    /** Longest, so that a demonstration ends. */
    public static final Duration WORK_MAX = Duration.ofHours(24);

    public DemoPlan {
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(victim, "victim");
        directory = directory.toAbsolutePath().normalize();
        if (work.compareTo(WORK_MIN) < 0 || work.compareTo(WORK_MAX) > 0) {
            throw Fault.of(
                    ExitCode.USAGE, "work-out-of-range", "--for is 5 s to 24 h", "write it as --for 45s or --for 10m");
        }
    }
}
