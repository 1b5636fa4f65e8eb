package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CommitPaceTest {
    private long now;
    private final CommitPace pace = new CommitPace(() -> now);

    @Test
    void aRecordAfterAPauseIsCommittedAtOnce() {
        passMillis(200);
        assertThat(pace.recordAsks(5)).isTrue();
    }

    @Test
    void whatCameJustAfterACommitIsCommittedWhenTheThreadLooksAgain() {
        passMillis(200);
        pace.recordAsks(5);
        passMillis(1);
        assertThat(pace.recordAsks(5)).isFalse();
        passMillis(10);
        assertThat(pace.timeAsks()).isTrue();
        passMillis(10);
        assertThat(pace.timeAsks()).as("there is nothing more").isFalse();
    }

    @Test
    void underLoadNothingIsAskedFor() {
        assertThat(asked(8)).isZero();
    }

    @Test
    void behindABacklogNothingIsAskedForHoweverSlowItGoes() {
        for (int i = 0; i < 100; i++) {
            passMillis(20);
            assertThat(pace.recordAsks(i % 2 == 0 ? 5 : 900)).isEqualTo(i % 2 == 0);
        }
    }

    @Test
    void aThousandRecordsASecondAreCommittedAHundredTimes() {
        assertThat(asked(1)).isEqualTo(100);
    }

    /** How often a second of so many records a millisecond asks. */
    private int asked(int records) {
        int asked = 0;
        for (int millis = 0; millis < 1_000; millis++) {
            passMillis(1);
            for (int i = 0; i < records; i++) {
                asked += pace.recordAsks(5) ? 1 : 0;
            }
            asked += pace.timeAsks() ? 1 : 0;
        }
        return asked;
    }

    private void passMillis(int millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
