package dev.handover.deploy.cli;

import dev.handover.deploy.pipeline.Overview;
import dev.handover.deploy.pipeline.Plan;
import dev.handover.deploy.pipeline.Plan.Action;
import dev.handover.deploy.pipeline.Planning;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code handover plan}: what {@code run} would do. */
@Command(
        name = "plan",
        description = {
            "Show what run would create or change now: at the sources, in Kafka, and at the target; change nothing.",
            "What changed in the sources' schemas shows here, with what follows from it, before a row under it arrives."
        },
        footer = {
            "  handover plan                exit 0 when there is nothing to do, else 3",
            "  handover plan -o json        every line as a document"
        })
final class PlanCommand implements dev.handover.deploy.cli.Command {
    /** The document's data; {@code empty} only where everything is known. */
    record Planned(boolean empty, Counts counts, List<PlannedPlace> places) {}

    /** How many lines there are of each action that {@code run} is concerned with. */
    record Counts(int create, int change, int load, int sendAgain, int park, int conflict) {
        static Counts of(Plan plan) {
            return new Counts(
                    plan.count(Action.CREATE),
                    plan.count(Action.CHANGE),
                    plan.count(Action.LOAD),
                    plan.count(Action.SEND_AGAIN),
                    plan.count(Action.PARK),
                    plan.count(Action.CONFLICT));
        }
    }

    /** One system; {@code unknown} says why not all of it is known, and is empty where it is. */
    record PlannedPlace(String place, String unknown, List<PlannedLine> lines) {}

    /** One thing; {@code command} is what does it. */
    record PlannedLine(String action, String object, String detail, String fix, String command) {}

    @Override
    public Answer run(Session session) {
        return answer(new Planning(Pipelines.assembly(session)).read());
    }

    static Answer answer(Plan plan) {
        List<PlannedPlace> places = plan.places().stream()
                .map(place -> new PlannedPlace(
                        place.name(),
                        place.unknown().map(PlanCommand::text).orElse(""),
                        place.lines().stream().map(PlanCommand::line).toList()))
                .toList();
        Counts counts = Counts.of(plan);
        Answer answer = Answer.of("Plan", new Planned(plan.empty(), counts, places))
                .grid(List.of("PLACE", "ACTION", "OBJECT", "WHAT"), rows(plan))
                .lines(summary(plan, counts));
        for (Plan.Place place : plan.places()) {
            for (Plan.Line line : place.lines()) {
                if (!line.fix().isEmpty()) {
                    answer = answer.warn(line.object() + ": " + line.fix());
                }
            }
            Optional<Fault> unknown = place.unknown();
            if (unknown.isPresent()) {
                answer = answer.warn(place.name() + " is not known, or not all of it: "
                        + unknown.get().hint());
            }
        }
        Optional<Overview.Next> next = plan.next();
        if (next.isPresent()) {
            answer = answer.next(next.get().command(), next.get().reason());
        }
        return answer.exit(plan.nothingKnown().map(Fault::exitCode).orElse(plan.empty() ? ExitCode.DONE : ExitCode.NO));
    }

    private static String text(Fault fault) {
        return String.valueOf(fault.getMessage());
    }

    private static PlannedLine line(Plan.Line line) {
        return new PlannedLine(
                line.action().text(),
                line.object(),
                line.detail(),
                line.fix(),
                line.action() == Action.NOTHING ? "" : line.by().text());
    }

    private static List<List<String>> rows(Plan plan) {
        List<List<String>> rows = new ArrayList<>();
        for (Plan.Place place : plan.places()) {
            for (Plan.Line line : place.lines()) {
                String by = line.by() == Plan.By.RUN
                        ? line.detail()
                        : line.detail() + ", by " + line.by().text();
                rows.add(List.of(place.name(), line.action().text(), line.object(), by));
            }
            place.unknown().ifPresent(why -> rows.add(List.of(place.name(), "unknown", "", text(why))));
        }
        return rows;
    }

    private static String summary(Plan plan, Counts counts) {
        if (plan.empty()) {
            return "nothing to do. Nothing was changed.";
        }
        return counts.create() + " to create, " + counts.change() + " to change, " + counts.load() + " to load, "
                + counts.sendAgain() + " to send again, " + counts.park() + " parked, " + counts.conflict()
                + (counts.conflict() == 1 ? " conflict" : " conflicts")
                + (plan.places().stream().anyMatch(place -> place.unknown().isPresent())
                        ? ", and not everything is known"
                        : "")
                + ". Nothing was changed.";
    }
}
