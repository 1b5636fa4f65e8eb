package dev.handover.deploy.cli;

import dev.handover.reconciler.Runs;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Comparisons, made up. */
final class ReconSamples {
    private ReconSamples() {}

    static Answer answer(String name) {
        return switch (name) {
            case "recon-history" -> ReconHistoryCommand.answer(runs());
            case "recon-history-table" ->
                ReconHistoryCommand.answer(
                        "clinical.patient",
                        table(),
                        Optional.of(
                                new Runs.Onset("20261121-095900000", "2026-11-21T09:59:00Z", "20261121-085900000")));
            case "recon-history-equal" ->
                ReconHistoryCommand.answer("clinical.patient", table().subList(1, 2), Optional.empty());
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static List<Runs.Line> runs() {
        return List.of(
                new Runs.Line(
                        "20261121-095900000",
                        "2026-11-21T09:59:00Z",
                        "2026-11-21T09:59:02Z",
                        new BigDecimal("2.000"),
                        "clinical.patient",
                        "diverged",
                        1,
                        4,
                        new Runs.Kinds(1, 0, 0, 41),
                        0,
                        0),
                new Runs.Line(
                        "20261121-085900000",
                        "2026-11-21T08:59:00Z",
                        "2026-11-21T09:00:30.25Z",
                        new BigDecimal("90.250"),
                        "pipeline",
                        "undetermined",
                        26,
                        126_852,
                        new Runs.Kinds(0, 0, 0, 0),
                        12,
                        1));
    }

    private static List<Runs.TableLine> table() {
        return List.of(
                new Runs.TableLine(
                        "20261121-095900000",
                        "2026-11-21T09:59:00Z",
                        "pas.public.patient",
                        "diverged",
                        4,
                        3,
                        new Runs.Kinds(1, 0, 0, 41),
                        0),
                new Runs.TableLine(
                        "20261121-085900000",
                        "2026-11-21T08:59:00Z",
                        "pas.public.patient",
                        "converged",
                        4,
                        4,
                        new Runs.Kinds(0, 0, 0, 0),
                        0));
    }
}
