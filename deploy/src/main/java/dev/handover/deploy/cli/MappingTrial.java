package dev.handover.deploy.cli;

import dev.handover.change.Outcome.Rejection;
import dev.handover.deploy.pipeline.Trial;
import dev.handover.fault.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The answer of {@code handover mapping test}. */
final class MappingTrial {
    private MappingTrial() {}

    /** The document's data. */
    record Tested(List<TestedTable> tables) {}

    /** What the sample of one table came to; {@code dead} rows would become dead letters. */
    record TestedTable(
            String source,
            String target,
            int mappingVersion,
            long rows,
            long mapped,
            long dead,
            boolean reversible,
            Map<String, Long> filtered,
            List<TestedColumn> columns,
            List<TestedSource> sources,
            List<TestedFinding> findings,
            List<TestedRejection> rejections) {}

    /** A target column: how many rows gave it a value, and how many null. */
    record TestedColumn(String column, long values, long nulls) {}

    /** A source column: rows whose raw value is kept, whose value came back, and whose value came back as another. */
    record TestedSource(String column, long raw, long restored, long different) {}

    /** What was found; examples are shapes of values. */
    record TestedFinding(String column, String kind, long count, List<String> examples) {}

    /** Why rows would become dead letters; examples are shapes of values. */
    record TestedRejection(String where, String reason, long count, List<String> examples) {}

    static Answer answer(List<Trial.Result> results) {
        List<TestedTable> tables = results.stream().map(MappingTrial::tested).toList();
        Answer answer = Answer.of("MappingTest", new Tested(tables));
        for (TestedTable table : tables) {
            answer = answer.lines(table.source() + " -> " + table.target() + ", v" + table.mappingVersion() + ": "
                            + table.rows() + " rows, " + table.mapped() + " mapped, "
                            + table.filtered().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()
                            + " filtered, " + table.dead() + " dead; "
                            + (table.reversible()
                                    ? "every value comes back"
                                    : "VALUES DO NOT COME BACK: a mistake in Handover, report it"))
                    .grid(
                            List.of("TARGET COLUMN", "VALUES", "NULLS", "FINDINGS", "DEAD"),
                            table.columns().stream()
                                    .map(column -> line(table, column))
                                    .toList())
                    .grid(
                            List.of("SOURCE COLUMN", "RAW KEPT", "CAME BACK", "DIFFERENT"),
                            table.sources().stream()
                                    .map(column -> List.of(
                                            column.column(),
                                            Long.toString(column.raw()),
                                            Long.toString(column.restored()),
                                            Long.toString(column.different())))
                                    .toList());
            answer = examples(answer, table);
        }
        boolean good = tables.stream().allMatch(table -> table.dead() == 0 && table.reversible());
        return good ? answer : answer.exit(ExitCode.NO);
    }

    private static Answer examples(Answer before, TestedTable table) {
        Answer answer = before;
        for (var rule : table.filtered().entrySet()) {
            answer = answer.lines("filtered: " + rule.getValue() + " by " + rule.getKey());
        }
        for (TestedFinding finding : table.findings()) {
            answer = answer.lines("found: " + finding.column() + " " + finding.kind() + " " + finding.count()
                    + examples(finding.examples()));
        }
        for (TestedRejection rejection : table.rejections()) {
            answer = answer.lines("dead: " + rejection.where() + " " + rejection.reason() + " " + rejection.count()
                    + examples(rejection.examples()));
        }
        return answer;
    }

    private static String examples(List<String> examples) {
        return examples.stream().map(example -> " '" + example + "'").collect(Collectors.joining(","));
    }

    private static List<String> line(TestedTable table, TestedColumn column) {
        long dead = table.rejections().stream()
                .filter(rejection -> rejection.where().equals(column.column()))
                .mapToLong(TestedRejection::count)
                .sum();
        String found = table.findings().stream()
                .filter(finding -> finding.column().equals(column.column())
                        && !finding.kind().equals(dev.handover.change.Finding.Kind.UNREAD.code()))
                .map(finding -> finding.kind() + " " + finding.count())
                .collect(Collectors.joining(", "));
        return List.of(
                column.column(),
                Long.toString(column.values()),
                Long.toString(column.nulls()),
                found.isEmpty() ? "-" : found,
                Long.toString(dead));
    }

    private static TestedTable tested(Trial.Result result) {
        List<TestedFinding> findings = new ArrayList<>();
        result.findings()
                .forEach((found, counted) -> findings.add(
                        new TestedFinding(found.column(), found.kind().code(), counted.count(), counted.examples())));
        List<TestedRejection> rejections = new ArrayList<>();
        result.dead()
                .forEach((Rejection why, Trial.Counted counted) -> rejections.add(
                        new TestedRejection(why.where(), why.reason().code(), counted.count(), counted.examples())));
        return new TestedTable(
                result.mapper().mapping().source().text(),
                result.mapper().mapping().target().shortText(),
                result.mapper().mapping().version(),
                result.rows(),
                result.mapped(),
                result.deadRows(),
                result.reversible(),
                result.filtered(),
                result.targets().stream()
                        .map(column -> new TestedColumn(column.column(), column.values(), column.nulls()))
                        .toList(),
                result.sources().stream()
                        .map(column ->
                                new TestedSource(column.column(), column.raw(), column.restored(), column.different()))
                        .toList(),
                findings,
                rejections);
    }
}
