package dev.handover.deploy.cli;

import dev.handover.capture.SourceTable;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.Constraining;
import dev.handover.deploy.pipeline.TableList;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import dev.handover.row.Column;
import dev.handover.row.TableSchema;
import dev.handover.sink.postgres.ConstraintResult;
import dev.handover.sink.postgres.ConstraintResult.Outcome;
import dev.handover.sink.postgres.ConstraintStep;
import dev.handover.sink.postgres.TargetConstraints.Moment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about tables: which there are, what becomes of them, and what they get after their load. */
final class TablesCommands {
    private TablesCommands() {}

    static List<dev.handover.deploy.cli.Command> all() {
        return List.of(new ListAll(), new Show(), new Constrain());
    }

    /** {@code handover tables list}. */
    @Command(
            name = "list",
            description = "List every table of the sources: where it goes, how far it is, and what is not copied.",
            footer = {"  handover tables", "  handover tables list -o json"})
    private static final class ListAll implements dev.handover.deploy.cli.Command {
        @Override
        public Answer run(Session session) {
            return answer(TableList.read(Pipelines.assembly(session)));
        }
    }

    /** {@code handover tables show}. */
    @Command(
            name = "show",
            description = "Show one table: its columns on both sides, its key, and its state.",
            footer = {
                "  handover tables show pas.public.patient     by its name at the source",
                "  handover tables show clinical.patient       by its name at the target"
            })
    private static final class Show implements dev.handover.deploy.cli.Command {
        @Parameters(paramLabel = "TABLE", description = "source.schema.table, or schema.table of the target")
        @SuppressWarnings("FieldCanBeFinal") // set by the parser
        private String table = "";

        @Override
        public Answer run(Session session) {
            return answer(TableList.read(Pipelines.assembly(session)).named(table));
        }
    }

    /** {@code handover tables constrain}. */
    @Command(
            name = "constrain",
            description = {
                "Add defaults, indexes, unique constraints and foreign keys to the target, after the load.",
                "It may be repeated: what is there is left alone, what was refused is tried again."
            },
            footer = {
                "  handover tables constrain --dry-run            what would be done, in order",
                "  handover tables constrain                      while changes arrive: unique constraints wait",
                "  handover tables constrain --writers-stopped    once nothing is written any more: the rest"
            })
    private static final class Constrain implements dev.handover.deploy.cli.Command {
        @Option(
                names = {"-n", "--dry-run"},
                description = "say what would be done, and do nothing")
        private boolean dryRun;

        @Option(
                names = "--writers-stopped",
                description = "nothing writes the target any more, so that unique constraints may be added too")
        private boolean writersStopped;

        @Option(
                names = "--connections",
                paramLabel = "N",
                defaultValue = "4",
                description = "tables at most that get an index or have their rows checked at a time; default 4")
        @SuppressWarnings("FieldCanBeFinal") // set by the parser
        private int connections = 4;

        @Override
        public Answer run(Session session) {
            if (connections < 1) {
                throw Fault.of(ExitCode.USAGE, "usage", "--connections is at least 1", "write it as --connections 4");
            }
            Assembly assembly = Pipelines.assembly(session);
            Constraining constraining = new Constraining(assembly);
            if (dryRun) {
                return plan(constraining.plan());
            }
            assembly.requireStarted();
            return results(constraining.run(writersStopped ? Moment.QUIET : Moment.STREAMING, connections));
        }
    }

    /** The document's data of the list. */
    record Tables(List<Listed> tables, List<Left> notTaken) {}

    /** One table of the list; {@code problem} and {@code fix} are empty where there is none, estimates negative. */
    record Listed(
            String source,
            String target,
            String load,
            long rows,
            long rowsEstimate,
            long bytesEstimate,
            List<String> key,
            String problem,
            String fix,
            String parked) {
        static Listed of(TableList.Entry entry) {
            Optional<SourceTable.Problem> problem = entry.source().problem();
            return new Listed(
                    entry.source().table().text(),
                    entry.mapping().target().shortText(),
                    entry.load(),
                    entry.state().map(state -> state.status().rows()).orElse(0L),
                    entry.source().rowsEstimate(),
                    entry.source().bytesEstimate(),
                    entry.source().schema().map(TableSchema::ownKey).orElse(List.of()),
                    problem.map(SourceTable.Problem::message).orElse(""),
                    problem.map(SourceTable.Problem::hint).orElse(""),
                    entry.state().flatMap(state -> state.status().parked()).orElse(""));
        }
    }

    /** Something that is not copied. */
    record Left(String name, String kind) {}

    static Answer answer(TableList list) {
        List<Listed> tables = list.tables().stream().map(Listed::of).toList();
        List<Left> left = list.notTaken().stream()
                .map(each -> new Left(each.table().text(), each.kind()))
                .toList();
        Answer answer = Answer.of("Tables", new Tables(tables, left))
                .grid(
                        List.of("SOURCE", "TARGET", "LOAD", "ROWS", "ESTIMATE", "SIZE", "KEY"),
                        tables.stream()
                                .map(table -> List.of(
                                        table.source(),
                                        table.target(),
                                        table.load(),
                                        Long.toString(table.rows()),
                                        estimate(table.rowsEstimate()),
                                        Sizes.text(table.bytesEstimate()),
                                        String.join(",", table.key())))
                                .toList());
        for (Left each : left) {
            answer = answer.lines("not copied: " + each.name() + " (" + each.kind() + ")");
        }
        for (Listed table : tables) {
            if (!table.problem().isEmpty()) {
                answer = answer.warn(table.problem() + "; " + table.fix());
            }
            answer = parked(answer, table);
        }
        return answer;
    }

    private static Answer parked(Answer answer, Listed table) {
        return table.parked().isEmpty() ? answer : answer.warn(table.source() + " parked: " + table.parked());
    }

    private static String estimate(long rows) {
        return rows < 0 ? "-" : "~" + rows;
    }

    /** The document's data of one table. */
    record Shown(
            Listed table,
            int mappingVersion,
            String mapping,
            List<Carried> columns,
            List<String> references,
            List<MappingCoverage.Count> findings) {}

    /** A column; the one or the other side is empty where it has none. */
    record Carried(String source, String sourceType, String target, String targetType, boolean nullable) {}

    static Answer answer(TableList.Entry entry) {
        TableMapping mapping = entry.mapping();
        Optional<TableSchema> target = Optional.empty();
        List<String> mismatches = new ArrayList<>();
        try {
            target = entry.target();
        } catch (MappingMismatch mismatch) {
            mismatch.problems()
                    .forEach(problem -> mismatches.add("column \"" + problem.column() + "\": " + problem.fact()));
        }
        List<Carried> columns = Columns.of(entry, target);
        List<String> references = entry.source().constraints().foreignKeys().stream()
                .map(key -> String.join(",", key.columns()) + " -> " + key.referenced() + " ("
                        + String.join(",", key.referencedColumns()) + ")")
                .toList();
        List<MappingCoverage.Count> findings =
                entry.findings().stream().map(MappingCoverage.Count::of).toList();
        Listed table = Listed.of(entry);
        boolean copied = mapping.columns().isEmpty() && mapping.dropped().isEmpty();
        Answer answer = Answer.of(
                        "Table",
                        new Shown(
                                table, mapping.version(), copied ? "copy" : "declared", columns, references, findings))
                .lines(
                        table.source() + " -> " + table.target() + "   " + (copied ? "copied" : "mapped") + ", v"
                                + mapping.version() + "   " + table.load() + ", " + table.rows() + " rows ("
                                + estimate(table.rowsEstimate()) + " at the source, "
                                + Sizes.text(table.bytesEstimate()) + ")",
                        "key: "
                                + (table.key().isEmpty()
                                        ? "none; rows are told apart by all that they hold"
                                        : String.join(", ", table.key())))
                .grid(
                        List.of("SOURCE", "TYPE", "TARGET", "TYPE", "NULL"),
                        columns.stream()
                                .map(column -> List.of(
                                        column.source(),
                                        column.sourceType(),
                                        column.target(),
                                        column.targetType(),
                                        column.nullable() ? "yes" : "no"))
                                .toList());
        for (MappingCoverage.Count found : findings) {
            answer = answer.lines("found: " + found.column() + " " + found.kind() + " " + found.count());
        }
        for (String reference : references) {
            answer = answer.lines("refers: " + reference);
        }
        for (String mismatch : mismatches) {
            answer = answer.warn(mismatch);
        }
        answer = parked(answer, table);
        return table.problem().isEmpty() ? answer : answer.warn(table.problem() + "; " + table.fix());
    }

    /** The document's data of a plan or its run. */
    record Constrained(boolean dryRun, Map<String, Long> outcomes, List<Step> steps) {}

    /** A step; its outcome is {@code planned} before it is tried. */
    record Step(String table, String kind, String name, String outcome, String detail, String sql) {
        static Step of(ConstraintStep step, String outcome, String detail) {
            return new Step(
                    step.table().shortText(),
                    step.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    step.name(),
                    outcome,
                    detail,
                    step.sql().orElse(""));
        }
    }

    static Answer plan(List<ConstraintStep> steps) {
        List<Step> planned = steps.stream()
                .map(step -> Step.of(step, step.sql().isPresent() ? "planned" : "omitted", step.reason()))
                .toList();
        Answer answer = constrained(true, planned);
        return answer.lines(planned.size() + " steps. Nothing was changed.");
    }

    static Answer results(List<ConstraintResult> results) {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        List<Step> steps = new ArrayList<>();
        for (ConstraintResult result : results) {
            counts.merge(result.outcome(), 1, Integer::sum);
            steps.add(Step.of(result.step(), result.outcome().name().toLowerCase(Locale.ROOT), result.detail()));
        }
        Answer answer = constrained(false, steps)
                .lines(counts.entrySet().stream()
                        .map(each ->
                                each.getValue() + " " + each.getKey().name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")));
        if (counts.containsKey(Outcome.POSTPONED)) {
            answer = answer.next(
                    "handover tables constrain --writers-stopped",
                    "once nothing is written any more, for what had to wait");
        }
        return counts.containsKey(Outcome.FAILED) ? answer.exit(ExitCode.FAILED) : answer;
    }

    private static Answer constrained(boolean dryRun, List<Step> steps) {
        Map<String, Long> outcomes = steps.stream()
                .collect(Collectors.groupingBy(Step::outcome, java.util.TreeMap::new, Collectors.counting()));
        return Answer.of("Constraints", new Constrained(dryRun, outcomes, steps))
                .grid(
                        List.of("OUTCOME", "KIND", "TABLE", "NAME", "DETAIL"),
                        steps.stream()
                                .map(step ->
                                        List.of(step.outcome(), step.kind(), step.table(), step.name(), step.detail()))
                                .toList());
    }

    /** Both sides of a table's columns beside each other. */
    private static final class Columns {
        private Columns() {}

        static List<Carried> of(TableList.Entry entry, Optional<TableSchema> target) {
            List<Carried> carried = new ArrayList<>();
            List<String> shown = new ArrayList<>();
            for (Column column : target.map(TableSchema::content).orElse(List.of())) {
                String from = source(entry.mapping(), column.name());
                Optional<Column> origin = entry.columns().stream()
                        .filter(each -> each.name().equals(from))
                        .findFirst();
                origin.ifPresent(each -> shown.add(each.name()));
                carried.add(new Carried(
                        origin.map(Column::name).orElse(""),
                        origin.map(each -> each.type().name()).orElse("constant"),
                        column.name(),
                        column.type().postgres(),
                        column.nullable()));
            }
            for (Column column : entry.columns()) {
                if (!shown.contains(column.name())) {
                    carried.add(new Carried(column.name(), column.type().name(), "", "", column.nullable()));
                }
            }
            return carried;
        }

        private static String source(TableMapping mapping, String target) {
            return mapping.columns().stream()
                    .filter(column -> column.target().equals(target))
                    .findFirst()
                    .map(column -> column instanceof ColumnMapping.From from ? from.source() : "")
                    .orElse(target);
        }
    }
}
