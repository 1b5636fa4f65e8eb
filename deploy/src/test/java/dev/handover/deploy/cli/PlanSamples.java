package dev.handover.deploy.cli;

import dev.handover.deploy.pipeline.Plan;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.util.List;
import java.util.Optional;

/** Plans as servers might give them. */
final class PlanSamples {
    private PlanSamples() {}

    /** A place that did not answer. */
    static Plan.Place silent() {
        return new Plan.Place(
                "kafka",
                List.of(),
                Optional.of(Fault.of(
                        ExitCode.UNREACHABLE,
                        "kafka-unreachable",
                        "kafka did not answer",
                        "check that the brokers run")));
    }

    static Plan.Line line(Plan.Action action, String object, String detail, String fix) {
        return new Plan.Line(action, object, detail, fix, Plan.By.RUN);
    }

    /** Something of every kind. */
    static Plan plan() {
        return new Plan(List.of(
                new Plan.Place(
                        "source pas",
                        List.of(
                                line(Plan.Action.CREATE, "publication handover_pas", "", ""),
                                line(
                                        Plan.Action.CHANGE,
                                        "table pas.public.patient",
                                        "evolve follows: column \"born\" is new (date)",
                                        ""),
                                line(Plan.Action.LOAD, "table pas.public.visit", "about 1200 rows of it are read", ""),
                                line(
                                        Plan.Action.PARK,
                                        "table pas.public.bed",
                                        "stop parks it at its next change: column \"a\" is gone",
                                        "change it back")),
                        Optional.empty()),
                silent(),
                new Plan.Place(
                        "mappings",
                        List.of(
                                line(Plan.Action.SEND_AGAIN, "mapping of a to b", "version 2 after 1", ""),
                                line(Plan.Action.CONFLICT, "tables[0].mappingVersion", "was changed", "raise it")),
                        Optional.empty()),
                new Plan.Place(
                        "target cloud",
                        List.of(line(Plan.Action.CHANGE, "table clinical.patient", "ADD COLUMN \"born\" date", "")),
                        Optional.empty())));
    }
}
