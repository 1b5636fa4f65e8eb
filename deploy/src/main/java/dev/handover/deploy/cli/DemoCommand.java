package dev.handover.deploy.cli;

import dev.handover.deploy.demo.DemoPlan;
import dev.handover.deploy.demo.DemoResult;
import dev.handover.deploy.demo.DemoScreen;
import dev.handover.deploy.demo.Demonstration;
import dev.handover.deploy.demo.LegacyEngine;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code handover demo}: the whole of it, on this machine, from nothing to a verdict. */
@Command(
        name = "demo",
        description = "Move a live legacy hospital on this machine and prove that it arrived.",
        footer = {
            "  handover demo                              PostgreSQL, 45 s of clinic",
            "  handover demo --source mariadb --for 2m",
            "  handover demo --fault kill-sink            a role is killed in mid-flight, and it must still converge"
        })
final class DemoCommand implements dev.handover.deploy.cli.Command {
    private static final Map<String, RoleName> VICTIMS =
            Map.of("kill-capture", RoleName.CAPTURE, "kill-transform", RoleName.TRANSFORM, "kill-sink", RoleName.SINK);

    @Option(
            names = "--source",
            paramLabel = "ENGINE",
            defaultValue = "postgres",
            description = "postgres or mariadb; the latter is fetched, 149 MB, when first asked for")
    private LegacyEngine engine = LegacyEngine.POSTGRES;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            defaultValue = "45s",
            description = "how long the clinic works; default 45s")
    private Duration work = Duration.ofSeconds(45);

    @Option(
            names = "--fault",
            paramLabel = "FAULT",
            description = "kill-capture, kill-transform or kill-sink: SIGKILL in mid-flight")
    private @Nullable String fault;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "row changes that the clinic commits a second; default 200")
    private int rate = 200;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "what the clinic does; default 1")
    private long seed = 1;

    @Option(
            names = "--state",
            paramLabel = "DIRECTORY",
            description = "where servers, topics and logs are kept; default demo under the state directory")
    private @Nullable Path state;

    @Override
    public Answer run(Session session) {
        Path directory = state != null ? state : session.stateDirectory().resolve("demo");
        DemoPlan plan = new DemoPlan(directory, engine, work, victim(), rate, seed);
        DemoResult result;
        try (Progress progress = session.progress()) {
            result = new Demonstration(plan, screen(progress), InstantSource.system()).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.causedBy(e, ExitCode.FAILED, "interrupted", "the demo was interrupted", "start it again");
        }
        return answer(result);
    }

    private Optional<RoleName> victim() {
        String named = fault;
        if (named == null) {
            return Optional.empty();
        }
        RoleName victim = VICTIMS.get(named);
        if (victim == null) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "fault-unknown",
                    "there is no fault of that name",
                    "choose kill-capture, kill-transform or kill-sink");
        }
        return Optional.of(victim);
    }

    private static DemoScreen screen(Progress progress) {
        return new DemoScreen() {
            @Override
            public void say(String line) {
                progress.say(line);
            }

            @Override
            public void show(String headline, List<Table> tables) {
                progress.show(
                        headline,
                        tables.stream()
                                .map(table -> new Progress.Bar(
                                        table.name(),
                                        table.state(),
                                        table.rows(),
                                        table.expected() > 0 ? OptionalLong.of(table.expected()) : OptionalLong.empty(),
                                        true))
                                .toList());
            }
        };
    }

    private static Answer answer(DemoResult result) {
        Answer answer = Answer.of("Demo", result)
                .grid(
                        List.of(
                                "TABLE",
                                "SOURCE",
                                "TARGET",
                                "INSERTED",
                                "UPDATED",
                                "DELETED",
                                "STALE",
                                "DEAD",
                                "DIFFER",
                                "VERDICT"),
                        lines(result.details()));
        if (!result.notUnderstood().isEmpty()) {
            answer = answer.grid(
                    List.of("FOUND IN VALUES", "TIMES", "COLUMNS"),
                    kinds(result.notUnderstood()).entrySet().stream()
                            .map(kind -> line(kind.getKey(), kind.getValue()))
                            .toList());
        }
        answer = RuleGrid.below(answer, result.rules())
                .lines(String.format(
                        java.util.Locale.ROOT,
                        "load %.1f s   lag p50 %d ms  p99 %d ms   run %s",
                        result.loadSeconds(),
                        result.lagP50Millis(),
                        result.lagP99Millis(),
                        result.run()))
                .lines(result.line());
        for (String finding : result.findings()) {
            answer = answer.warn(finding);
        }
        return answer.exit(result.verdict().equals("converged") ? ExitCode.DONE : ExitCode.NO);
    }

    private static Map<String, List<DemoResult.Noted>> kinds(List<DemoResult.Noted> all) {
        return all.stream().collect(Collectors.groupingBy(DemoResult.Noted::kind, TreeMap::new, Collectors.toList()));
    }

    private static List<String> line(String kind, List<DemoResult.Noted> noted) {
        return List.of(
                kind,
                Long.toString(noted.stream().mapToLong(DemoResult.Noted::count).sum()),
                noted.stream().map(DemoResult.Noted::column).distinct().collect(Collectors.joining(", ")));
    }

    /** The counts of a target table stand once, beside its first source. */
    private static List<List<String>> lines(List<DemoResult.Table> tables) {
        Map<String, Long> sources =
                tables.stream().collect(Collectors.groupingBy(DemoResult.Table::name, Collectors.counting()));
        Set<String> counted = new HashSet<>();
        return tables.stream()
                .map(table -> line(table, sources.getOrDefault(table.name(), 0L) > 1, counted.add(table.name())))
                .toList();
    }

    private static List<String> line(DemoResult.Table table, boolean shared, boolean counts) {
        return List.of(
                shared
                        ? table.name() + " <- "
                                + table.source().substring(table.source().lastIndexOf('.') + 1)
                        : table.name(),
                Long.toString(table.sourceRows()),
                Long.toString(table.targetRows()),
                counts ? Long.toString(table.inserted()) : "",
                counts ? Long.toString(table.updated()) : "",
                counts ? Long.toString(table.deleted()) : "",
                counts ? Long.toString(table.stale()) : "",
                counts ? Long.toString(table.dead()) : "",
                Long.toString(table.divergences()),
                table.verdict());
    }
}
