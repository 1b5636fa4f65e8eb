package dev.handover.deploy.cli;

import dev.handover.deploy.replay.Outlook;
import dev.handover.deploy.replay.Replay;
import dev.handover.deploy.replay.ReplayPlan;
import dev.handover.sink.postgres.DeadLetterIndex.Settlement;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Dead letters that are tried again, for the answers' golden files. */
final class ReplaySamples {
    private ReplaySamples() {}

    static ReplayPlan plan() {
        return new ReplayPlan(List.of(
                item(17, "pas.public.patient", Outlook.GOES_ON, "unmapped-code", "sex_cd", 17),
                item(18, "pas.public.patient", Outlook.GOES_ON, "unmapped-code", "sex_cd", 18),
                item(19, "pas.public.patient", Outlook.SUPERSEDED, "unmapped-code", "sex_cd", 19),
                item(20, "pas.public.patient", Outlook.WITH_LATER, "unmapped-code", "sex_cd", 18),
                item(21, "pas.public.visit", Outlook.FAILS, "unparsable", "admitted_on", 21),
                item(
                        22,
                        "pas.public.bed",
                        Outlook.CANNOT,
                        "schema-mismatch",
                        "its table was parked: load it again",
                        22)));
    }

    static Replay.Outcome outcome() {
        return new Replay.Outcome(plan(), Map.of(17L, Settlement.REPLAYED, 19L, Settlement.SUPERSEDED), Set.of(22L));
    }

    static Replay.Outcome done() {
        return new Replay.Outcome(
                new ReplayPlan(plan().items().subList(0, 3)),
                Map.of(17L, Settlement.REPLAYED, 18L, Settlement.REPLAYED, 19L, Settlement.SUPERSEDED),
                Set.of());
    }

    private static ReplayPlan.Item item(
            long id, String table, Outlook outlook, String reason, String place, long later) {
        return new ReplayPlan.Item(
                id, table, "clinical." + table.substring(table.lastIndexOf('.') + 1), outlook, reason, place, later);
    }
}
