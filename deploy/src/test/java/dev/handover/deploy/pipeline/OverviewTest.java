package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.reconciler.Verdict;
import dev.handover.sink.batch.Counts;
import dev.handover.sink.postgres.TargetStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
                run);
    }

    private static Optional<Overview.Run> run(Verdict verdict, Duration age) {
        return Optional.of(new Overview.Run("20261121-1", verdict, NOW.minus(age)));
    }

    private static String next(Overview overview) {
        return overview.next().stream().map(Overview.Next::command).findFirst().orElse("");
    }

    @Test
    void theNextStepFollowsTheMigration() {
        Overview fresh = new Overview(
                "pilot", NOW, false, List.of(), 0, new TargetStatus.Lag(0, 0, 0), Optional.empty(), Optional.empty());

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
    void theLoadHasAWord() {
        assertThat(overview(false, false, 0, Optional.empty()).phase()).isEqualTo("loading");
        assertThat(overview(true, false, 0, Optional.empty()).phase()).isEqualTo("streaming");
        assertThat(overview(false, false, 0, Optional.empty()).tables().get(0).load())
                .isEqualTo("loading");
    }
}
