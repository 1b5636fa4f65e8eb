package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.pipeline.Reloading;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.replay.Outlook;
import dev.handover.deploy.replay.Replay;
import dev.handover.deploy.replay.ReplayPlan;
import dev.handover.deploy.stack.Service;
import dev.handover.fault.ExitCode;
import dev.handover.sink.postgres.DeadLetterIndex.Selection;
import dev.handover.sink.postgres.DeadLetterIndex.Settlement;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes that the mapping or the target rejects, and that are tried again while the pipeline runs. */
class ReplayIT {
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(4);
    private static final int REFUSED = 700;

    @Test
    void whatTheTargetAndTheMappingRejectedArrivesWhenItIsTriedAgain(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE);
                Connection connection = pipeline.source("");
                Statement source = connection.createStatement()) {
            source.execute("CREATE TABLE visit (id int PRIMARY KEY, ward text, day text)");
            source.execute("INSERT INTO visit VALUES (1, 'A', '20260101')");
            describe(pipeline, 1, "dead-letter");
            pipeline.run();
            pipeline.awaitLoaded(1);
            theTargetRefuses(pipeline, source);
            theMappingRefuses(pipeline, source);
            aNewerMappingRefusesWhatIsThere(pipeline);
            rowsOfALoadShareAPosition(pipeline);
            Reports.assertConverged(pipeline.compare(), 1);
        }
    }

    private static void theTargetRefuses(LivePipeline pipeline, Statement source) throws Exception {
        atTarget(pipeline, "ALTER TABLE clinical.visit ADD CONSTRAINT small CHECK (length(ward) < 3)");
        source.execute("INSERT INTO visit SELECT i, 'ward ' || i, '20260102' FROM generate_series(10, " + (9 + REFUSED)
                + ") i");
        source.execute("UPDATE visit SET ward = 'ward again' WHERE id IN (10, 11, 12)");
        awaitOpen(pipeline, REFUSED + 3);
        // newer versions, deletions: what was parked must not come back over them
        source.execute("UPDATE visit SET ward = 'B' WHERE id IN (11, 20)");
        source.execute("DELETE FROM visit WHERE id IN (12, 21)");
        pipeline.until(
                "newer changes of parked rows",
                WAIT_MAX,
                () -> pipeline.number("SELECT count(*) FROM clinical.visit WHERE ward = 'B'") == 2
                        && pipeline.number("SELECT count(*) FROM handover.tombstone") == 2);

        ReplayPlan plan = new Replay(pipeline.assembly()).plan(Selection.all());
        assertThat(outlooks(plan))
                .isEqualTo(
                        Map.of(Outlook.MAY_GO_ON, (long) REFUSED - 4, Outlook.SUPERSEDED, 6L, Outlook.WITH_LATER, 1L));
        assertThat(new Replay(pipeline.assembly()).plan(Selection.all()).hash()).isEqualTo(plan.hash());

        Replay.Outcome refused = new Replay(pipeline.assembly()).run(plan, PATIENCE, settled -> {});
        assertThat(fates(refused))
                .as("the target refuses them still, and newer letters stand for them")
                .isEqualTo(Map.of(Settlement.REPEATED, (long) REFUSED - 4, Settlement.SUPERSEDED, 6L));
        assertThat(open(pipeline)).isEqualTo(REFUSED - 4 + 1);

        atTarget(pipeline, "ALTER TABLE clinical.visit DROP CONSTRAINT small");
        ReplayPlan again = new Replay(pipeline.assembly()).plan(Selection.all());
        pipeline.roles().kill(RoleName.TRANSFORM);
        Replay.Outcome interrupted = new Replay(pipeline.assembly()).run(again, Duration.ZERO, settled -> {});
        assertThat(interrupted.waiting()).as("the transform is away").isNotEmpty();
        pipeline.until("the transform", WAIT_MAX, () -> pipeline.roles().starts(RoleName.TRANSFORM) > 1);
        // two operators at once
        CompletableFuture<Replay.Outcome> other = CompletableFuture.supplyAsync(
                () -> new Replay(pipeline.assembly()).run(again, PATIENCE, settled -> {}));
        LivePipeline.Ran ran = pipeline.command(
                "dlq",
                "replay",
                "--all",
                "--timeout",
                "90s",
                "-o",
                "json",
                "-c",
                pipeline.file().toString());
        assertThat(ran.status()).as(ran.out()).isEqualTo(ExitCode.DONE.number());
        assertThat(other.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join()
                        .waiting())
                .isEmpty();
        assertThat(open(pipeline)).isZero();
        assertThat(pipeline.number("SELECT count(*) FROM handover.dead_letter WHERE settled_at IS NULL"))
                .isZero();
        assertThat(pipeline.number("SELECT count(*) FROM clinical.visit WHERE ward LIKE 'ward %'"))
                .isEqualTo(REFUSED - 4);
        assertThat(pipeline.number("SELECT count(*) FROM clinical.visit WHERE ward = 'ward again'"))
                .isEqualTo(1);
        Reports.assertConverged(pipeline.compare(), 1);
    }

    private static void theMappingRefuses(LivePipeline pipeline, Statement source) throws Exception {
        source.execute("UPDATE visit SET day = 'unknown' WHERE id IN (30, 31)");
        source.execute("UPDATE visit SET day = 'soon' WHERE id = 31");
        awaitOpen(pipeline, 3);
        ReplayPlan failing = new Replay(pipeline.assembly()).plan(Selection.all());
        assertThat(outlooks(failing)).isEqualTo(Map.of(Outlook.FAILS, 2L, Outlook.WITH_LATER, 1L));
        assertThat(new Replay(pipeline.assembly())
                        .run(failing, SHORT, settled -> {})
                        .settled())
                .as("what would fail is not sent")
                .isEmpty();
        assertThat(open(pipeline)).isEqualTo(3);

        describe(pipeline, 2, "null-with-raw");
        pipeline.roles().kill(RoleName.TRANSFORM);
        pipeline.roles().kill(RoleName.CAPTURE);
        pipeline.until(
                "rows of the new mapping",
                WAIT_MAX,
                () -> pipeline.number("SELECT count(*) FROM clinical.visit WHERE _handover_mapping = 2 AND day IS NULL")
                        == 2);
        Replay.Outcome there = new Replay(pipeline.assembly())
                .run(new Replay(pipeline.assembly()).plan(Selection.all()), PATIENCE, settled -> {});
        assertThat(fates(there)).isEqualTo(Map.of(Settlement.SUPERSEDED, 3L));
        assertThat(open(pipeline)).isZero();
    }

    /** The row is at the target at the very position of the letter, by an older version: that settles nothing. */
    private static void aNewerMappingRefusesWhatIsThere(LivePipeline pipeline) throws Exception {
        atTarget(pipeline, "ALTER TABLE clinical.visit ADD CONSTRAINT known CHECK (id <> 40) NOT VALID");
        describe(pipeline, 3, "null-with-raw");
        pipeline.roles().kill(RoleName.TRANSFORM);
        pipeline.roles().kill(RoleName.CAPTURE);
        awaitOpen(pipeline, 1);
        assertThat(outlooks(new Replay(pipeline.assembly()).plan(Selection.all())))
                .isEqualTo(Map.of(Outlook.MAY_GO_ON, 1L));
        atTarget(pipeline, "ALTER TABLE clinical.visit DROP CONSTRAINT known");
        Replay.Outcome now = new Replay(pipeline.assembly())
                .run(new Replay(pipeline.assembly()).plan(Selection.all()), PATIENCE, settled -> {});
        assertThat(fates(now)).isEqualTo(Map.of(Settlement.REPLAYED, 1L));
        assertThat(pipeline.number("SELECT _handover_mapping FROM clinical.visit WHERE id = 40"))
                .isEqualTo(3);
    }

    private static void rowsOfALoadShareAPosition(LivePipeline pipeline) throws Exception {
        atTarget(pipeline, "ALTER TABLE clinical.visit ADD CONSTRAINT loaded CHECK (id NOT IN (50, 51, 52)) NOT VALID");
        new Reloading(pipeline.assembly()).ask(List.of("pas.public.visit"), "");
        awaitOpen(pipeline, 3);
        assertThat(pipeline.number(
                        "SELECT count(DISTINCT position_text) FROM handover.dead_letter WHERE state = 'open'"))
                .isEqualTo(1);
        atTarget(pipeline, "ALTER TABLE clinical.visit DROP CONSTRAINT loaded");
        Replay.Outcome all = new Replay(pipeline.assembly())
                .run(new Replay(pipeline.assembly()).plan(Selection.all()), PATIENCE, settled -> {});
        assertThat(fates(all)).isEqualTo(Map.of(Settlement.REPLAYED, 3L));
    }

    private static Map<Outlook, Long> outlooks(ReplayPlan plan) {
        return plan.items().stream().collect(Collectors.groupingBy(ReplayPlan.Item::outlook, Collectors.counting()));
    }

    private static Map<Settlement, Long> fates(Replay.Outcome outcome) {
        return List.copyOf(outcome.settled().values()).stream()
                .collect(Collectors.groupingBy(how -> how, Collectors.counting()));
    }

    private static long open(LivePipeline pipeline) {
        return pipeline.number("SELECT count(*) FROM handover.dead_letter WHERE state = 'open'");
    }

    private static void awaitOpen(LivePipeline pipeline, long letters) {
        pipeline.until(letters + " dead letters", WAIT_MAX, () -> open(pipeline) == letters);
    }

    private static void atTarget(LivePipeline pipeline, String sql) throws SQLException {
        try (Connection target = pipeline.target();
                Statement statement = target.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void describe(LivePipeline pipeline, int version, String onInvalid) {
        pipeline.describe(pipeline.endpoints().source().database(), "    postgres: {heartbeat: 1s}\n", """
                tables:
                  - from: pas.public.visit
                    to: clinical.visit
                    mappingVersion: %d
                    columns:
                      day: {from: day, parse: yyyyMMdd, onInvalid: %s}
                      "*": {from: "*"}
                """.formatted(
                        version, onInvalid));
    }
}
