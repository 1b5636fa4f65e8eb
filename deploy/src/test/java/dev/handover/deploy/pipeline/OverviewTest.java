package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Finding;
import dev.handover.reconciler.Verdict;
import dev.handover.row.TableId;
import dev.handover.sink.batch.Counts;
import dev.handover.sink.batch.Filtered;
import dev.handover.sink.batch.FindingLimits;
import dev.handover.sink.batch.FindingTotal;
import dev.handover.sink.batch.Findings;
import dev.handover.sink.postgres.FindingLedger;
import dev.handover.sink.postgres.TargetStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class OverviewTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private static Overview overview(boolean loaded, boolean constrained, long dead, Optional<Overview.Run> run) {
        TargetStatus.Table table = new TargetStatus.Table(
                "clinical.patient",
                "pas.public.patient",
                2,
                loaded ? 2 : 1,
                10,
                Counts.NONE,
                dead,
                Optional.empty(),
                Optional.of(NOW.minusSeconds(3)),
                constrained,
                Optional.empty());
        return new Overview(
                "pilot",
                NOW,
                true,
                List.of(new Overview.Table(table, Optional.empty())),
                dead,
                new TargetStatus.Lag(0, 0, 0),
                Optional.empty(),
                run,
                FindingLedger.EMPTY,
                List.of(),
                List.of(),
                List.of());
    }

    private static FindingLedger.Entry found(int version) {
        Findings.Of of = new Findings.Of(
                TableId.target("clinical", "patient"),
                TableId.parse("pas.public.patient"),
                "sex",
                Finding.Kind.UNMAPPED,
                version);
        return new FindingLedger.Entry(new FindingTotal(of, version * 10L, 100), List.of(), "0/1", NOW, "0/2", NOW);
    }

    private static Optional<Overview.Run> run(Verdict verdict, Duration age) {
        return Optional.of(new Overview.Run("20261121-1", verdict, NOW.minus(age)));
    }

    private static String next(Overview overview) {
        return overview.next().stream().map(Overview.Next::command).findFirst().orElse("");
    }

    @Test
    void theNextStepFollowsTheMigration() {
        Overview fresh = Overview.notStarted("pilot", NOW);

        assertThat(next(fresh)).isEqualTo("handover doctor");
        assertThat(next(overview(false, false, 0, Optional.empty()))).isEqualTo("handover status --watch");
        assertThat(next(overview(true, false, 2, Optional.empty()))).isEqualTo("handover dlq list");
        assertThat(next(overview(true, false, 0, Optional.empty()))).isEqualTo("handover tables constrain --dry-run");
        assertThat(next(overview(true, true, 0, Optional.empty()))).isEqualTo("handover recon run");
        assertThat(next(overview(true, true, 0, run(Verdict.UNDETERMINED, Duration.ofMinutes(1)))))
                .isEqualTo("handover recon run");
        assertThat(next(overview(true, true, 0, run(Verdict.CONVERGED, Duration.ofHours(2)))))
                .isEqualTo("handover recon run");
        assertThat(next(overview(true, true, 0, run(Verdict.CONVERGED, Duration.ofMinutes(5)))))
                .isEmpty();
    }

    @Test
    void aMismatchIsForAPersonToThinkAbout() {
        for (boolean loaded : List.of(true, false)) {
            assertThat(overview(loaded, false, 5, run(Verdict.DIVERGED, Duration.ofDays(9)))
                            .next())
                    .isEmpty();
        }
    }

    @Test
    void findingsThatStopTheSinkComeFirstAndOnlyTheNewestVersionCounts() {
        TableId table = TableId.target("clinical", "patient");
        TableId source = TableId.parse("pas.public.patient");
        FindingLedger findings = new FindingLedger(
                List.of(found(1), found(2)),
                new TreeMap<>(Map.of(
                        new FindingLedger.Mapping(table, source, 1),
                        100L,
                        new FindingLedger.Mapping(table, source, 2),
                        100L,
                        new FindingLedger.Mapping(table, TableId.parse("pas.public.visit"), 3),
                        100L)),
                new TreeMap<>(Map.of(new Filtered(table, source, "no-tests", 2), 7L)));
        Overview overview = overview(true, false, 2, Optional.empty());
        Overview stopped = new Overview(
                overview.pipeline(),
                overview.at(),
                true,
                overview.tables(),
                2,
                overview.lag(),
                Optional.empty(),
                Optional.empty(),
                findings,
                List.of(new FindingLimits.Breach(
                        found(2).total(), new FindingLimits.Count(5), FindingLimits.Severity.STOP)),
                List.of(),
                List.of());

        assertThat(next(stopped)).isEqualTo("handover mapping explain clinical.patient.sex");
        assertThat(stopped.next()).hasSize(1);
        assertThat(stopped.found()).isEqualTo(20);
        assertThat(stopped.filtered("clinical.patient")).isEqualTo(7);
        assertThat(stopped.findings("clinical.patient")).containsExactly(found(2));
    }

    @Test
    void theLoadHasAWord() {
        assertThat(overview(false, false, 0, Optional.empty()).phase()).isEqualTo("loading");
        assertThat(overview(true, false, 0, Optional.empty()).phase()).isEqualTo("streaming");
        assertThat(overview(false, false, 0, Optional.empty()).tables().get(0).load())
                .isEqualTo("loading");
    }
}
