package dev.handover.deploy.pipeline;

import dev.handover.capture.LoadCondition;
import dev.handover.capture.SourceTable;
import dev.handover.capture.catalog.Inventory;
import dev.handover.capture.check.Check;
import dev.handover.capture.check.Check.Level;
import dev.handover.capture.check.SourceChecks;
import dev.handover.capture.engine.SourceGauge;
import dev.handover.deploy.config.Misfit;
import dev.handover.deploy.config.SinkConfig;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.deploy.config.TableConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import dev.handover.sink.postgres.TargetCheck;
import dev.handover.sink.postgres.TargetChecks;
import dev.handover.sink.postgres.TargetDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Looks at everything that a pipeline depends on, and changes nothing. What cannot be asked is a failed check of its
 * part; the other parts are looked at all the same.
 */
public final class Examination {
    private static final Duration SKEW_MAX = Duration.ofSeconds(2);

    private final Assembly assembly;

    public Examination(Assembly assembly) {
        this.assembly = assembly;
    }

    /**
     * What was found about one system.
     *
     * @param system for people: {@code source pas (postgres, db.example:5432/pas)}
     */
    public record Part(String system, List<Check> checks) {
        public Part {
            checks = List.copyOf(checks);
        }
    }

    /** Looks at one source, or at all of them, and at everything else. */
    public List<Part> run(Optional<String> onlySource) {
        List<Part> parts = new ArrayList<>();
        parts.add(part("secrets", this::secrets));
        Set<String> schemas = declaredSchemas();
        for (SourceConfig source : assembly.pipeline().sources()) {
            if (onlySource.isEmpty() || onlySource.get().equals(source.name())) {
                parts.add(part(
                        "source " + source.name() + " (" + source.kind().word() + ", " + source.host() + ":"
                                + source.portOrUsual() + "/" + source.database() + ")",
                        () -> source(source, schemas)));
            }
        }
        SinkConfig sink = assembly.onlySink();
        parts.add(part("target " + sink.name() + " (" + sink.jdbcUrl() + ")", () -> target(schemas)));
        parts.add(part(
                "kafka (" + String.join(",", assembly.pipeline().kafka().bootstrap()) + ")",
                () -> new KafkaChecks(assembly).run()));
        parts.add(part("schemas", this::drift));
        parts.add(part("mapping versions", this::versions));
        parts.add(part("registry (" + assembly.pipeline().registry().url() + ")", this::registry));
        return parts;
    }

    private static Part part(String system, Supplier<List<Check>> checks) {
        try {
            return new Part(system, checks.get());
        } catch (Fault fault) {
            if (fault.code().equals("secret-missing")) {
                // it has failed already, as a secret
                return new Part(
                        system,
                        List.of(new Check(Level.WARN, "connection", "not looked at: its secret is missing", "")));
            }
            return new Part(system, List.of(failed("connection", fault)));
        }
    }

    private static Check failed(String subject, Fault fault) {
        return new Check(Level.FAIL, subject, String.valueOf(fault.getMessage()), fault.hint());
    }

    private List<Check> secrets() {
        List<Check> checks = new ArrayList<>();
        for (Fault fault : assembly.unresolvedSecrets()) {
            checks.add(failed("secret", fault));
        }
        if (checks.isEmpty()) {
            assembly.fingerprints();
            checks.add(new Check(Level.OK, "secrets", "each can be read", ""));
        }
        return checks;
    }

    private Set<String> declaredSchemas() {
        Set<String> schemas = new TreeSet<>();
        assembly.pipeline().targetSchema().ifPresent(schemas::add);
        for (TableConfig table : assembly.pipeline().tables()) {
            schemas.add(table.to().substring(0, table.to().indexOf('.')));
        }
        return schemas;
    }

    private List<Check> source(SourceConfig source, Set<String> schemas) {
        List<Check> checks = new ArrayList<>(
                new SourceChecks(assembly.clock()).run(assembly.source(source), assembly.declaredKeys(source.name())));
        checks.addAll(conditions(source));
        Inventory inventory = assembly.inventory(source);
        List<SourceTable> tables = inventory.tables();
        checks.addAll(mappings(source, tables));
        for (SourceTable table : tables) {
            assembly.mappings(table.table())
                    .forEach(mapping -> schemas.add(mapping.target().schema()));
        }
        return checks;
    }

    /** Whether the source tells what the load is to wait for. */
    private List<Check> conditions(SourceConfig source) {
        List<Check> checks = new ArrayList<>();
        try (SourceGauge gauge = new SourceGauge(assembly.source(source))) {
            for (LoadCondition condition : source.load().conditions()) {
                String measure = condition.measure().text();
                checks.add(
                        gauge.read(condition.measure()).isPresent()
                                ? new Check(Level.OK, "load.pauseWhen", measure + " can be asked for", "")
                                : new Check(
                                        Level.WARN,
                                        "load.pauseWhen",
                                        "the source takes too long to tell " + measure + ": a load waits",
                                        "try again when the source is less busy"));
            }
        } catch (Fault fault) {
            checks.add(failed("load.pauseWhen", fault));
        }
        return checks;
    }

    private List<Check> mappings(SourceConfig source, List<SourceTable> tables) {
        List<Check> checks = new ArrayList<>();
        List<TableId> captured = tables.stream().map(SourceTable::table).toList();
        for (TableConfig table : assembly.pipeline().tables()) {
            if (table.source().equals(source.name()) && !captured.contains(TableId.parse(table.from()))) {
                checks.add(new Check(
                        Level.FAIL,
                        "mapping",
                        "tables[] names " + table.from() + ", which is not captured",
                        "check its spelling, the privileges of the user, and include and exclude of the source"));
            }
        }
        int fitting = 0;
        for (SourceTable table : tables) {
            if (table.schema().isPresent()) {
                List<Check> problems = MappingChecks.of(assembly.pipeline(), assembly.mappings(), table).stream()
                        .map(misfit ->
                                new Check(Level.FAIL, "mapping of " + table.table(), misfit.message(), misfit.hint()))
                        .toList();
                checks.addAll(problems);
                fitting += problems.isEmpty() ? 1 : 0;
            }
        }
        Set<TableId> all = new LinkedHashSet<>(captured);
        assembly.pipeline().tables().forEach(table -> all.add(TableId.parse(table.from())));
        try {
            assembly.mappings().of(all);
        } catch (Fault fault) {
            checks.add(failed("mapping", fault));
        }
        checks.add(
                new Check(Level.OK, "mapping", fitting + " of " + captured.size() + " tables fit their mapping", ""));
        return checks;
    }

    private List<Check> target(Set<String> schemas) {
        TargetDatabase target = assembly.target();
        List<Check> checks = new ArrayList<>();
        for (TargetCheck check : TargetChecks.run(target, schemas)) {
            checks.add(new Check(
                    switch (check.severity()) {
                        case OK -> Level.OK;
                        case WARNING -> Level.WARN;
                        case ERROR -> Level.FAIL;
                    },
                    check.subject(),
                    check.fact(),
                    check.fix()));
        }
        boolean answers = checks.stream()
                .noneMatch(
                        check -> check.level() == Level.FAIL && check.subject().equals("connection"));
        if (answers) {
            checks.add(clock(target));
        }
        return checks;
    }

    private Check clock(TargetDatabase target) {
        Instant before = assembly.clock().instant();
        try (Connection connection = target.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            Instant there = row.getObject(1, OffsetDateTime.class).toInstant();
            Instant after = assembly.clock().instant();
            Duration skew = there.isBefore(before)
                    ? Duration.between(there, before)
                    : there.isAfter(after) ? Duration.between(after, there) : Duration.ZERO;
            return skew.compareTo(SKEW_MAX) <= 0
                    ? new Check(
                            Level.OK,
                            "clock",
                            "the target's clock is within " + SKEW_MAX.toSeconds() + " s of ours",
                            "")
                    : new Check(
                            Level.WARN,
                            "clock",
                            "the target's clock is " + skew.toSeconds() + " s off ours",
                            "let both machines follow a time server");
        } catch (SQLException e) {
            throw target.fault(e);
        }
    }

    private List<Check> drift() {
        SchemaDrift drift;
        try {
            drift = SchemaDrift.read(assembly);
        } catch (Fault fault) {
            if (fault.exitCode() != ExitCode.UNREACHABLE) {
                throw fault;
            }
            // it has failed already, as Kafka
            return List.of(new Check(Level.WARN, "drift", "not looked at: Kafka does not answer", ""));
        }
        List<Check> checks = new ArrayList<>();
        for (SchemaDrift.Table table : drift.tables()) {
            checks.add(new Check(
                    table.fate().stands() ? Level.FAIL : Level.WARN,
                    "schema of " + table.table(),
                    table.fate().code() + ": " + table.what(),
                    table.remedy()));
        }
        if (checks.isEmpty()) {
            checks.add(new Check(
                    Level.OK,
                    "drift",
                    drift.compared() == 0
                            ? "nothing is captured yet"
                            : drift.compared() + " tables are as capture knows them",
                    ""));
        }
        return checks;
    }

    private List<Check> versions() {
        List<Misfit> misfits;
        try {
            misfits = new MappingVersions(assembly).misfits();
        } catch (Fault fault) {
            if (fault.exitCode() != ExitCode.UNREACHABLE) {
                throw fault;
            }
            // it has failed already, as Kafka
            return List.of(new Check(Level.WARN, "versions", "not looked at: Kafka does not answer", ""));
        }
        return misfits.isEmpty()
                ? List.of(new Check(Level.OK, "versions", "each means what it meant when it was first used", ""))
                : misfits.stream()
                        .map(misfit -> new Check(Level.FAIL, "version", misfit.message(), misfit.hint()))
                        .toList();
    }

    private List<Check> registry() {
        String wanted = assembly.pipeline().registry().compatibility().spelling();
        String rule = assembly.registry().globalRule();
        return List.of(
                new Check(Level.OK, "connection", "it answers, and speaks the API", ""),
                new Check(
                        Level.OK,
                        "compatibility",
                        rule.equals(wanted)
                                ? rule
                                : wanted + " for the pipeline's subjects; " + rule + " for all others",
                        ""));
    }
}
