package dev.handover.reconciler.certificate;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.reconciler.Finding;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Runs;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import dev.handover.reconciler.certificate.Certificate.Unverified;
import dev.handover.reconciler.rule.Consequence;
import dev.handover.reconciler.rule.Result;
import dev.handover.reconciler.rule.RuleReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes a certificate of a run, or a document that says why there is none. */
public final class Issuing {
    private Issuing() {}

    /**
     * What is known besides the run.
     *
     * @param deadLetters open ones of all tables
     */
    public record Circumstances(
            String pipeline,
            Certificate.Tool tool,
            Instant now,
            List<Certificate.Place> sources,
            List<Certificate.Place> targets,
            List<Runs.Newest> newest,
            List<Certificate.DeadLetters> deadLetters,
            List<Certificate.Progress> progress) {
        public Circumstances {
            sources = List.copyOf(sources);
            targets = List.copyOf(targets);
            newest = List.copyOf(newest);
            deadLetters = List.copyOf(deadLetters);
            progress = List.copyOf(progress);
        }
    }

    /**
     * The document of a run.
     *
     * @param only target tables that it is restricted to; empty for the whole pipeline
     * @throws Fault {@code table-unknown} where the run did not compare one of these
     */
    public static Certificate of(RunReport report, Set<String> only, Circumstances now) {
        List<TableReport> tables = report.tables().stream()
                .filter(table -> only.isEmpty() || only.contains(table.targetTable()))
                .toList();
        refuseUnknown(report, only, tables);
        List<RuleReport> rules = report.rules().stream()
                // of a rule over several tables the report names none
                .filter(rule -> only.isEmpty() || rule.table().isEmpty() || only.contains(rule.table()))
                .toList();
        List<String> why = new ArrayList<>();
        List<Unverified> unverified = new ArrayList<>();
        tables.forEach(table -> judge(table, now, report.run(), why, unverified));
        if (only.isEmpty()) {
            wholePipeline(report, why, unverified);
        } else {
            // what is proved of the run as a whole may be about these tables
            report.findings().stream()
                    .filter(finding -> finding.effect() == Verdict.DIVERGED)
                    .forEach(finding -> why.add(finding.text()));
        }
        rules.stream()
                .filter(rule -> rule.then() == Consequence.FAIL && rule.result() != Result.PASSED)
                .forEach(rule ->
                        why.add("rule " + rule.name() + " " + rule.result().code()));
        if (why.isEmpty() && only.isEmpty() && report.verdict() != Verdict.CONVERGED) {
            why.add("the verdict of the run is " + report.verdict().code());
        }
        Set<String> sources = new TreeSet<>();
        tables.forEach(table -> sources.add(table.sourceTable()));
        return new Certificate(
                Certificate.FORMAT,
                why.isEmpty() ? Certificate.CERTIFIED : Certificate.NOT_CERTIFIED,
                why,
                now.pipeline(),
                now.tool(),
                now.now().toString(),
                new Certificate.Run(
                        report.run(),
                        report.startedAt(),
                        report.finishedAt(),
                        report.verdict().code()),
                only.isEmpty() ? List.of("pipeline") : only.stream().sorted().toList(),
                Certificate.DIGEST,
                report.digestKey(),
                now.sources(),
                now.targets(),
                tables.stream().map(table -> table(table, now)).toList(),
                only.isEmpty() ? new TreeMap<>(report.left()) : Map.of(),
                unverified,
                rules,
                now.deadLetters().stream()
                        .filter(letters -> only.isEmpty() || sources.contains(letters.table()))
                        .toList(),
                now.progress());
    }

    private static void refuseUnknown(RunReport report, Set<String> only, List<TableReport> tables) {
        Set<String> missing = new TreeSet<>(only);
        tables.forEach(table -> missing.remove(table.targetTable()));
        if (!missing.isEmpty()) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "table-unknown",
                    "run " + report.run() + " did not compare table " + String.join(", ", missing),
                    "its tables are listed by: handover recon show " + report.run());
        }
    }

    private static void judge(
            TableReport table, Circumstances now, String run, List<String> why, List<Unverified> unverified) {
        if (table.verdict() != Verdict.CONVERGED) {
            String reason = reason(table);
            why.add("table " + table.targetTable() + " " + reason);
            unverified.add(new Unverified(table.targetTable(), reason));
        }
        if (table.parked() > 0) {
            unverified.add(new Unverified(
                    table.targetTable(),
                    table.parked() + " rows of the source that the mapping rejects are not at the target"));
        }
        newest(table, now)
                .filter(newest ->
                        newest.run().compareTo(run) > 0 && !newest.verdict().equals("converged"))
                .ifPresent(newest -> why.add("table " + table.targetTable() + " was found " + newest.verdict()
                        + " by a newer run, " + newest.run()));
    }

    private static String reason(TableReport table) {
        List<String> reasons = new ArrayList<>();
        new TreeMap<>(table.kinds()).forEach((kind, count) -> reasons.add(count + " " + kind));
        if (table.inFlight() > 0) {
            reasons.add(table.inFlight() + " in flight");
        }
        table.findings().stream()
                .filter(finding -> finding.effect() != Verdict.CONVERGED)
                .forEach(finding -> reasons.add(finding.text()));
        return "is " + table.verdict().code() + (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons));
    }

    private static void wholePipeline(RunReport report, List<String> why, List<Unverified> unverified) {
        if (!report.asked().isEmpty()) {
            why.add("the run compared " + String.join(", ", report.asked()) + " alone");
            unverified.add(new Unverified("", "all tables that the run was not asked for"));
        }
        for (Finding finding : report.findings()) {
            if (finding.effect() != Verdict.CONVERGED) {
                why.add(finding.text());
                unverified.add(new Unverified("", finding.text()));
            }
        }
        if (report.tables().isEmpty()) {
            why.add("the run compared no table");
        }
    }

    private static Certificate.Table table(TableReport table, Circumstances now) {
        String compared = newest(table, now).map(Runs.Newest::startedAt).orElse("");
        return new Certificate.Table(
                table.sourceTable(),
                table.targetTable(),
                table.verdict().code(),
                table.sums(),
                table.kinds(),
                table.inFlight(),
                table.parked(),
                table.deadLettersOpen(),
                compared,
                compared.isEmpty()
                        ? -1
                        : Duration.between(Instant.parse(compared), now.now()).toSeconds());
    }

    private static Optional<Runs.Newest> newest(TableReport table, Circumstances now) {
        return now.newest().stream()
                .filter(each -> each.sourceTable().equals(table.sourceTable())
                        && each.targetTable().equals(table.targetTable()))
                .findFirst();
    }
}
