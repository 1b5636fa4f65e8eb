package dev.handover.deploy.bench;

import java.util.List;
import java.util.Optional;

/**
 * What a benchmark measured. Of its numbers only those of a run that is {@code valid} mean anything.
 *
 * @param valid whether every phase ran and every comparison converged
 * @param servers {@code embedded} or {@code given}
 * @param rows of all tables after the load
 * @param warnings what makes figures doubtful
 */
public record BenchResult(
        boolean valid, String servers, long rows, Machine machine, List<Phase> phases, List<String> warnings) {
    public BenchResult {
        phases = List.copyOf(phases);
        warnings = List.copyOf(warnings);
    }

    /** Where this process and the roles ran. */
    public record Machine(int processors, long memoryBytes, String system, String java) {}

    /**
     * One phase.
     *
     * @param name load, delta or latency
     * @param changes rows that were loaded, or row changes that the source committed
     * @param seconds from the start of the roles' processes, or of the stream, to the last change at the target
     * @param secondsFromFirst from the first change at the target to the last
     * @param latency of the phase at a fixed rate; else null
     * @param components processor time and memory; empty where they can't be known
     */
    public record Phase(
            String name,
            long changes,
            double seconds,
            double perSecond,
            double secondsFromFirst,
            double perSecondFromFirst,
            @org.jspecify.annotations.Nullable Latency latency,
            List<Used> components,
            Check check) {
        public Phase {
            components = List.copyOf(components);
        }

        /** What one component used; empty where nothing is known of it. */
        public Optional<Used> used(Component component) {
            return components.stream()
                    .filter(used -> used.component().equals(component.text()))
                    .findFirst();
        }
    }

    /**
     * From the commit at the source to the row's being seen at the target, by the clock of this process.
     *
     * @param askedPerSecond the rate asked for; {@link Phase#perSecond} is the one that was reached
     * @param samples rows, each of which is a sample
     * @param lateMillisMax longest that a transaction began after it was due
     */
    public record Latency(
            int askedPerSecond,
            double writtenPerSecond,
            long samples,
            double p50Millis,
            double p95Millis,
            double p99Millis,
            double maxMillis,
            double lateMillisMax) {}

    /**
     * What a component used in a phase.
     *
     * @param cpuSeconds processor time of its processes, the comparison left out
     * @param peakMemoryBytes most resident memory, pages that processes share counted once
     */
    public record Used(String component, double cpuSeconds, double cpuMicrosPerChange, long peakMemoryBytes) {}

    /**
     * The comparison of every row of both ends after the phase.
     *
     * @param verdict converged, diverged or undetermined
     */
    public record Check(
            String verdict, long rowsCompared, long divergences, long deadLettersOpen, double seconds, String run) {}
}
