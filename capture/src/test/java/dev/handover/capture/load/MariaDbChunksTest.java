package dev.handover.capture.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MariaDbChunksTest {
    @Test
    void ofTooManyBoundsEverySecondStaysAndTheLast() {
        assertThat(halved("1", "2", "3", "4")).containsExactly("2", "4");
        assertThat(halved("1", "2", "3", "4", "5")).containsExactly("1", "3", "5");
        assertThat(halved("1")).containsExactly("1");
    }

    private static List<String> halved(String... bounds) {
        List<String> left = new ArrayList<>(List.of(bounds));
        assertThat(MariaDbChunks.halve(left)).isEqualTo(left.size());
        return left;
    }
}
