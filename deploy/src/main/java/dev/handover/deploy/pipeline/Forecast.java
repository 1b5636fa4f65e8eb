package dev.handover.deploy.pipeline;

import dev.handover.capture.SourceTable;
import dev.handover.capture.engine.CapturedTables;
import dev.handover.capture.engine.RecordedTable;
import dev.handover.capture.engine.RecordedTable.Cause;
import dev.handover.capture.engine.SourceLog;
import dev.handover.capture.publish.TopicLayout;
import dev.handover.deploy.config.Misfit;
import dev.handover.deploy.pipeline.Plan.Action;
import dev.handover.deploy.pipeline.Plan.By;
import dev.handover.deploy.pipeline.Plan.Line;
import dev.handover.drift.DriftPolicy;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.sink.postgres.ConstraintStep;
import dev.handover.sink.postgres.TablePlan;
import dev.handover.sink.postgres.TargetPlan;
import dev.handover.transform.version.UsedVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/** From what the roles decide, the lines of a {@link Plan}. Pure. */
final class Forecast {
    private Forecast() {}

    /** What capture makes at a source before it reads anything. */
    static List<Line> prepared(List<SourceLog.Missing> missing) {
        return missing.stream()
                .map(each -> each.what().isEmpty()
                        ? Line.of(Action.CREATE, each.object(), "")
                        : Line.of(Action.CHANGE, each.object(), each.what() + " is added"))
                .toList();
    }

    /**
     * The tables of a source: what of them changed, and what their policies make of it.
     *
     * @param begun whether capture has run before; if not, a table that cannot be taken stops it
     */
    static List<Line> tables(
            CapturedTables captured,
            Map<TableId, SourceTable> live,
            boolean begun,
            Function<TableId, DriftPolicy> policies) {
        Map<TableId, Line> lines = new TreeMap<>();
        captured.known().forEach((id, table) -> table(table, Optional.ofNullable(live.get(id)), policies)
                .ifPresent(line -> lines.put(id, line)));
        captured.fresh().keySet().forEach(id -> lines.put(id, Line.of(Action.LOAD, "table " + id, rows(live.get(id)))));
        captured.refused()
                .forEach((id, problem) -> lines.put(
                        id,
                        Line.of(
                                begun ? Action.PARK : Action.CONFLICT,
                                "table " + id,
                                "is not captured: " + problem.message(),
                                problem.hint())));
        return List.copyOf(lines.values());
    }

    private static String rows(@Nullable SourceTable table) {
        return table == null || table.rowsEstimate() < 0
                ? "its rows are read at the source"
                : "about " + count(table.rowsEstimate(), "row") + " of it are read at the source";
    }

    private static Optional<Line> table(
            RecordedTable recorded, Optional<SourceTable> live, Function<TableId, DriftPolicy> policies) {
        TableId id = recorded.held().table();
        DriftPolicy policy = policies.apply(id);
        boolean resumes = resumes(recorded);
        Optional<SchemaDrift.Table> drift = SchemaDrift.of(startedAgain(recorded), live, policy);
        if (drift.isEmpty()) {
            return resumes ? Optional.of(goesOn(id, policy, "the table is as it was")) : Optional.empty();
        }
        SchemaDrift.Table table = drift.get();
        if (table.fate() == SchemaDrift.Fate.FOLLOWED) {
            return Optional.of(
                    resumes
                            ? goesOn(id, policy, table.what())
                            : Line.of(Action.CHANGE, "table " + id, word(policy) + " follows: " + table.what()));
        }
        String detail =
                switch (table.fate()) {
                    case PARKS ->
                        resumes
                                ? "is parked, and stays so under " + word(policy) + ": " + table.what()
                                : word(policy) + " parks it at its next change: " + table.what();
                    case GONE -> "stands still: " + table.what();
                    case PARKED, NEW, FOLLOWED -> "is parked: " + table.what();
                };
        return Optional.of(Line.of(Action.PARK, "table " + id, detail, table.remedy()));
    }

    private static Line goesOn(TableId id, DriftPolicy policy, String what) {
        return Line.of(
                Action.CHANGE,
                "table " + id,
                "was parked, and goes on under " + word(policy) + ": " + what
                        + "; what was parked stays a dead letter");
    }

    /** What stands still because of its schema is decided anew after each start. */
    private static boolean resumes(RecordedTable recorded) {
        return recorded.standstill()
                .filter(still -> still.cause() == Cause.SCHEMA)
                .isPresent();
    }

    private static RecordedTable startedAgain(RecordedTable recorded) {
        return resumes(recorded) ? new RecordedTable(recorded.held(), recorded.known(), Optional.empty()) : recorded;
    }

    private static String word(DriftPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }

    /** The schemas that rows of the tables are written under from now on; none of a table that does not go on. */
    static List<TableSchema> written(
            CapturedTables captured, Map<TableId, SourceTable> live, Function<TableId, DriftPolicy> policies) {
        Map<TableId, TableSchema> written = new TreeMap<>(captured.fresh());
        captured.known().forEach((id, table) -> SchemaDrift.written(
                        startedAgain(table), Optional.ofNullable(live.get(id)), policies.apply(id))
                .ifPresent(schema -> written.put(id, schema)));
        return List.copyOf(written.values());
    }

    /**
     * Topics that are missing, or that are not as they should be.
     *
     * @param found by name, the partitions of those that are there
     * @param written names of those that an earlier run wrote to
     */
    static List<Line> topics(Collection<NewTopic> wanted, Map<String, Integer> found, Set<String> written) {
        List<Line> lines = new ArrayList<>();
        for (NewTopic topic : wanted) {
            Optional<Integer> partitions = Optional.ofNullable(found.get(topic.name()));
            TopicLayout.obstacle(topic, partitions, written.contains(topic.name()))
                    .map(fault -> Line.conflict("topic " + topic.name(), fault))
                    .or(() -> partitions.isPresent()
                            ? Optional.empty()
                            : Optional.of(Line.of(
                                    Action.CREATE, "topic " + topic.name(), count(topic.numPartitions(), "partition"))))
                    .ifPresent(lines::add);
        }
        return lines;
    }

    /**
     * Mapping versions: refused, raised, or used for the first time.
     *
     * @param rows by target table, how many rows it has, as far as that is known
     */
    static List<Line> versions(VersionRules rules, Function<String, OptionalLong> rows) {
        List<Line> lines = new ArrayList<>();
        for (Misfit misfit : rules.misfits()) {
            lines.add(Line.of(Action.CONFLICT, misfit.path(), misfit.message(), misfit.hint()));
        }
        boolean refused = !lines.isEmpty();
        List<UsedVersion> raised = new ArrayList<>();
        for (VersionRules.Raised each : rules.raised()) {
            raised.add(each.now());
            OptionalLong count = rows.apply(each.now().target());
            lines.add(Line.of(
                    Action.SEND_AGAIN,
                    mapping(each.now()),
                    "version " + each.now().version() + " after " + each.before()
                            + ": every row is made anew, from the change log or the source, once transform and capture start again; "
                            + (count.isPresent()
                                    ? "the target has " + count(count.getAsLong(), "row")
                                    : "how many the target has is not known")));
        }
        if (!refused) {
            rules.unrecorded().stream()
                    .filter(version -> !raised.contains(version))
                    .map(version -> Line.of(
                            Action.CREATE,
                            mapping(version),
                            "version " + version.version() + " is used for the first time, and written down"))
                    .forEach(lines::add);
        }
        return lines;
    }

    private static String mapping(UsedVersion version) {
        return "mapping of " + version.source() + " to " + version.target();
    }

    /** Schemas and tables of the target. */
    static List<Line> target(TargetPlan plan) {
        List<Line> lines = new ArrayList<>();
        plan.schemas().forEach(schema -> lines.add(Line.of(Action.CREATE, "schema " + schema, "")));
        for (TablePlan table : plan.tables()) {
            String object = "table " + table.table().shortText();
            if (table instanceof TablePlan.Create) {
                lines.add(Line.of(Action.CREATE, object, ""));
            } else if (table instanceof TablePlan.Alter alter) {
                alter.changes().forEach(change -> lines.add(Line.of(Action.CHANGE, object, change)));
            } else if (table instanceof TablePlan.Park park) {
                lines.add(Line.of(
                        Action.PARK,
                        object,
                        "its changes become dead letters: " + park.why(),
                        "alter the target table to match, and start the sink again"));
            } else if (table instanceof TablePlan.Refuse refuse) {
                lines.add(Line.conflict(object, refuse.fault()));
            }
        }
        return lines;
    }

    /** What {@code tables constrain} would add to tables that are there, a line for each table. */
    static List<Line> constraints(TargetPlan plan, List<ConstraintStep> left) {
        Set<TableId> there = plan.tables().stream()
                .filter(table -> table instanceof TablePlan.Alter)
                .map(TablePlan::table)
                .collect(Collectors.toSet());
        Map<TableId, Map<ConstraintStep.Kind, Integer>> kinds = new LinkedHashMap<>();
        for (ConstraintStep step : left) {
            if (there.contains(step.table()) && step.kind() != ConstraintStep.Kind.VALIDATION) {
                kinds.computeIfAbsent(step.table(), table -> new TreeMap<>()).merge(step.kind(), 1, Integer::sum);
            }
        }
        List<Line> lines = new ArrayList<>();
        kinds.forEach((table, counts) -> lines.add(new Line(
                Action.CREATE,
                "constraints of " + table.shortText(),
                counts.entrySet().stream()
                        .map(each -> count(each.getValue(), word(each.getKey())))
                        .collect(Collectors.joining(", ")),
                "",
                By.CONSTRAIN)));
        return lines;
    }

    private static String word(ConstraintStep.Kind kind) {
        return switch (kind) {
            case DEFAULT -> "default";
            case INDEX -> "index";
            case UNIQUE -> "unique constraint";
            case FOREIGN_KEY, VALIDATION -> "foreign key";
        };
    }

    /** A number with its noun. */
    static String count(long number, String noun) {
        String plural = noun.endsWith("x") ? noun + "es" : noun + "s";
        return number + " " + (number == 1 ? noun : plural);
    }
}
