package dev.handover.reconciler;

import dev.handover.control.Bookkeeping;
import dev.handover.digest.FingerprintKey;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.position.SourceId;
import dev.handover.reconciler.read.SourceDatabase;
import dev.handover.reconciler.read.TargetDatabase;
import dev.handover.reconciler.rule.Consequence;
import dev.handover.reconciler.rule.Result;
import dev.handover.reconciler.rule.RuleReport;
import dev.handover.row.Column;
import dev.handover.row.TableId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares every row of every table of a pipeline's sources with the target, while both are being written, and judges
 * what differs by positions (see {@link dev.handover.reconciler.judge.Judge}). It only reads; keeping the report is for
 * {@link Runs}. Used by one thread.
 */
public final class Reconciliation {
    private static final DateTimeFormatter RUN =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmssSSS").withZone(ZoneOffset.UTC);

    private final ReconcilerConfig config;
    private final Map<SourceId, SourceDatabase> sources;
    private final TargetDatabase target;
    private final FingerprintKey fingerprints;
    private final InstantSource clock;

    /** A reconciliation of these sources with this target, under the key that the pipeline fingerprints with. */
    public Reconciliation(
            ReconcilerConfig config,
            Collection<? extends SourceDatabase> sources,
            TargetDatabase target,
            FingerprintKey fingerprints,
            InstantSource clock) {
        this.config = config;
        this.sources = new LinkedHashMap<>();
        sources.forEach(source -> this.sources.put(source.id(), source));
        this.target = target;
        this.fingerprints = fingerprints;
        this.clock = clock;
    }

    /**
     * Compares all of it.
     *
     * @throws dev.handover.fault.Fault when a database cannot be read, so that nothing can be said
     */
    public RunReport run(Scope scope) {
        Instant started = clock.instant();
        Budget budget = new Budget(config.deadline(), config.poll());
        List<Finding> findings = new ArrayList<>();
        List<TableWork> works = new ArrayList<>();
        List<TableReport> refused = new ArrayList<>();
        unknown(scope, findings);
        FirstPass first = new FirstPass(config, target, budget);
        Rulebook rulebook = new Rulebook(scope.rules());
        for (TablePair pair : sorted(scope.tables())) {
            compare(pair, first, rulebook, works, refused);
        }
        Rounds rounds = new Rounds(config, target, budget);
        sources.forEach((id, source) -> rounds.judge(
                source, works.stream().filter(work -> work.source().equals(id)).toList()));
        Inquiry inquiry = new Inquiry(config, target, budget);
        sources.forEach((id, source) -> inquiry.ask(
                source,
                rulebook,
                works.stream()
                        .filter(work -> work.source().equals(id) && work.compared())
                        .toList()));
        List<RuleReport> rules = rulebook.reports(works);
        deadLetters(works);
        List<TableReport> tables = new ArrayList<>(refused);
        works.forEach(work -> tables.add(work.report()));
        tables.sort(Comparator.comparing(TableReport::targetTable).thenComparing(TableReport::sourceTable));
        Map<String, String> left = new TreeMap<>();
        scope.left().forEach((table, reason) -> left.put(table.text(), reason));
        return new RunReport(
                RUN.format(started),
                fingerprints.id(),
                started.toString(),
                clock.instant().toString(),
                verdict(tables, findings, rules),
                scope.asked().stream().sorted().toList(),
                tables,
                left,
                findings,
                rules);
    }

    private static List<TablePair> sorted(List<TablePair> tables) {
        return tables.stream()
                .sorted(Comparator.comparing(pair -> pair.source().table()))
                .toList();
    }

    private void compare(
            TablePair pair, FirstPass first, Rulebook rulebook, List<TableWork> works, List<TableReport> refused) {
        SourceDatabase source = sources.get(new SourceId(pair.source().table().database()));
        if (source == null) {
            refused.add(refused(pair, "source-unknown", "the reconciler was not given this source"));
            return;
        }
        try {
            Mapper mapper = Mapper.bind(pair.mapping(), pair.source());
            TableWork work = new TableWork(
                    mapper,
                    fingerprints,
                    config,
                    rulebook.tallies(mapper.target()),
                    rulebook.shown(mapper.target().table()));
            works.add(work);
            Instant began = clock.instant();
            if (comparable(work, source)) {
                first.compare(work, source);
            }
            work.took(java.time.Duration.between(began, clock.instant()).toMillis());
        } catch (MappingMismatch e) {
            refused.add(refused(
                    pair,
                    "mapping-mismatch",
                    "the mapping does not fit: column \"" + e.problems().get(0).column() + "\" "
                            + e.problems().get(0).fact()));
        }
    }

    /** Looks at the columns that are there, rather than those somebody said were; whether rows can be read at all. */
    private boolean comparable(TableWork work, SourceDatabase source) {
        Set<String> expected = names(work.sourceSchema().content());
        Set<String> atSource = new HashSet<>(source.columns(work.sourceSchema().table()));
        if (atSource.isEmpty()) {
            work.found(Verdict.DIVERGED, "source-table-missing", "the source has no such table any more");
            return false;
        }
        for (String forgotten : minus(atSource, expected)) {
            work.found(
                    Verdict.DIVERGED,
                    "column-forgotten",
                    "column \"" + forgotten + "\" is at the source, and the pipeline does not know it");
        }
        Set<String> gone = minus(expected, atSource);
        gone.forEach(column ->
                work.found(Verdict.DIVERGED, "column-gone", "column \"" + column + "\" is not at the source any more"));
        return targetFits(work) && gone.isEmpty();
    }

    private boolean targetFits(TableWork work) {
        TableId table = work.targetSchema().table();
        Set<String> atTarget = new HashSet<>(target.columns(table));
        if (atTarget.isEmpty()) {
            work.found(Verdict.DIVERGED, "target-table-missing", "the target has no such table");
            return false;
        }
        Set<String> expected = names(work.targetSchema().columns());
        Set<String> missing = minus(expected, atTarget);
        missing.forEach(column ->
                work.found(Verdict.DIVERGED, "target-column-missing", "the target has no column \"" + column + "\""));
        if (!atTarget.contains(Bookkeeping.POSITION)) {
            work.found(
                    Verdict.DIVERGED,
                    "target-not-ours",
                    "the target table lacks the columns that Handover keeps positions in");
            return false;
        }
        for (String extra : minus(atTarget, expected)) {
            if (!extra.startsWith(Bookkeeping.PREFIX)) {
                work.found(
                        Verdict.CONVERGED,
                        "target-column-extra",
                        "the target has a column \"" + extra + "\" that the mapping does not fill");
            }
        }
        return missing.isEmpty();
    }

    /** Tables that nobody named: at the source beside the scope, and at the target without a source table. */
    private void unknown(Scope scope, List<Finding> findings) {
        Set<TableId> named = new HashSet<>(scope.left().keySet());
        scope.tables().forEach(pair -> named.add(pair.source().table()));
        Set<String> targets = new HashSet<>();
        scope.tables().forEach(pair -> targets.add(pair.mapping().target().shortText()));
        for (SourceDatabase source : sources.values()) {
            Set<String> schemas = new HashSet<>();
            named.stream()
                    .filter(table -> table.database().equals(source.id().name()))
                    .forEach(table -> schemas.add(table.schema()));
            for (TableId table : source.tables(schemas)) {
                if (!named.contains(table)) {
                    findings.add(new Finding(
                            Verdict.UNDETERMINED,
                            "table-not-compared",
                            "table " + table + " is at the source, and is neither compared nor left out on purpose"));
                }
            }
            for (String known : target.known(source.id())) {
                // of a run that is restricted, the other tables were not asked for
                if (scope.asked().isEmpty() && !targets.contains(known)) {
                    findings.add(new Finding(
                            Verdict.UNDETERMINED,
                            "target-table-unknown",
                            "table " + known + " of the target was written by this pipeline, and no source table of"
                                    + " this run maps to it"));
                }
            }
        }
    }

    private void deadLetters(List<TableWork> works) {
        try (var snapshot = target.open()) {
            works.forEach(work -> work.deadLetters(snapshot.openDeadLetters(
                    work.sourceSchema().table(), work.targetSchema().table())));
        }
    }

    private static TableReport refused(TablePair pair, String code, String text) {
        return new TableReport(
                pair.source().table().text(),
                pair.mapping().target().shortText(),
                Verdict.UNDETERMINED,
                0,
                0,
                0,
                0,
                Map.of(),
                0,
                0,
                List.of(),
                List.of(),
                List.of(new Finding(Verdict.UNDETERMINED, code, text)),
                "",
                "",
                "",
                Sums.NONE,
                0);
    }

    private static Verdict verdict(List<TableReport> tables, List<Finding> findings, List<RuleReport> rules) {
        Set<Verdict> all = new HashSet<>();
        rules.stream()
                .filter(rule -> rule.then() == Consequence.FAIL && rule.result() != Result.PASSED)
                .forEach(rule -> all.add(rule.result() == Result.FAILED ? Verdict.DIVERGED : Verdict.UNDETERMINED));
        tables.forEach(table -> all.add(table.verdict()));
        findings.forEach(finding -> all.add(finding.effect()));
        if (all.contains(Verdict.DIVERGED)) {
            return Verdict.DIVERGED;
        }
        return all.contains(Verdict.UNDETERMINED) || tables.isEmpty() ? Verdict.UNDETERMINED : Verdict.CONVERGED;
    }

    private static Set<String> names(List<Column> columns) {
        Set<String> names = new TreeSet<>();
        columns.stream().map(Column::name).forEach(names::add);
        return names;
    }

    private static Set<String> minus(Set<String> left, Set<String> right) {
        Set<String> rest = new TreeSet<>(left);
        rest.removeAll(right);
        return rest;
    }
}
