package dev.handover.reconciler.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CodesProperties {
    /** Whatever the order of the rows: what is kept is exact, both sides keep the same codes, and no row is lost. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatIsKeptIsExactInAnyOrder(long seed) {
        Random random = new Random(seed);
        int different = random.nextInt(1, 400);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            rows.add("code " + (int) Math.abs(random.nextGaussian() * different / 3));
        }
        Map<String, Long> exact = new HashMap<>();
        rows.forEach(row -> exact.merge(row, 1L, Long::sum));
        int most = random.nextInt(1, 150);
        Codes codes = new Codes(most);

        rows.forEach(row -> codes.add(Side.SOURCE, row));
        Collections.shuffle(rows, random);
        rows.forEach(row -> codes.add(Side.TARGET, row));

        assertThat(codes.counts()).as("seed %d", seed).hasSize(Math.min(most, exact.size()));
        assertThat(codes.overflowed()).isEqualTo(exact.size() > most);
        codes.counts().forEach((code, counts) -> {
            assertThat(counts[Side.SOURCE.place()])
                    .as("seed %d, %s", seed, code)
                    .isEqualTo(exact.get(code));
            assertThat(counts[Side.TARGET.place()])
                    .as("seed %d, %s", seed, code)
                    .isEqualTo(exact.get(code));
        });
        for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
            long kept = codes.counts().values().stream()
                    .mapToLong(counts -> counts[side.place()])
                    .sum();
            assertThat(kept + codes.others()[side.place()])
                    .as("seed %d, %s", seed, side)
                    .isEqualTo(rows.size());
        }
    }
}
