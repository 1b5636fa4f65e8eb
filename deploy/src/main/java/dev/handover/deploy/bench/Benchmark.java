package dev.handover.deploy.bench;

import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.Comparison;
import dev.handover.deploy.pipeline.RoleJvm;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.pipeline.Supervisor;
import dev.handover.deploy.stack.ScratchDirectory;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import dev.handover.sink.postgres.ControlTables;
import dev.handover.sink.postgres.TargetStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The three phases on servers that are there: load, delta, latency. A phase whose comparison does not converge is the
 * last one. Used by one thread.
 */
public final class Benchmark {
    private static final int HEAP_MEGABYTES = 1024;
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration SETTLE_MAX = Duration.ofSeconds(90);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    /** However slow a machine is: below this rate something is wrong. */
    private static final long ROWS_PER_SECOND_MIN = 100;

    private static final Duration ARRIVAL_MIN = Duration.ofMinutes(5);

    private final BenchPlan plan;
    private final Site site;
    private final Assembly assembly;
    private final BenchScreen screen;
    private final InstantSource clock;
    private final Workload workload;
    private final Meter meter = new Meter();
    private final List<BenchResult.Phase> phases = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** @param assembly of the site's pipeline file */
    public Benchmark(BenchPlan plan, Site site, Assembly assembly, BenchScreen screen, InstantSource clock) {
        this.plan = plan;
        this.site = site;
        this.assembly = assembly;
        this.screen = screen;
        this.clock = clock;
        this.workload = new Workload(source());
    }

    /**
     * Measures.
     *
     * @throws Fault when a role ends for good, or changes do not arrive
     */
    public BenchResult run() throws InterruptedException {
        if (!Meter.works()) {
            warnings.add("this machine has no /proc: processor time and memory are not known");
        } else if (site.processes().isEmpty()) {
            warnings.add("processor time and memory of given servers are not known here, only those of the roles");
        }
        screen.say(String.format(Locale.ROOT, "making %,d rows at the source", plan.rows()));
        workload.fill(plan.rows(), done -> screen.show(String.format(Locale.ROOT, "%,d rows", done)));
        boolean sound = load();
        if (sound) {
            screen.say(String.format(Locale.ROOT, "roles stopped; committing %,d changes", plan.delta()));
            sound = rest(workload.change(plan.rows(), plan.delta()));
        }
        return new BenchResult(sound, site.kind(), plan.rows(), ThisMachine.facts(), phases, warnings);
    }

    private boolean load() throws InterruptedException {
        Instant began = clock.instant();
        meter.begin(site.processes());
        try (Supervisor roles = start()) {
            screen.say("load: capture, transform and sink are started, each a process of its own");
            until(roles, "load", plan.rows(), () -> loaded());
            boolean sound = applied(roles, "load", plan.rows(), began);
            restarts(roles, "load");
            return sound;
        }
    }

    /**
     * Delta and latency, under the same processes.
     *
     * @param first number of the first new observation after the delta
     */
    private boolean rest(long first) throws InterruptedException {
        SourceId id = new SourceId(assembly.pipeline().sources().get(0).name());
        SourcePosition end = workload.end(id);
        Instant began = clock.instant();
        meter.begin(site.processes());
        try (Supervisor roles = start()) {
            screen.say("delta: the roles are started again");
            until(roles, "delta", plan.delta(), () -> reached(id, end));
            boolean sound = applied(roles, "delta", plan.delta(), began) && stream(roles, first);
            restarts(roles, "delta or latency");
            return sound;
        }
    }

    private boolean stream(Supervisor roles, long first) throws InterruptedException {
        screen.say(String.format(
                Locale.ROOT,
                "latency: %,d changes/s for %d s, after %d s of the same that are not counted",
                plan.ratePerSecond(),
                plan.stream().toSeconds(),
                WARM_UP.toSeconds()));
        Traffic warm = new Traffic(source(), this::target, first, plan.ratePerSecond(), WARM_UP);
        warm.run(roles::watch);
        Traffic traffic = new Traffic(source(), this::target, first + warm.rows(), plan.ratePerSecond(), plan.stream());
        Instant began = clock.instant();
        meter.begin(processes(roles));
        Traffic.Seen seen = traffic.run(() -> {
            roles.watch();
            meter.look(processes(roles));
        });
        List<BenchResult.Used> used = meter.end(processes(roles), traffic.rows());
        Latencies latencies = seen.latencies();
        BenchResult.Latency latency = new BenchResult.Latency(
                plan.ratePerSecond(),
                seen.writtenPerSecond(),
                latencies.samples(),
                latencies.millis(500),
                latencies.millis(950),
                latencies.millis(990),
                latencies.maxMillis(),
                seen.lateMillisMax());
        if (seen.writtenPerSecond() < 0.95 * plan.ratePerSecond()) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the source committed %.0f changes/s instead of %d: the latency is that of the lower rate",
                    seen.writtenPerSecond(),
                    plan.ratePerSecond()));
        }
        Receipts receipts = Receipts.since(this::target, began);
        BenchResult.Check check = check(roles);
        double fromFirst = receipts.seconds();
        phases.add(new BenchResult.Phase(
                "latency",
                traffic.rows(),
                Figures.round(seen.seconds()),
                Figures.perSecond(traffic.rows(), seen.seconds()),
                Figures.round(fromFirst),
                Figures.perSecond(traffic.rows(), fromFirst),
                latency,
                used,
                check));
        return say("latency", check);
    }

    /** Ends a phase whose changes have arrived. */
    private boolean applied(Supervisor roles, String name, long changes, Instant began) throws InterruptedException {
        List<BenchResult.Used> used = meter.end(processes(roles), changes);
        Receipts receipts = Receipts.since(this::target, began);
        double seconds = Duration.between(began, receipts.last()).toNanos() / 1e9;
        screen.say(String.format(Locale.ROOT, "%s: %,d in %.1f s; comparing every row", name, changes, seconds));
        BenchResult.Check check = check(roles);
        phases.add(new BenchResult.Phase(
                name,
                changes,
                Figures.round(seconds),
                Figures.perSecond(changes, seconds),
                Figures.round(receipts.seconds()),
                Figures.perSecond(changes, receipts.seconds()),
                null,
                used,
                check));
        return say(name, check);
    }

    private boolean say(String phase, BenchResult.Check check) {
        screen.say(String.format(
                Locale.ROOT,
                "compared %,d rows in %.1f s: %s",
                check.rowsCompared(),
                check.seconds(),
                check.verdict()));
        boolean sound = check.verdict().equals(Verdict.CONVERGED.code());
        if (!sound) {
            warnings.add(phase + ": " + check.verdict() + ", " + check.divergences() + " divergences; logs stay under "
                    + plan.directory());
        }
        return sound;
    }

    private BenchResult.Check check(Supervisor roles) throws InterruptedException {
        long beganNanos = System.nanoTime();
        CompletableFuture<RunReport> comparison =
                CompletableFuture.supplyAsync(() -> new Comparison(assembly).run(Set.of(), SETTLE_MAX));
        while (!comparison.isDone()) {
            roles.watch();
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
        try {
            RunReport report = comparison.join();
            return new BenchResult.Check(
                    report.verdict().code(),
                    report.rows(),
                    report.divergences(),
                    report.tables().stream()
                            .mapToLong(TableReport::deadLettersOpen)
                            .sum(),
                    Figures.round((System.nanoTime() - beganNanos) / 1e9),
                    report.run());
        } catch (CompletionException e) {
            throw e.getCause() instanceof Fault fault ? fault : e;
        }
    }

    private Supervisor start() {
        return Supervisor.start(
                RoleName.of(assembly.pipeline()),
                site.pipelineFile(),
                plan.directory().resolve("state"),
                ScratchDirectory.logs(plan.directory()),
                RoleJvm.longLived(HEAP_MEGABYTES));
    }

    private void until(Supervisor roles, String phase, long changes, BooleanSupplier arrived)
            throws InterruptedException {
        Duration longest = ARRIVAL_MIN.plusSeconds(changes / ROWS_PER_SECOND_MIN);
        long beganNanos = System.nanoTime();
        while (!arrived.getAsBoolean()) {
            roles.watch();
            meter.look(processes(roles));
            if (System.nanoTime() - beganNanos > longest.toNanos()) {
                throw Fault.of(
                        ExitCode.TIMED_OUT,
                        "bench-slow",
                        phase + ": not all changes arrived within " + longest.toSeconds() + " s",
                        "read the roles' logs under " + plan.directory());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    private boolean loaded() {
        List<TargetStatus.Table> tables = tables();
        screen.show(String.format(
                Locale.ROOT,
                "loading: %,d of %,d rows",
                tables.stream().mapToLong(TargetStatus.Table::rows).sum(),
                plan.rows()));
        return tables.stream()
                        .filter(table -> table.loaded() && table.partitions() == assembly.partitions())
                        .count()
                == BenchTable.values().length;
    }

    private boolean reached(SourceId id, SourcePosition end) {
        return tables().stream()
                        .filter(table -> table.position()
                                .flatMap(text -> SourcePosition.parse(id, text))
                                .filter(position -> !end.isAfter(position))
                                .isPresent())
                        .count()
                == BenchTable.values().length;
    }

    /** Until the sink has made the control schema there is nothing to read. */
    private List<TargetStatus.Table> tables() {
        return ControlTables.present(assembly.target())
                ? TargetStatus.read(assembly.target(), clock, LOOK).tables()
                : List.of();
    }

    private Map<Component, Long> processes(Supervisor roles) {
        Map<Component, Long> processes = new EnumMap<>(Component.class);
        processes.putAll(site.processes());
        for (RoleName role : roles.names()) {
            roles.pid(role).ifPresent(pid -> processes.put(Component.of(role), pid));
        }
        return processes;
    }

    private void restarts(Supervisor roles, String phase) {
        for (RoleName role : roles.names()) {
            if (roles.starts(role) > 1) {
                warnings.add("role " + role.text() + " ended in phase " + phase
                        + " and was started again: its figures are too small, and times too long");
            }
        }
    }

    private Supplier<Connection> source() {
        return new dev.handover.capture.SourceSessions(
                assembly.source(assembly.pipeline().sources().get(0)))::open;
    }

    private Connection target() {
        try {
            return assembly.target().open();
        } catch (SQLException e) {
            throw assembly.target().fault(e);
        }
    }
}
