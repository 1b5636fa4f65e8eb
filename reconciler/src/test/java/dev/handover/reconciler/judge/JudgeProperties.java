package dev.handover.reconciler.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeProperties {
    private static final int STEPS = 40_000;
    private static final int EPISODE = 100;

    private final Map<Judgement, Integer> seen = new EnumMap<>(Judgement.class);

    /** Without corruption nothing is ever proved to differ, however the pipeline lags and however commits show late. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void neverCallsAMovingRowADivergence(long seed) {
        RandomGenerator random = new Random(seed);
        ModelPipeline pipeline = new ModelPipeline(random);
        for (int step = 0; step < STEPS; step++) {
            if (step % EPISODE == 0) {
                pipeline = new ModelPipeline(random, random.nextInt(ModelPipeline.KEYS));
            }
            live(pipeline, random);
            if (random.nextInt(4) == 0) {
                look(pipeline, random, step, ModelPipeline::target);
            }
        }
        assertThat(seen.keySet()).as("seed %d", seed).contains(Judgement.MATCH, Judgement.AHEAD, Judgement.BEHIND);
    }

    /** Of streamed rows the positions alone say as much: the look before could be left out. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23, 24})
    void needsOnlyPositionsWhereNothingIsLoaded(long seed) {
        RandomGenerator random = new Random(seed);
        ModelPipeline pipeline = new ModelPipeline(random);
        for (int step = 0; step < STEPS; step++) {
            live(pipeline, random);
            if (random.nextInt(4) == 0) {
                look(pipeline, random, step, (model, key) -> null);
            }
        }
    }

    /** What is lost or written behind the pipeline's back is proved once the rest has arrived. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14})
    void provesWhatIsWrongOnceTheRestHasArrived(long seed) {
        int proved = 0;
        for (int trial = 0; trial < 400; trial++) {
            RandomGenerator random = new Random(seed * 1000 + trial);
            ModelPipeline pipeline = new ModelPipeline(random);
            for (int step = 0; step < 60; step++) {
                live(pipeline, random);
            }
            int key = random.nextInt(ModelPipeline.KEYS);
            boolean lost = random.nextBoolean() && pipeline.lose(key);
            pipeline.drain();
            if (!lost) {
                pipeline.corrupt(
                        key,
                        random.nextBoolean() ? Optional.of(1_000_000L + trial) : Optional.empty(),
                        random.nextBoolean());
            }
            for (int other = 0; other < ModelPipeline.KEYS; other++) {
                boolean wrong = !pipeline.target(other)
                        .fold(absent -> Optional.<Long>empty(), row -> row.columns()
                                .map(lanes -> lanes.lane1()))
                        .equals(Optional.ofNullable(pipeline.truth().get(other)));
                Judgement judgement = settled(pipeline, other);
                assertThat(judgement == Judgement.MATCH)
                        .as("seed %d trial %d key %d", seed, trial, other)
                        .isEqualTo(!wrong);
                assertThat(judgement.decided()).isTrue();
                proved += wrong ? 1 : 0;
            }
        }
        assertThat(proved).isGreaterThan(200);
    }

    private static Judgement settled(ModelPipeline pipeline, int key) {
        pipeline.beat();
        pipeline.drain();
        TargetState before = pipeline.target(key);
        ModelPipeline.Snapshot snapshot = pipeline.snapshot(() -> {});
        pipeline.beat();
        pipeline.drain();
        return Judge.judge(snapshot.source(key), snapshot.stamp(), before, pipeline.target(key), pipeline.applied(key));
    }

    private void look(ModelPipeline pipeline, RandomGenerator random, int step, Before first) {
        Map<Integer, TargetState> before = new HashMap<>();
        Set<Integer> loaded = new HashSet<>();
        for (int key = 0; key < ModelPipeline.KEYS; key++) {
            if (pipeline.applied(key).isPresent()) {
                loaded.add(key);
            }
            TargetState state = first.look(pipeline, key);
            if (state != null) {
                before.put(key, state);
            }
        }
        ModelPipeline.Snapshot snapshot = pipeline.snapshot(() -> lives(pipeline, random, 6));
        for (int again = random.nextInt(6); again >= 0; again--) {
            lives(pipeline, random, 12);
            for (int key = 0; key < ModelPipeline.KEYS; key++) {
                Judgement judgement = Judge.judge(
                        snapshot.source(key),
                        snapshot.stamp(),
                        before.getOrDefault(key, pipeline.target(key)),
                        pipeline.target(key),
                        loaded.contains(key) ? pipeline.applied(key) : Optional.empty());
                seen.merge(judgement, 1, Integer::sum);
            }
        }
        assertThat(seen.keySet())
                .as("at step %d", step)
                .doesNotContain(Judgement.MISSING, Judgement.EXTRANEOUS, Judgement.DIFFERENT);
    }

    /** The look at the target before the source's snapshot; null to take the later one for it. */
    @FunctionalInterface
    private interface Before {
        @Nullable TargetState look(ModelPipeline pipeline, int key);
    }

    private static void lives(ModelPipeline pipeline, RandomGenerator random, int most) {
        for (int left = random.nextInt(most); left > 0; left--) {
            live(pipeline, random);
        }
    }

    private static void live(ModelPipeline pipeline, RandomGenerator random) {
        switch (random.nextInt(12)) {
            case 0, 1 -> pipeline.commit();
            case 2, 3, 4 -> pipeline.show();
            case 5 -> pipeline.mark();
            case 6 -> pipeline.load();
            default -> pipeline.apply();
        }
    }
}
