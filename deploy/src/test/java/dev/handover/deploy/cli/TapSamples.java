package dev.handover.deploy.cli;

import dev.handover.reconciler.tap.TapReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a tap found, for the answers' golden files. */
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
}
