package dev.handover.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaTest {
    @ParameterizedTest
    @ValueSource(longs = {1_600, 3_000, 200_000})
    void everyChangeHitsARowThatIsThereAndNoneTwiceInATransaction(long rows) {
        Map<BenchTable, Set<Long>> live = new EnumMap<>(BenchTable.class);
        for (BenchTable table : BenchTable.values()) {
            Set<Long> numbers = new HashSet<>();
            for (long number = 1; number <= table.share(rows); number++) {
                numbers.add(number);
            }
            live.put(table, numbers);
        }
        Delta delta = new Delta(rows, rows / 5, 1);
        long changes = 0;
        while (delta.hasNext()) {
            Delta.Transaction transaction = delta.next();
            Set<Long> numbers = live.getOrDefault(transaction.table(), Set.of());
            for (int i = 0; i < transaction.inserts(); i++) {
                assertThat(numbers.add(transaction.insertFrom() + i)).isTrue();
            }
            for (long[] move : transaction.moves()) {
                assertThat(numbers.remove(move[1])).isTrue();
                assertThat(numbers.add(move[0])).isTrue();
            }
            assertThat(numbers.containsAll(transaction.updates())).isTrue();
            assertThat(transaction.updates()).doesNotHaveDuplicates();
            transaction.deletes().forEach(number -> assertThat(numbers.remove(number))
                    .isTrue());
            assertThat(transaction.changes()).isBetween(1, 100);
            changes += transaction.changes();
        }
        assertThat(changes).isEqualTo(rows / 5);
        assertThat(live.getOrDefault(BenchTable.OBSERVATION, Set.of()))
                .allMatch(number -> number < delta.nextNumber(BenchTable.OBSERVATION));
    }

    @Test
    void theMixIsAsItIsSaid() {
        Map<String, Integer> mix = new java.util.HashMap<>();
        Map<BenchTable, Integer> tables = new EnumMap<>(BenchTable.class);
        for (Delta.Transaction each : all(200_000)) {
            mix.merge("inserts", each.inserts(), Integer::sum);
            mix.merge("moves", each.moves().size(), Integer::sum);
            mix.merge("updates", each.updates().size(), Integer::sum);
            mix.merge("deletes", each.deletes().size(), Integer::sum);
            tables.merge(each.table(), each.changes(), Integer::sum);
        }

        assertThat(mix.get("moves")).isEqualTo(40);
        assertThat(mix.get("inserts")).isCloseTo(16_000, within(800));
        assertThat(mix.get("updates")).isCloseTo(18_000, within(800));
        assertThat(mix.get("deletes")).isCloseTo(6_000, within(600));
        assertThat(tables.get(BenchTable.PATIENT)).isCloseTo(2_500, within(900));
        assertThat(tables.get(BenchTable.OBSERVATION)).isCloseTo(25_000, within(3_000));
    }

    @Test
    void everyRunMakesTheSameChanges() {
        assertThat(all(5_000)).usingRecursiveComparison().isEqualTo(all(5_000));
    }

    @Test
    void theSharesOfTablesAddUp() {
        for (long rows : new long[] {1_600, 1_601, 3_000, 199_999}) {
            long sum = 0;
            for (BenchTable table : BenchTable.values()) {
                sum += table.share(rows);
            }
            assertThat(sum).isEqualTo(rows);
        }
    }

    private static List<Delta.Transaction> all(long rows) {
        Delta delta = new Delta(rows, rows / 5, 1);
        List<Delta.Transaction> all = new ArrayList<>();
        while (delta.hasNext()) {
            all.add(delta.next());
        }
        return all;
    }
}
