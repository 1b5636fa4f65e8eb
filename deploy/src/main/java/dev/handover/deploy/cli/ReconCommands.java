package dev.handover.deploy.cli;

import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.Comparison;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.reconciler.Divergence;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.TableReport;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that compare both ends, and show what was found. */
final class ReconCommands {
    private ReconCommands() {}

    static List<dev.handover.deploy.cli.Command> all() {
        return List.of(new Run(), new Show(), new ReconDiffCommand(), new ReconHistoryCommand(), new CertifyCommand());
    }

    /** {@code handover recon run}. */
    @Command(
            name = "run",
            description = "Compare every row of both databases, under writes, and judge differences by positions.",
            footer = {
                "  handover recon run                              rows and rules; exit 0 converged, 3 diverged or undetermined",
                "  handover recon run --table clinical.patient",
                "  handover recon run --timeout 5m                 wait longer for what is in flight"
            })
    private static final class Run implements dev.handover.deploy.cli.Command {
        @Option(names = "--table", paramLabel = "TABLE", description = "only this target table; may be repeated")
        private List<String> tables = List.of();

        @Override
        public dev.handover.deploy.cli.Answer run(Session session) {
            Assembly assembly = Pipelines.assembly(session);
            assembly.requireStarted();
            // else the mapping's change would be called the transform's mistake
            Optional<String> unasked = Pipelines.refuseVersions(session, assembly);
            RunReport report = new Comparison(assembly)
                    .run(
                            Set.copyOf(tables),
                            session.timeout()
                                    .orElse(assembly.pipeline().reconcile().settle()));
            return unasked.map(answer(report)::warn).orElseGet(() -> answer(report));
        }
    }

    /** {@code handover recon show}. */
    @Command(
            name = "show",
            description = "Show what a comparison found.",
            footer = {"  handover recon show              the last run", "  handover recon show 20261121-041203123"})
    private static final class Show implements dev.handover.deploy.cli.Command {
        @Parameters(arity = "0..1", paramLabel = "RUN", defaultValue = "last", description = "a run, or last")
        @SuppressWarnings("FieldCanBeFinal") // set by the parser
        private String run = "last";

        @Override
        public Answer run(Session session) {
            return answer(kept(session, run));
        }
    }

    static Comparison comparison(Session session) {
        return new Comparison(Pipelines.assembly(session));
    }

    static RunReport kept(Session session, String run) {
        return comparison(session)
                .runs()
                .show(run)
                .orElseThrow(() -> Fault.of(
                        ExitCode.USAGE,
                        "run-unknown",
                        run.equals("last") ? "nothing was compared yet" : "no run of that name is kept",
                        "the runs are listed by: handover recon history"));
    }

    static Answer answer(RunReport report) {
        long divergent =
                report.tables().stream().mapToLong(TableReport::divergent).sum();
        long inFlight =
                report.tables().stream().mapToLong(TableReport::inFlight).sum();
        Answer answer = Answer.of("Recon", report)
                .grid(
                        List.of(
                                "TABLE",
                                "SOURCE",
                                "TARGET",
                                "EQUAL",
                                "MISSING",
                                "EXTRANEOUS",
                                "STALE",
                                "DIFFERENT",
                                "IN-FLIGHT",
                                "DEAD",
                                "VERDICT"),
                        report.tables().stream().map(ReconCommands::line).toList());
        answer = RuleGrid.below(answer, report.rules())
                .lines("verdict: " + report.verdict().code().toUpperCase(Locale.ROOT) + "  tables="
                        + report.tables().size() + " rows="
                        + report.tables().stream()
                                .mapToLong(TableReport::sourceRows)
                                .sum()
                        + " divergences=" + divergent + " in-flight=" + inFlight
                        + RuleGrid.summary(report.rules()) + "  run " + report.run());
        for (TableReport table : report.tables()) {
            for (var finding : table.findings()) {
                answer = answer.warn(table.targetTable() + ": " + finding.text());
            }
        }
        for (var finding : report.findings()) {
            answer = answer.warn(finding.text());
        }
        return answer.exit(report.verdict().exitCode());
    }

    private static List<String> line(TableReport table) {
        return List.of(
                table.targetTable(),
                Long.toString(table.sourceRows()),
                Long.toString(table.targetRows()),
                Long.toString(table.matches()),
                kind(table, Divergence.Kind.MISSING),
                kind(table, Divergence.Kind.EXTRANEOUS),
                kind(table, Divergence.Kind.STALE),
                kind(table, Divergence.Kind.DIFFERENT),
                Long.toString(table.inFlight()),
                Long.toString(table.deadLettersOpen()),
                table.verdict().code());
    }

    private static String kind(TableReport table, Divergence.Kind kind) {
        return Long.toString(table.kinds().getOrDefault(kind.code(), 0L));
    }
}
