package dev.handover.deploy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Processor time and memory of the components that run on this machine, each a process with its children. Where there
 * is no {@code /proc} it measures nothing. Used by one thread, which calls {@link #look} again and again.
 */
final class Meter {
    private static final Path PROC = Path.of("/proc");
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Map<Component, Double> cpuBefore = new EnumMap<>(Component.class);
    private final Map<Component, Double> cpu = new EnumMap<>(Component.class);
    private final Map<Component, Long> memory = new EnumMap<>(Component.class);
    private long lookedNanos;

    /** Whether this machine tells. */
    static boolean works() {
        return Files.isReadable(PROC.resolve("self/stat")) && Files.isReadable(PROC.resolve("self/status"));
    }

    /** Begins to measure; a process that is not there yet has used nothing. */
    void begin(Map<Component, Long> processes) {
        cpu.clear();
        memory.clear();
        cpuBefore.clear();
        processes.forEach(
                (component, pid) -> family(pid).ifPresent(family -> cpuBefore.put(component, family.cpuSeconds())));
        lookedNanos = System.nanoTime() - LOOK.toNanos();
        look(processes);
    }

    /** Looks at the processes, twice a second at most. */
    void look(Map<Component, Long> processes) {
        if (System.nanoTime() - lookedNanos >= LOOK.toNanos()) {
            read(processes);
        }
    }

    /**
     * What was used since {@link #begin}.
     *
     * @param changes to divide by
     */
    List<BenchResult.Used> end(Map<Component, Long> processes, long changes) {
        read(processes);
        List<BenchResult.Used> used = new ArrayList<>();
        cpu.forEach((component, seconds) -> {
            double mine = seconds - cpuBefore.getOrDefault(component, 0.0);
            used.add(new BenchResult.Used(
                    component.text(),
                    Figures.round(mine),
                    Figures.round(mine * 1e6 / changes),
                    memory.getOrDefault(component, 0L)));
        });
        return used;
    }

    private void read(Map<Component, Long> processes) {
        lookedNanos = System.nanoTime();
        processes.forEach((component, pid) -> family(pid).ifPresent(family -> {
            cpu.merge(component, family.cpuSeconds(), Math::max);
            memory.merge(component, family.memoryBytes(), Math::max);
        }));
    }

    private record Family(double cpuSeconds, long memoryBytes) {}

    private record Member(double cpuSeconds, ProcFile.Memory memory) {}

    private static Optional<Family> family(long pid) {
        Optional<ProcessHandle> parent = ProcessHandle.of(pid);
        if (parent.isEmpty()) {
            return Optional.empty();
        }
        List<Member> members = Stream.concat(parent.stream(), parent.get().descendants())
                .flatMap(process -> member(process.pid()).stream())
                .toList();
        return members.isEmpty()
                ? Optional.empty()
                : Optional.of(new Family(
                        members.stream().mapToDouble(Member::cpuSeconds).sum(),
                        ProcFile.Memory.together(
                                members.stream().map(Member::memory).toList())));
    }

    /** Empty for a process that has ended: its parent has its time then, and tells it at the next look. */
    private static Optional<Member> member(long pid) {
        Path directory = PROC.resolve(Long.toString(pid));
        try {
            return Optional.of(new Member(
                    ProcFile.cpuSeconds(text(directory.resolve("stat"))),
                    ProcFile.memory(text(directory.resolve("status")))));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
