package dev.handover.deploy.cli;

import dev.handover.reconciler.tap.TapReport;
import dev.handover.reconciler.watch.Checked;
import dev.handover.reconciler.watch.Round;
import dev.handover.reconciler.watch.WatchLedger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a tap and a watch found, for the answers' golden files. */
final class TapSamples {
    private TapSamples() {}

    static TapReport report(Instant now) {
        return new TapReport(
                "pas",
                "handover_pilot_pas_tap",
                "comparing",
                "",
                "0/1A2B3C8",
                Optional.of("0/1A2B3A0+0"),
                Optional.of(now.minusSeconds(3)),
                1,
                List.of("pas.public.visit"),
                5_120,
                20_481,
                2,
                1,
                1,
                "slot handover_pilot_pas_tap was gone from the source",
                now,
                List.of(new TapReport.Named("pas.public.patient", "capture-missing", "0/1A00008+0", 7_431, 3, 2)));
    }

    static List<WatchLedger.Entry> watched(Instant now) {
        Instant since = now.minusSeconds(3_600);
        return List.of(
                new WatchLedger.Entry(
                        new Checked("clinical.patient", now.minusSeconds(7), 1_203_311, List.of(12, 700), 1, 402),
                        Optional.of(since),
                        "",
                        812,
                        new Round(4_096, now.minusSeconds(70), 1, Optional.of(now.minusSeconds(900)), 3)),
                new WatchLedger.Entry(
                        new Checked("clinical.visit", now.minusSeconds(3), 40, List.of(), 0, 1),
                        Optional.of(since),
                        "recon-query-failed",
                        9_120,
                        new Round(0, now.minusSeconds(3), 0, Optional.of(now.minusSeconds(13)), 0)));
    }
}
