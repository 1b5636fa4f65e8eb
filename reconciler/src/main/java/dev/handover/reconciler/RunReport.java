package dev.handover.reconciler;

import dev.handover.reconciler.rule.RuleReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a run found. Its JSON form is what the control schema keeps and {@code recon show} prints.
 *
 * @param run names the run, in the order of time
 * @param digestKey names the key of the digests, without telling it
 * @param startedAt ISO 8601, as is finishedAt
 * @param asked the target tables that the run was restricted to, in order; empty where it was of the whole pipeline
 * @param tables in the order of their names
 * @param left source tables that were left out on purpose, with the reason
 * @param findings about the list of tables as a whole
 * @param rules what came of the rules, in the order of the pipeline file
 */
public record RunReport(
        String run,
        String digestKey,
        String startedAt,
        String finishedAt,
        Verdict verdict,
        List<String> asked,
        List<TableReport> tables,
        Map<String, String> left,
        List<Finding> findings,
        List<RuleReport> rules) {
    public RunReport {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(digestKey, "digestKey");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(finishedAt, "finishedAt");
        Objects.requireNonNull(verdict, "verdict");
        asked = List.copyOf(asked);
        tables = List.copyOf(tables);
        left = Map.copyOf(left);
        findings = List.copyOf(findings);
        rules = List.copyOf(rules);
    }

    /** With more findings about the whole of it; a divergence among them is one of the run. */
    public RunReport with(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        boolean diverged = more.stream().anyMatch(finding -> finding.effect() == Verdict.DIVERGED);
        boolean undetermined = more.stream().anyMatch(finding -> finding.effect() == Verdict.UNDETERMINED);
        Verdict judged = diverged
                ? Verdict.DIVERGED
                : undetermined && verdict == Verdict.CONVERGED ? Verdict.UNDETERMINED : verdict;
        return new RunReport(run, digestKey, startedAt, finishedAt, judged, asked, tables, left, all, rules);
    }

    /** Rows of the source that were compared. */
    public long rows() {
        return tables.stream().mapToLong(TableReport::sourceRows).sum();
    }

    /** Proved divergences, of rows and of tables. */
    public long divergences() {
        long ofTables = tables.stream()
                .flatMap(table -> table.findings().stream())
                .filter(finding -> finding.effect() == Verdict.DIVERGED)
                .count();
        long ofAll = findings.stream()
                .filter(finding -> finding.effect() == Verdict.DIVERGED)
                .count();
        return ofTables
                + ofAll
                + tables.stream().mapToLong(TableReport::divergent).sum();
    }

    /** Keys that could not be judged. */
    public long inFlight() {
        return tables.stream().mapToLong(TableReport::inFlight).sum();
    }
}
