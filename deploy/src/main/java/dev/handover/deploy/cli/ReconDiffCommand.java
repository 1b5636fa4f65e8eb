package dev.handover.deploy.cli;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.reconciler.Divergence;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.explain.Explanation;
import dev.handover.reconciler.explain.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code handover recon diff}. */
@Command(
        name = "diff",
        description =
                "List the differences of a table, by reference and never by value, or say where they concentrate.",
        footer = {
            "  handover recon diff clinical.patient",
            "  handover recon diff clinical.patient --run RUN",
            "  handover recon diff clinical.patient --explain     what the rows that differ have in common"
        })
final class ReconDiffCommand implements dev.handover.deploy.cli.Command {
    @Parameters(paramLabel = "TABLE", description = "target table, schema.table")
    @SuppressWarnings("FieldCanBeFinal") // set by the parser
    private String table = "";

    @Option(names = "--run", paramLabel = "RUN", defaultValue = "last", description = "a run, or last")
    private String run = "last";

    @Option(names = "--explain", description = "say where the differences concentrate, held against all rows")
    private boolean explain;

    @Option(names = "--reveal", description = "show values; refused, since this version has no role that may see them")
    private boolean reveal;

    /** The document's data. */
    record Differences(String run, String table, long differences, List<Divergence> listed) {}

    /** What is said about one source table of the target table. */
    record FromTable(
            String sourceTable,
            long sourceRows,
            long targetRows,
            String sourcePosition,
            String targetPosition,
            List<Explanation> explanations) {}

    /** The document's data with {@code --explain}. */
    record Explained(String run, String table, long differences, List<FromTable> from) {}

    @Override
    public Answer run(Session session) {
        if (reveal) {
            throw Fault.of(
                    ExitCode.DENIED,
                    "reveal-denied",
                    "values are shown to nobody: --reveal needs a configured role, such as phi-reader, and this version"
                            + " has no roles",
                    "compare by reference, or ask the databases themselves under an account that may read the rows");
        }
        RunReport report = ReconCommands.kept(session, run);
        List<TableReport> found = report.tables().stream()
                .filter(each -> each.targetTable().equals(table))
                .toList();
        if (found.isEmpty()) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "table-unknown",
                    "run " + report.run() + " did not compare table " + table,
                    "its tables are listed by: handover recon show");
        }
        return explain ? explained(report.run(), table, found) : listed(report.run(), table, found);
    }

    static Answer listed(String run, String table, List<TableReport> found) {
        List<Divergence> listed =
                found.stream().flatMap(each -> each.divergences().stream()).toList();
        long all = found.stream().mapToLong(TableReport::divergent).sum();
        return Answer.of("ReconDiff", new Differences(run, table, all, listed))
                .grid(
                        List.of("KIND", "STAGE", "KEY", "COLUMNS", "SOURCE", "TARGET"),
                        listed.stream()
                                .map(each -> List.of(
                                        each.kind().code(),
                                        each.stage().code(),
                                        each.key(),
                                        String.join(",", each.columns()),
                                        each.sourcePosition(),
                                        each.targetPosition()))
                                .toList())
                .lines(all + " differences in " + table + ", " + listed.size() + " listed (run " + run + ")")
                .exit(all == 0 ? ExitCode.DONE : ExitCode.NO);
    }

    static Answer explained(String run, String table, List<TableReport> found) {
        long all = found.stream().mapToLong(TableReport::divergent).sum();
        List<FromTable> from = found.stream()
                .map(each -> new FromTable(
                        each.sourceTable(),
                        each.sourceRows(),
                        each.targetRows(),
                        each.high(),
                        each.applied(),
                        each.explanations()))
                .toList();
        Answer answer = Answer.of("ReconExplanation", new Explained(run, table, all, from));
        List<List<String>> patterns = new ArrayList<>();
        for (FromTable each : from) {
            answer = answer.lines("run " + run + "  " + each.sourceTable() + " -> " + table + "  " + each.sourceRows()
                            + " rows at source " + each.sourcePosition() + ", " + each.targetRows()
                            + " at target, applied up to " + each.targetPosition())
                    .grid(
                            List.of("KIND", "ROWS", "WHERE"),
                            each.explanations().stream()
                                    .map(one -> List.of(one.kind(), Long.toString(one.rows()), where(one)))
                                    .toList());
            each.explanations().forEach(one -> one.patterns().forEach(pattern -> patterns.add(line(one, pattern))));
        }
        return answer.grid(List.of("KIND", "TRAIT", "COLUMN", "VALUE", "ROWS", "OF", "SHARE", "ALL-ROWS"), patterns)
                .lines(all + " differences in " + table + " (run " + run + ")")
                .exit(all == 0 ? ExitCode.DONE : ExitCode.NO);
    }

    private static String where(Explanation explanation) {
        List<String> words = new ArrayList<>();
        boolean told = false;
        for (Pattern pattern : explanation.patterns()) {
            told |= pattern.backgroundOf() > 0;
            words.add(words(pattern));
        }
        if (!told) {
            words.add("no value, time or mapping version stands out");
        }
        if (explanation.looked() < explanation.rows()) {
            words.add("of the first " + explanation.looked() + " of " + explanation.rows());
        }
        return String.join("; ", words);
    }

    private static String words(Pattern pattern) {
        String rows = pattern.rows() == pattern.of() ? "all" : pattern.rows() + " of " + pattern.of();
        return switch (pattern.trait()) {
            case COLUMN -> rows + " differ only in " + pattern.column();
            case STAGE -> rows + " at stage " + pattern.value();
            case VALUE -> rows + " have " + pattern.column() + " " + pattern.value() + against(pattern);
            case TIME -> rows + " have " + pattern.column() + " " + pattern.value() + against(pattern);
            case POSITION -> rows + " were written by changes from " + pattern.value() + against(pattern);
            case MAPPING_VERSION ->
                rows
                        + (pattern.value().equals("0")
                                ? " have no mapping version"
                                : " are of mapping " + pattern.value())
                        + against(pattern);
        };
    }

    private static String against(Pattern pattern) {
        return " (" + share(pattern) + " of all rows)";
    }

    private static List<String> line(Explanation explanation, Pattern pattern) {
        return List.of(
                explanation.kind(),
                pattern.trait().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                pattern.column(),
                pattern.value(),
                Long.toString(pattern.rows()),
                Long.toString(pattern.of()),
                percent(pattern.rows(), pattern.of()),
                pattern.backgroundOf() == 0 ? "" : share(pattern));
    }

    /** An estimate is marked. */
    private static String share(Pattern pattern) {
        return (pattern.exact() ? "" : "~") + percent(pattern.background(), pattern.backgroundOf());
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f%%", 100.0 * part / Math.max(1, whole));
    }
}
