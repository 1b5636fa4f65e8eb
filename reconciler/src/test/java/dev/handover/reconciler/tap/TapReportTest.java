package dev.handover.reconciler.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.handover.reconciler.Finding;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a tap's findings make of a run that found all rows equal. */
class TapReportTest {
    private static final Set<String> COMPARED = Set.of("pas.public.visit");
    private static final TapReport.Named LOST =
            new TapReport.Named("pas.public.visit", "capture-missing", "0/6E+0", 700, 2, 1);

    private static TapReport report(String state, long disagreements, long gaps, TapReport.Named... named) {
        return new TapReport(
                "pas",
                "handover_pas_tap",
                state,
                "tap-failed: the tap met an error",
                "0/80",
                Optional.of("0/70+0"),
                Optional.of(Instant.EPOCH),
                1,
                List.of(),
                10,
                20,
                0,
                disagreements,
                gaps,
                "",
                Instant.EPOCH,
                List.of(named));
    }

    private static Verdict verdict(TapReport tap, Set<String> compared) {
        return new RunReport("run", "", "", "", Verdict.CONVERGED, List.of(), List.of(), Map.of(), List.of(), List.of())
                .with(tap.findings(compared))
                .verdict();
    }

    @Test
    void aDisagreementIsADivergenceOfTheStageCapture() {
        TapReport tap = report("comparing", 1, 0, LOST);

        assertThat(verdict(tap, COMPARED)).isEqualTo(Verdict.DIVERGED);
        assertThat(tap.findings(COMPARED))
                .extracting(Finding::code, Finding::text)
                .containsExactly(tuple(
                        "tap-disagreement",
                        "stage capture: capture-missing in table pas.public.visit, transaction 700 at 0/6E+0:"
                                + " the log has 2 changes, the change log 1"));
    }

    @Test
    void aTableThatTheRunIsNotAboutDoesNotCount() {
        assertThat(verdict(report("comparing", 1, 0, LOST), Set.of("pas.public.patient")))
                .isEqualTo(Verdict.CONVERGED);
    }

    @Test
    void moreThanAreNamedAreADivergenceToo() {
        assertThat(verdict(report("comparing", 21, 0), COMPARED)).isEqualTo(Verdict.DIVERGED);
    }

    @Test
    void whatTheTapLeftOutIsSaidAndTheRowsDecide() {
        TapReport tap = report("failing", 0, 2);

        assertThat(tap.findings(COMPARED)).extracting(Finding::code).containsExactly("tap-gap", "tap-failing");
        assertThat(verdict(tap, COMPARED)).isEqualTo(Verdict.CONVERGED);
    }
}
