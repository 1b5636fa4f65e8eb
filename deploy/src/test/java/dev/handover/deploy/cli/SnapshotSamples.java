package dev.handover.deploy.cli;

import dev.handover.capture.engine.LoadHold;
import dev.handover.capture.engine.Reload;
import dev.handover.deploy.pipeline.Loads;
import dev.handover.deploy.pipeline.Reloading;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What {@code handover snapshot} has to show. */
final class SnapshotSamples {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final TableId PATIENT = TableId.parse("pas.public.patient");
    private static final TableId VISIT = TableId.parse("pas.public.visit");

    private SnapshotSamples() {}

    /** A table that nobody had asked for, and one that is open. */
    static List<Reloading.Asked> asked() {
        return List.of(
                new Reloading.Asked(true, reload(PATIENT, Reload.Stage.REQUESTED, 0, "")),
                new Reloading.Asked(false, reload(VISIT, Reload.Stage.RUNNING, 17_000, "")));
    }

    /** Loads and loads again, at every stage. */
    static List<Loads.OfSource> loads() {
        return List.of(
                new Loads.OfSource(
                        "pas",
                        Optional.of(new LoadHold(LoadHold.PAUSED, NOW)),
                        List.of(
                                new Loads.OfTable(PATIENT, Loads.Stage.PAUSED, Loads.Way.PAST, 3, 12, 300_000),
                                new Loads.OfTable(VISIT, Loads.Stage.LOADED, Loads.Way.BOTH, 2, 2, 1_700)),
                        List.of(reload(VISIT, Reload.Stage.RUNNING, 500, ""))),
                new Loads.OfSource(
                        "lab",
                        Optional.of(new LoadHold("active_sessions 212 > 180", NOW)),
                        List.of(new Loads.OfTable(
                                TableId.parse("lab.lis.result"), Loads.Stage.PAUSED, Loads.Way.NONE, 0, 0, 0)),
                        List.of()),
                new Loads.OfSource(
                        "bed",
                        Optional.empty(),
                        List.of(),
                        List.of(
                                reload(TableId.parse("bed.public.a"), Reload.Stage.REQUESTED, 0, ""),
                                reload(TableId.parse("bed.public.b"), Reload.Stage.WAITING, 0, "the stream comes"),
                                reload(TableId.parse("bed.public.c"), Reload.Stage.RUNNING, 5_000, ""),
                                reload(TableId.parse("bed.public.d"), Reload.Stage.DONE, 20_000, ""),
                                reload(TableId.parse("bed.public.e"), Reload.Stage.FAILED, 0, "it was truncated"))));
    }

    private static Reload reload(TableId table, Reload.Stage stage, long rows, String why) {
        String reason = stage == Reload.Stage.DONE ? "restored from backup" : "";
        return new Reload(
                table, new Reload.Request(NOW.minusSeconds(90), reason), stage, NOW.minusSeconds(30), rows, why);
    }
}
