package dev.handover.deploy.demo;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.Secrets;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.Comparison;
import dev.handover.deploy.pipeline.Constraining;
import dev.handover.deploy.pipeline.Overview;
import dev.handover.deploy.pipeline.RoleJvm;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.pipeline.Supervisor;
import dev.handover.deploy.stack.EmbeddedStack;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.ScratchDirectory;
import dev.handover.deploy.stack.Service;
import dev.handover.deploy.stack.StackConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.TableMapping;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.tap.TapReport;
import dev.handover.row.TableId;
import dev.handover.sink.batch.Counts;
import dev.handover.sink.batch.Findings;
import dev.handover.sink.postgres.ConstraintResult;
import dev.handover.sink.postgres.ControlTables;
import dev.handover.sink.postgres.FindingLedger;
import dev.handover.sink.postgres.TargetConstraints.Moment;
import dev.handover.sink.postgres.TargetStatus;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The whole of Handover on one machine: real servers, a legacy hospital, one process a role, a clinic that works while
 * its database moves, and a verdict. Used by one thread.
 */
public final class Demonstration {
    static final String MARIADB_DATABASE = "pas";
    private static final Duration LOAD_MAX = Duration.ofMinutes(10);
    private static final Duration SETTLE_MAX = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int HEAP_MEGABYTES = 512;
    private static final int CONSTRAINT_CONNECTIONS = 2;

    private final DemoPlan plan;
    private final DemoScreen screen;
    private final InstantSource clock;

    public Demonstration(DemoPlan plan, DemoScreen screen, InstantSource clock) {
        this.plan = plan;
        this.screen = screen;
        this.clock = clock;
    }

    /**
     * Runs it from nothing to the verdict and stops everything that it started.
     *
     * @throws Fault when something cannot be started, or a role ends for good
     */
    public DemoResult run() throws InterruptedException {
        ScratchDirectory.renew(plan.directory(), "demo");
        Service source = plan.engine() == LegacyEngine.POSTGRES ? Service.SOURCE : Service.MARIADB;
        Set<Service> services = EnumSet.of(source, Service.TARGET, Service.KAFKA, Service.REGISTRY, Service.OBJECTS);
        screen.say("starting " + services.size() + " servers under " + plan.directory());
        try (EmbeddedStack stack =
                EmbeddedStack.start(StackConfig.of(ScratchDirectory.stack(plan.directory()), services), screen::say)) {
            DataSource legacy = legacy(stack.endpoints());
            long rows = install(legacy);
            Path file = new DemoPipeline(plan.directory()).write(plan.engine(), stack.endpoints());
            PipelineConfig pipeline = PipelineFile.read(file);
            Assembly assembly = new Assembly(
                    pipeline,
                    new Secrets(pipeline.secrets(), name -> Optional.empty()),
                    plan.directory().resolve("state"),
                    clock);
            return move(assembly, file, legacy, rows);
        }
    }

    private DemoResult move(Assembly assembly, Path file, DataSource legacy, long rows) throws InterruptedException {
        Path logs = ScratchDirectory.logs(plan.directory());
        long startNanos = System.nanoTime();
        try (Supervisor roles = Supervisor.start(
                RoleName.of(assembly.pipeline()),
                file,
                plan.directory().resolve("state"),
                logs,
                RoleJvm.young(HEAP_MEGABYTES))) {
            screen.say(roles.names().stream().map(RoleName::text).collect(Collectors.joining(", "))
                    + " are started, each a process of its own; logs: " + logs);
            awaitLoad(assembly, roles, rows);
            double loadSeconds = (System.nanoTime() - startNanos) / 1e9;
            screen.say(String.format(Locale.ROOT, "loaded %,d rows in %.1f s", rows, loadSeconds));
            constrain(assembly, Moment.STREAMING);
            long beganNanos = System.nanoTime();
            Work work = work(assembly, roles, legacy);
            RunReport report = verify(assembly, roles);
            Duration window = Duration.ofNanos(System.nanoTime() - beganNanos);
            TargetStatus status = TargetStatus.read(assembly.target(), clock, window);
            screen.say(String.format(
                    Locale.ROOT,
                    "the clinic committed %,d row changes in %,d transactions",
                    work.changes(),
                    work.transactions()));
            tapped(assembly);
            return result(report, status, FindingLedger.read(assembly.target()), loadSeconds);
        }
    }

    private void tapped(Assembly assembly) {
        for (TapReport tap : Overview.read(assembly).taps()) {
            screen.say(String.format(
                    Locale.ROOT,
                    "the tap compared %,d changes in the source's own log with what was captured: %,d disagreements",
                    tap.events(),
                    tap.disagreements()));
        }
    }

    private record Work(long changes, long transactions) {}

    private long install(DataSource legacy) {
        screen.say("installing the legacy hospital (" + plan.engine().name().toLowerCase(Locale.ROOT) + ")");
        try (Connection connection = legacy.getConnection()) {
            return LegacyHospital.install(
                    connection, plan.engine(), load -> screen.show("filling the legacy hospital", List.of()));
        } catch (SQLException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.FAILED,
                    "hospital-not-installed",
                    "the legacy hospital could not be installed (SQLSTATE " + e.getSQLState() + ")",
                    "read the server's log under " + plan.directory());
        }
    }

    private DataSource legacy(Endpoints endpoints) {
        try {
            if (plan.engine() == LegacyEngine.POSTGRES) {
                PGSimpleDataSource source = new PGSimpleDataSource();
                source.setUrl(endpoints.source().jdbcUrl());
                source.setUser(endpoints.source().user());
                source.setPassword(endpoints.source().password().text());
                return source;
            }
            Endpoints.MariaDb server = endpoints.mariadb();
            MariaDbDataSource source = new MariaDbDataSource(server.jdbcUrl());
            source.setUser(server.admin().user());
            source.setPassword(server.admin().password().text());
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + MARIADB_DATABASE + " CHARACTER SET utf8mb4");
            }
            source.setUrl(server.jdbcUrl() + MARIADB_DATABASE);
            return source;
        } catch (SQLException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.UNREACHABLE,
                    "source-unreachable",
                    "the legacy database does not answer (SQLSTATE " + e.getSQLState() + ")",
                    "read the server's log under " + plan.directory());
        }
    }

    private void awaitLoad(Assembly assembly, Supervisor roles, long expected) throws InterruptedException {
        long tables = targets(assembly);
        long deadline = System.nanoTime() + LOAD_MAX.toNanos();
        while (true) {
            roles.watch();
            TargetStatus status = statusOrNone(assembly);
            int partitions = assembly.partitions();
            List<TargetStatus.Table> done = status.tables().stream()
                    .filter(table -> table.loaded() && table.partitions() == partitions)
                    .toList();
            show(status, done.size(), tables, expected);
            if (done.size() == tables) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw Fault.of(
                        ExitCode.TIMED_OUT,
                        "load-slow",
                        done.size() + " of " + tables + " tables are loaded after " + LOAD_MAX.toMinutes() + " minutes",
                        "read the roles' logs under " + plan.directory());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    /** Target tables; two of the source's may become one. */
    private long targets(Assembly assembly) {
        String schema = plan.engine().pick("public", MARIADB_DATABASE);
        return LegacyHospital.tables().stream()
                .flatMap(table -> assembly.mappings(TableId.parse("pas." + schema + "." + table)).stream())
                .map(TableMapping::target)
                .distinct()
                .count();
    }

    private void show(TargetStatus status, int loaded, long of, long expected) {
        List<DemoScreen.Table> tables = status.tables().stream()
                .map(table ->
                        new DemoScreen.Table(table.name(), table.loaded() ? "loaded" : "running", table.rows(), 0))
                .toList();
        screen.show(
                String.format(
                        Locale.ROOT,
                        "loading: %,d of %,d rows, %d of %d tables",
                        status.tables().stream()
                                .mapToLong(TargetStatus.Table::rows)
                                .sum(),
                        expected,
                        loaded,
                        of),
                tables);
    }

    /** Until the sink has made the control schema there is nothing to read. */
    private TargetStatus statusOrNone(Assembly assembly) {
        TargetStatus none = new TargetStatus(List.of(), 0, new TargetStatus.Lag(0, 0, 0));
        if (!ControlTables.present(assembly.target())) {
            return none;
        }
        return TargetStatus.read(assembly.target(), clock, Duration.ofSeconds(10));
    }

    private void constrain(Assembly assembly, Moment moment) {
        Map<ConstraintResult.Outcome, Integer> counts = new EnumMap<>(ConstraintResult.Outcome.class);
        for (ConstraintResult result : new Constraining(assembly).run(moment, CONSTRAINT_CONNECTIONS)) {
            counts.merge(result.outcome(), 1, Integer::sum);
            if (result.outcome() == ConstraintResult.Outcome.FAILED) {
                screen.say("constraint " + result.step().name() + " on "
                        + result.step().table().shortText() + ": " + result.detail());
            }
        }
        screen.say("defaults, indexes and foreign keys after the load: "
                + counts.toString().toLowerCase(Locale.ROOT));
    }

    private Work work(Assembly assembly, Supervisor roles, DataSource legacy) throws InterruptedException {
        screen.say("the clinic works for " + plan.work().toSeconds() + " s while its database is moved");
        try (Clinic clinic = new Clinic(legacy, plan.engine(), plan.seed(), plan.ratePerSecond())) {
            long beganNanos = System.nanoTime();
            CompletableFuture<Long> day = CompletableFuture.supplyAsync(() -> {
                try {
                    return clinic.run(plan.work());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CompletionException(e);
                }
            });
            boolean struck = false;
            while (!day.isDone()) {
                TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
                long elapsedNanos = System.nanoTime() - beganNanos;
                if (!struck
                        && plan.victim().isPresent()
                        && elapsedNanos > plan.work().toNanos() / 3) {
                    struck = true;
                    roles.kill(plan.victim().get());
                    screen.say("killed " + plan.victim().get().text() + " with SIGKILL");
                }
                roles.watch();
                live(assembly, clinic);
            }
            try {
                day.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof Fault fault
                        ? fault
                        : Fault.causedBy(
                                e, ExitCode.FAILED, "clinic-failed", "the clinic could not go on", "report it");
            }
            return new Work(clinic.rowChanges(), clinic.transactions());
        }
    }

    private void live(Assembly assembly, Clinic clinic) {
        TargetStatus status = TargetStatus.read(assembly.target(), clock, Duration.ofSeconds(10));
        Counts total = status.total();
        screen.show(
                String.format(
                        Locale.ROOT,
                        "clinic %,d changes; applied %,d inserts %,d updates %,d deletes; lag p50 %d ms p99 %d ms;"
                                + " dead letters %d",
                        clinic.rowChanges(),
                        total.inserted() - total.loaded(),
                        total.updated(),
                        total.deleted(),
                        status.lag().p50Millis(),
                        status.lag().p99Millis(),
                        status.deadOpen()),
                List.of());
    }

    private RunReport verify(Assembly assembly, Supervisor roles) throws InterruptedException {
        screen.say("the clinic has closed; comparing every row of both databases");
        CompletableFuture<RunReport> comparison =
                CompletableFuture.supplyAsync(() -> new Comparison(assembly).run(Set.of(), SETTLE_MAX));
        while (!comparison.isDone()) {
            roles.watch();
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
        try {
            return comparison.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Fault fault ? fault : e;
        }
    }

    private static DemoResult result(RunReport report, TargetStatus status, FindingLedger ledger, double loadSeconds) {
        Map<String, TargetStatus.Table> byName = new HashMap<>();
        status.tables().forEach(table -> byName.put(table.name(), table));
        List<DemoResult.Table> details = new ArrayList<>();
        List<String> findings = new ArrayList<>();
        report.findings().forEach(finding -> findings.add(finding.text()));
        for (TableReport table : report.tables()) {
            Counts counts = Optional.ofNullable(byName.get(table.targetTable()))
                    .map(TargetStatus.Table::counts)
                    .orElse(Counts.NONE);
            details.add(new DemoResult.Table(
                    table.targetTable(),
                    table.sourceTable(),
                    table.sourceRows(),
                    table.targetRows(),
                    counts.inserted(),
                    counts.updated(),
                    counts.deleted(),
                    counts.stale(),
                    counts.dead(),
                    table.divergent(),
                    table.verdict().code()));
            table.findings().forEach(finding -> findings.add(table.targetTable() + ": " + finding.text()));
        }
        Counts total = status.total();
        return new DemoResult(
                report.verdict().code(),
                report.tables().size(),
                report.tables().stream().mapToLong(TableReport::sourceRows).sum(),
                total.changes() - total.loaded(),
                total.stale(),
                status.deadOpen(),
                report.tables().stream().mapToLong(TableReport::divergent).sum(),
                loadSeconds,
                status.lag().p50Millis(),
                status.lag().p99Millis(),
                report.run(),
                details,
                findings,
                ledger.newest().stream().map(Demonstration::noted).toList(),
                report.rules());
    }

    private static DemoResult.Noted noted(FindingLedger.Entry entry) {
        Findings.Of of = entry.total().of();
        return new DemoResult.Noted(
                of.table().shortText(),
                of.column(),
                of.kind().code(),
                entry.total().count(),
                entry.examples());
    }
}
