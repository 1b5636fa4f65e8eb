package dev.handover.capture.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.capture.LoadCondition;
import dev.handover.capture.LoadCondition.Measure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds a load and for how long, by a source and a clock that are made up. */
@Timeout(20)
class LoadGateTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final List<LoadCondition> CONDITIONS =
            List.of(new LoadCondition(Measure.ACTIVE_SESSIONS, 180), new LoadCondition(Measure.REPLICA_LAG, 30_000));

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicBoolean paused = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final List<Optional<LoadHold>> news = new ArrayList<>();
    private OptionalLong sessions = OptionalLong.of(180);
    private OptionalLong lag = OptionalLong.of(30_000);
    private int asked;

    private LoadGate gate(boolean remembered) {
        return new LoadGate(
                CONDITIONS,
                measure -> {
                    asked++;
                    return measure == Measure.ACTIVE_SESSIONS ? sessions : lag;
                },
                paused::get,
                remembered,
                news::add,
                now::get,
                stopping::get);
    }

    private void later(Duration duration) {
        now.updateAndGet(then -> then.plus(duration));
    }

    /** Whether a reader would wait. */
    private static boolean holds(LoadGate gate) throws InterruptedException {
        Thread reader = new Thread(() -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        reader.start();
        reader.join(300);
        boolean waits = reader.isAlive();
        reader.interrupt();
        reader.join();
        return waits;
    }

    @Test
    void asMuchAsIsAllowedHoldsNothing() throws Exception {
        LoadGate gate = gate(false);

        gate.look();

        assertThat(holds(gate)).isFalse();
        assertThat(news).isEmpty();
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void moreThanIsAllowedHoldsUntilItIsLess() throws Exception {
        LoadGate gate = gate(false);
        sessions = OptionalLong.of(212);
        gate.look();
        assertThat(holds(gate)).isTrue();

        sessions = OptionalLong.of(213);
        later(LoadGate.LOOK);
        gate.look();
        assertThat(holds(gate)).isTrue();
        sessions = OptionalLong.of(3);
        later(LoadGate.LOOK);
        gate.look();

        assertThat(holds(gate)).isFalse();
        assertThat(news)
                .as("told once that it is held, and once that it goes on")
                .containsExactly(Optional.of(new LoadHold("active_sessions 212 > 180", START)), Optional.empty());
    }

    @Test
    void itLooksOnceASecond() {
        LoadGate gate = gate(false);
        gate.look();

        later(LoadGate.LOOK.minusMillis(1));
        gate.look();
        assertThat(asked).isEqualTo(2);
        later(Duration.ofMillis(1));
        gate.look();
        assertThat(asked).isEqualTo(4);
        later(Duration.ofHours(-1));
        gate.look();
        assertThat(asked).as("a clock that was set back").isEqualTo(6);
    }

    @Test
    void whatPeopleWantComesBeforeTheSource() throws Exception {
        LoadGate gate = gate(false);
        paused.set(true);
        lag = OptionalLong.of(45_210);
        gate.look();
        assertThat(asked).isZero();

        paused.set(false);
        later(LoadGate.LOOK);
        gate.look();

        assertThat(holds(gate)).isTrue();
        assertThat(news)
                .containsExactly(
                        Optional.of(new LoadHold(LoadHold.PAUSED, START)),
                        Optional.of(new LoadHold("replica_lag 45210 ms > 30000 ms", START.plus(LoadGate.LOOK))));
    }

    @Test
    void aSourceThatIsTooBusyToAnswerHolds() throws Exception {
        LoadGate gate = gate(false);
        sessions = OptionalLong.empty();

        gate.look();

        assertThat(holds(gate)).isTrue();
    }

    @Test
    void wordThatAnEarlierRunLeftIsTakenBackOnce() {
        LoadGate gate = gate(true);

        gate.look();
        later(LoadGate.LOOK);
        gate.look();

        assertThat(news).containsExactly(Optional.empty());
    }

    @Test
    void theThreadThatLooksPassesWhenItMay() throws Exception {
        LoadGate gate = gate(false);
        paused.set(true);
        Thread load = new Thread(gate::passOrEnd);
        load.start();
        load.join(300);
        assertThat(load.isAlive()).isTrue();

        paused.set(false);
        later(LoadGate.LOOK);
        load.join();

        assertThat(news).hasSize(2);
    }

    @Test
    void nobodyWaitsWhileCaptureIsStopping() throws Exception {
        LoadGate gate = gate(false);
        paused.set(true);
        gate.look();
        assertThat(holds(gate)).isTrue();

        stopping.set(true);

        assertThat(holds(gate)).isFalse();
        assertThatThrownBy(gate::passOrEnd).isInstanceOf(LoadGate.Stopped.class);
        assertThat(news).hasSize(2).endsWith(Optional.empty());
    }

    @Test
    void nothingIsHeldAfterTheEnd() throws Exception {
        LoadGate gate = gate(false);
        paused.set(true);
        gate.look();

        gate.end();

        assertThat(holds(gate)).isFalse();
        assertThat(news).endsWith(Optional.empty());
    }
}
