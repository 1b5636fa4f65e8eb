package dev.handover.deploy.cli;

import dev.handover.deploy.bench.BenchPlan;
import dev.handover.deploy.bench.BenchResult;
import dev.handover.deploy.bench.BenchScreen;
import dev.handover.deploy.bench.Benchmark;
import dev.handover.deploy.bench.Component;
import dev.handover.deploy.bench.EmbeddedSite;
import dev.handover.deploy.bench.GivenSite;
import dev.handover.deploy.bench.SignalGuard;
import dev.handover.deploy.bench.Site;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.Secrets;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.stack.ScratchDirectory;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code handover bench}: how fast the pipeline is, and what it costs. */
@Command(
        name = "bench",
        description =
                "Measure load, delta and latency, on servers of its own or with -c on given ones; compare every row.",
        footer = {
            "  handover bench                             200,000 rows, then 1,000 changes/s for 30 s",
            "  handover bench --rows 2000000 --for 5m -o json",
            "  handover bench -c pipeline.yaml            on the servers of that file, in schema handover_bench"
        })
final class BenchCommand implements dev.handover.deploy.cli.Command {
    private static final double MEBIBYTE = 1 << 20;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "200000",
            description = "rows of the load; a fifth as many changes follow; default 200000")
    private long rows = 200_000;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "how long changes are made at the fixed rate; default 30s")
    private Duration stream = Duration.ofSeconds(30);

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "row changes a second of that time; default 1000")
    private int rate = 1000;

    @Option(
            names = "--state",
            paramLabel = "DIRECTORY",
            description = "where servers and logs are kept meanwhile; default bench under the state directory")
    private @Nullable Path state;

    @Override
    public Answer run(Session session) {
        Path directory = state != null ? state : session.stateDirectory().resolve("bench");
        BenchPlan plan = new BenchPlan(directory, rows, stream, rate);
        try (Progress progress = session.progress()) {
            return answer(SignalGuard.during(() -> {
                ScratchDirectory.renew(plan.directory(), "bench");
                BenchResult result = measure(session, plan, progress);
                if (result.valid()) {
                    ScratchDirectory.remove(plan.directory());
                }
                return result;
            }));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(e, ExitCode.FAILED, "interrupted", "the benchmark was interrupted", "start it again");
        }
    }

    private static BenchResult measure(Session session, BenchPlan plan, Progress progress) throws InterruptedException {
        Function<String, Optional<String>> environment = session.terminal()::variable;
        Optional<Path> given = session.givenConfigFile();
        try (Site site = given.isPresent()
                ? GivenSite.open(given.get(), plan.directory(), environment)
                : EmbeddedSite.start(plan.directory(), progress::say)) {
            PipelineConfig pipeline = PipelineFile.read(site.pipelineFile());
            Assembly assembly = new Assembly(
                    pipeline,
                    new Secrets(pipeline.secrets(), environment),
                    plan.directory().resolve("state"),
                    InstantSource.system());
            return new Benchmark(plan, site, assembly, screen(progress), InstantSource.system()).run();
        }
    }

    private static BenchScreen screen(Progress progress) {
        return new BenchScreen() {
            @Override
            public void say(String line) {
                progress.say(line);
            }

            @Override
            public void show(String headline) {
                progress.show(headline, List.of());
            }
        };
    }

    static Answer answer(BenchResult result) {
        Answer answer = Answer.of("Bench", result)
                .grid(
                        List.of(
                                "PHASE",
                                "CHANGES",
                                "SECONDS",
                                "/S",
                                "FROM FIRST",
                                "/S FROM FIRST",
                                "COMPARED",
                                "VERDICT"),
                        result.phases().stream().map(BenchCommand::phase).toList());
        for (BenchResult.Phase phase : result.phases()) {
            BenchResult.Latency latency = phase.latency();
            if (latency != null) {
                answer = answer.lines(String.format(
                        Locale.ROOT,
                        "latency at %,d changes/s: p50 %.1f ms   p95 %.1f ms   p99 %.1f ms   max %.1f ms   (%,d samples)",
                        latency.askedPerSecond(),
                        latency.p50Millis(),
                        latency.p95Millis(),
                        latency.p99Millis(),
                        latency.maxMillis(),
                        latency.samples()));
            }
        }
        answer = components(answer, result);
        answer = answer.lines(String.format(
                Locale.ROOT,
                "%s servers, %d processors, %.0f MiB, %s, Java %s",
                result.servers(),
                result.machine().processors(),
                result.machine().memoryBytes() / MEBIBYTE,
                result.machine().system(),
                result.machine().java()));
        for (String warning : result.warnings()) {
            answer = answer.warn(warning);
        }
        if (!result.valid()) {
            answer = answer.lines("INVALID: a comparison did not converge; the figures mean nothing");
        }
        return answer.exit(result.valid() ? ExitCode.DONE : ExitCode.NO);
    }

    private static List<String> phase(BenchResult.Phase phase) {
        return List.of(
                phase.name(),
                Long.toString(phase.changes()),
                decimal(phase.seconds()),
                whole(phase.perSecond()),
                decimal(phase.secondsFromFirst()),
                whole(phase.perSecondFromFirst()),
                Long.toString(phase.check().rowsCompared()),
                phase.check().verdict());
    }

    /** A line a component; for each phase its processor time a change and its memory. */
    private static Answer components(Answer answer, BenchResult result) {
        if (result.phases().stream().allMatch(phase -> phase.components().isEmpty())) {
            return answer;
        }
        List<String> headers = new ArrayList<>(List.of("COMPONENT"));
        result.phases().forEach(phase -> headers.add(phase.name().toUpperCase(Locale.ROOT) + " US/CHANGE"));
        result.phases().forEach(phase -> headers.add(phase.name().toUpperCase(Locale.ROOT) + " PEAK MIB"));
        List<List<String>> lines = new ArrayList<>();
        for (Component component : Component.values()) {
            List<String> line = new ArrayList<>(List.of(component.text()));
            result.phases()
                    .forEach(phase -> line.add(phase.used(component)
                            .map(used -> decimal(used.cpuMicrosPerChange()))
                            .orElse("-")));
            result.phases()
                    .forEach(phase -> line.add(phase.used(component)
                            .map(used -> whole(used.peakMemoryBytes() / MEBIBYTE))
                            .orElse("-")));
            lines.add(line);
        }
        return answer.grid(headers, lines);
    }

    private static String decimal(double figure) {
        return String.format(Locale.ROOT, "%.1f", figure);
    }

    private static String whole(double figure) {
        return String.format(Locale.ROOT, "%.0f", figure);
    }
}
