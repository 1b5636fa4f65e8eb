package dev.handover.deploy.cli;

import dev.handover.deploy.pipeline.BoundMappings;
import dev.handover.deploy.pipeline.Explanation;
import dev.handover.mapping.Mapper;
import dev.handover.sink.postgres.FindingLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The answer of {@code handover mapping explain}. */
final class MappingExplanation {
    private MappingExplanation() {}

    /** The document's data: one for each source table that the column comes from. */
    record Explained(boolean findingsKnown, List<ExplainedColumn> columns) {}

    /** A column; {@code place} is file:line:column, or empty where the file does not name the table. */
    record ExplainedColumn(
            String table,
            String column,
            String source,
            int mappingVersion,
            String place,
            String how,
            List<Explanation.Step> steps,
            String type,
            boolean nullable,
            String onInvalid,
            String onUnmapped,
            List<Kept> sources,
            List<Found> findings) {}

    /** What becomes of a source column that the column reads. */
    record Kept(String column, String keeping, String restoredBy) {}

    /** What was found in the column, under one version of the mapping. */
    record Found(
            String kind,
            int mappingVersion,
            long count,
            long rows,
            List<String> examples,
            String firstPosition,
            String firstAt,
            String lastPosition,
            String lastAt) {
        static Found of(FindingLedger.Entry entry) {
            return new Found(
                    entry.total().of().kind().code(),
                    entry.total().of().mappingVersion(),
                    entry.total().count(),
                    entry.total().rows(),
                    entry.examples(),
                    entry.firstPosition(),
                    entry.firstAt().toString(),
                    entry.lastPosition(),
                    entry.lastAt().toString());
        }
    }

    static Answer answer(List<BoundMappings.Named> columns, List<String> places, KnownFindings findings) {
        List<ExplainedColumn> explained = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            explained.add(explained(columns.get(i), places.get(i), findings));
        }
        Answer answer =
                Answer.of("MappingExplanation", new Explained(findings.ledger().isPresent(), explained));
        for (ExplainedColumn column : explained) {
            answer = answer.lines(lines(column).toArray(String[]::new));
            if (!column.findings().isEmpty()) {
                answer = answer.grid(
                        List.of("FINDING", "V", "COUNT", "ROWS", "FIRST", "LAST", "EXAMPLES"),
                        column.findings().stream()
                                .map(found -> List.of(
                                        found.kind(),
                                        Integer.toString(found.mappingVersion()),
                                        Long.toString(found.count()),
                                        Long.toString(found.rows()),
                                        found.firstPosition() + " (" + found.firstAt() + ")",
                                        found.lastPosition() + " (" + found.lastAt() + ")",
                                        found.examples().stream()
                                                .map(example -> "'" + example + "'")
                                                .collect(Collectors.joining(" "))))
                                .toList());
            }
        }
        return findings.warn(answer);
    }

    private static ExplainedColumn explained(BoundMappings.Named named, String place, KnownFindings findings) {
        Mapper mapper = named.mapper();
        Explanation how = Explanation.of(mapper, named.column());
        return new ExplainedColumn(
                mapper.mapping().target().shortText(),
                named.column(),
                mapper.mapping().source().text(),
                mapper.mapping().version(),
                place,
                how.how(),
                how.steps(),
                how.result().map(column -> column.type().postgres()).orElse(""),
                how.result().map(dev.handover.row.Column::nullable).orElse(false),
                how.onInvalid(),
                how.onUnmapped(),
                how.sources().stream()
                        .map(of -> new Kept(of.column(), of.keeping().word(), of.restoredBy()))
                        .toList(),
                findings.of(mapper, named.column()).stream().map(Found::of).toList());
    }

    private static List<String> lines(ExplainedColumn column) {
        List<String> lines = new ArrayList<>();
        lines.add(column.table() + "." + column.column() + "   " + column.how() + ", of " + column.source()
                + ", mapping v" + column.mappingVersion()
                + (column.place().isEmpty() ? "" : "   " + column.place()));
        int number = 1;
        for (Explanation.Step step : column.steps()) {
            lines.add("  " + number++ + "  " + step.operation()
                    + (step.detail().isEmpty() ? "" : " " + step.detail()) + "   "
                    + (step.before().isEmpty() ? "" : step.before() + " -> ") + step.after() + "   " + step.reversal()
                    + step.notes().stream().map(note -> ", " + note).collect(Collectors.joining()));
        }
        if (!column.type().isEmpty()) {
            lines.add("at the target: " + column.type() + (column.nullable() ? "" : " NOT NULL"));
        }
        if (!column.onInvalid().isEmpty()) {
            lines.add("a value that a step cannot take: " + column.onInvalid());
        }
        if (!column.onUnmapped().isEmpty()) {
            lines.add("a code that is in no map: " + column.onUnmapped());
        }
        for (Kept kept : column.sources()) {
            lines.add("source column " + kept.column() + ": " + kept.keeping()
                    + (kept.restoredBy().isEmpty() ? "" : ", by " + kept.restoredBy()));
        }
        return lines;
    }
}
