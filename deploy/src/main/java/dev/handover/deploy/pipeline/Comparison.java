package dev.handover.deploy.pipeline;

import dev.handover.capture.SourceSessions;
import dev.handover.capture.SourceTable;
import dev.handover.capture.TableSelection;
import dev.handover.capture.catalog.NotTaken;
import dev.handover.deploy.config.Rules;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.reconciler.Finding;
import dev.handover.reconciler.ReconcilerConfig;
import dev.handover.reconciler.Reconciliation;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Runs;
import dev.handover.reconciler.Scope;
import dev.handover.reconciler.TablePair;
import dev.handover.reconciler.read.Connections;
import dev.handover.reconciler.read.MariaDbSource;
import dev.handover.reconciler.read.PostgresSource;
import dev.handover.reconciler.read.SourceDatabase;
import dev.handover.reconciler.read.TargetDatabase;
import dev.handover.reconciler.rule.Rule;
import dev.handover.row.TableId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A reconciliation of a whole pipeline: its scope from the sources' catalogs, its readers, and where its reports are
 * kept.
 */
public final class Comparison {
    private static final int FETCH_ROWS = 2_000;

    private final Assembly assembly;

    public Comparison(Assembly assembly) {
        this.assembly = assembly;
    }

    /** As {@link #compare}, and keeps the report. */
    public RunReport run(Set<String> only, Duration deadline) {
        RunReport report = compare(only, deadline);
        runs().keep(report);
        return report;
    }

    /**
     * Compares and answers with the report; it writes nothing.
     *
     * @param only target tables, {@code schema.name}; empty for all
     * @param deadline how long to wait for what is in flight
     * @throws Fault {@code table-unknown} when {@code only} names a table that no source table maps to
     */
    public RunReport compare(Set<String> only, Duration deadline) {
        assembly.requireStarted();
        ReconcilerConfig config = ReconcilerConfig.of(
                        assembly.topics(),
                        assembly.partitions(),
                        assembly.stateDirectory().resolve("recon"))
                .waiting(deadline)
                .reading(assembly.pipeline().reconcile().readers())
                .asking(assembly.pipeline().reconcile().ruleTimeout());
        List<SourceDatabase> sources = new ArrayList<>();
        List<TablePair> pairs = new ArrayList<>();
        Map<TableId, String> left = new HashMap<>();
        for (SourceConfig source : assembly.pipeline().sources()) {
            SourceDatabase reader = reader(source, config);
            sources.add(reader);
            scope(source, pairs, left);
            excluded(source, reader, pairs, left);
        }
        RunReport report = new Reconciliation(
                        config,
                        sources,
                        new TargetDatabase(target(), config.fetchRows()),
                        assembly.fingerprints(),
                        assembly.clock())
                .run(restricted(new Scope(pairs, left, Rules.of(assembly.pipeline())), only));
        return report.with(tapped(pairs, only));
    }

    /** What the taps say of the source tables that were compared. */
    private List<Finding> tapped(List<TablePair> pairs, Set<String> only) {
        Set<String> compared = new HashSet<>();
        pairs.stream()
                .filter(pair ->
                        only.isEmpty() || only.contains(pair.mapping().target().shortText()))
                .forEach(pair -> compared.add(pair.source().table().text()));
        return new Taps(assembly)
                .reports().stream()
                        .flatMap(report -> report.findings(compared).stream())
                        .toList();
    }

    /** The reports that are kept. @throws Fault {@code not-started} before the sink has worked for the first time */
    public Runs runs() {
        assembly.requireStarted();
        return new Runs(target());
    }

    /** The target, to be read. */
    public TargetDatabase targetDatabase() {
        return new TargetDatabase(target(), FETCH_ROWS);
    }

    private Connections target() {
        dev.handover.sink.postgres.TargetDatabase target = assembly.target();
        return () -> {
            try {
                return target.open();
            } catch (SQLException e) {
                throw target.fault(e);
            }
        };
    }

    private SourceDatabase reader(SourceConfig source, ReconcilerConfig config) {
        SourceId id = new SourceId(source.name());
        SourceSessions sessions = new SourceSessions(assembly.source(source));
        return switch (source.kind()) {
            case POSTGRES -> new PostgresSource(id, sessions::open, config.fetchRows(), config.snapshotTries());
            case MARIADB, MYSQL ->
                new MariaDbSource(
                        id,
                        sessions::open,
                        source.mariadb().map(SourceConfig.Mariadb::epoch).orElse(0),
                        config.fetchRows());
            case SQLSERVER, ORACLE ->
                throw Fault.of(
                        ExitCode.USAGE,
                        "engine-unsupported",
                        "source " + source.name() + ": " + source.kind().word() + " cannot be compared by this build",
                        "take a build that brings its driver");
        };
    }

    private void scope(SourceConfig source, List<TablePair> pairs, Map<TableId, String> left) {
        var inventory = assembly.inventory(source);
        for (SourceTable table : inventory.tables()) {
            table.schema()
                    .filter(schema -> table.problem().isEmpty())
                    .ifPresentOrElse(
                            schema -> assembly.mappings(schema.table())
                                    .forEach(mapping -> pairs.add(new TablePair(schema, mapping))),
                            () -> left.put(
                                    table.table(),
                                    table.problem()
                                            .map(SourceTable.Problem::message)
                                            .orElse("cannot be taken")));
        }
        left.put(heartbeats(source), "Handover's own heartbeats");
        for (NotTaken other : inventory.notTaken()) {
            // a column that is not taken does not leave its table out
            if (pairs.stream().noneMatch(pair -> pair.source().table().equals(other.table()))) {
                left.putIfAbsent(other.table(), other.kind());
            }
        }
    }

    /** Tables that the pipeline's file leaves out, in schemas that it takes others from. */
    private static void excluded(
            SourceConfig source, SourceDatabase reader, List<TablePair> pairs, Map<TableId, String> left) {
        TableSelection selection = new TableSelection(source.include(), source.exclude());
        Set<String> schemas = new HashSet<>();
        Stream.concat(pairs.stream().map(pair -> pair.source().table()), left.keySet().stream())
                .filter(table -> table.database().equals(source.name()))
                .forEach(table -> schemas.add(table.schema()));
        for (TableId table : reader.tables(schemas)) {
            if (!selection.selects(table.schema(), table.name())) {
                left.putIfAbsent(table, "left out by include or exclude");
            }
        }
    }

    private static TableId heartbeats(SourceConfig source) {
        String schema = source.kind() == SourceConfig.Kind.POSTGRES ? "public" : source.database();
        return new TableId(source.name(), schema, TableSelection.HEARTBEAT_TABLE);
    }

    private static Scope restricted(Scope whole, Set<String> only) {
        if (only.isEmpty()) {
            return whole;
        }
        Map<TableId, String> others = new HashMap<>(whole.left());
        List<TablePair> chosen = new ArrayList<>();
        Set<String> unknown = new java.util.TreeSet<>(only);
        for (TablePair pair : whole.tables()) {
            String target = pair.mapping().target().shortText();
            if (unknown.remove(target) || only.contains(target)) {
                chosen.add(pair);
            } else {
                others.put(pair.source().table(), "not asked for");
            }
        }
        if (!unknown.isEmpty()) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "table-unknown",
                    "no source table becomes target table " + String.join(", ", unknown),
                    "write it as schema.table; the tables are listed by: handover tables");
        }
        // a rule about a table that is not compared would be undetermined, and so would be the run
        List<Rule> rules = whole.rules().stream()
                .filter(rule -> !rule.tables().isEmpty()
                        && rule.tables().stream().allMatch(table -> only.contains(table.shortText())))
                .toList();
        return new Scope(chosen, others, rules, only);
    }
}
