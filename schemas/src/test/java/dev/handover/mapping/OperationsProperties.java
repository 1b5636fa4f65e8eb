package dev.handover.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every operation and every value. The seed is in the name of the test. */
class OperationsProperties {
    private static final int TRIALS = 20_000;
    private static final int FEWER_TRIALS = 8_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whatIsSaidToBeRestoredIsGivenBack(long seed) {
        RandomOperations random = new RandomOperations(seed);
        Map<String, Integer> restored = new HashMap<>();
        for (int i = 0; i < TRIALS; i++) {
            ColumnType type = random.type();
            Operation declared = random.operation();
            Optional<ColumnType> after = RandomOperations.after(declared, type);
            if (after.isEmpty()) {
                continue;
            }
            Operation operation = declared.bound(type);
            Value before = random.value(type);
            if (operation.apply(before, at(type, before)) instanceof Outcome.Accepted<Cell> made) {
                Cell cell = made.value();
                boolean restores = operation.restores(before, cell);
                if (operation.reversal() == Reversal.EXACT) {
                    assertThat(restores).as("%s of %s", operation, type).isTrue();
                }
                if (restores) {
                    assertThat(CanonicalText.of(operation.invert((Value) cell)))
                            .as("%s of %s", operation, type)
                            .isEqualTo(CanonicalText.of(before));
                    restored.merge(operation.getClass().getSimpleName(), 1, Integer::sum);
                }
                if (cell == Cell.NULL) {
                    assertThat(operation.mayYieldNull()).as("%s", operation).isTrue();
                } else {
                    assertThat(CanonicalText.as(after.get(), (Value) cell)).isEqualTo(cell);
                }
            }
        }
        // none is spared
        assertThat(restored).hasSize(17);
    }

    /** What comes from elsewhere may be anything: a row of another mapping, an edit by hand. */
    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void aValueThatHasNoInverseIsRefusedWithoutQuotingIt(long seed) {
        RandomOperations random = new RandomOperations(seed);
        int refused = 0;
        for (int i = 0; i < FEWER_TRIALS; i++) {
            ColumnType type = random.type();
            Operation declared = random.operation();
            Optional<ColumnType> after = RandomOperations.after(declared, type);
            if (after.isEmpty()) {
                continue;
            }
            Value made = random.value(after.get());
            try {
                declared.bound(type).invert(made);
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                refused++;
                String text = CanonicalText.of(made);
                if (text.length() > 3) {
                    assertThat(String.valueOf(e.getMessage())).doesNotContain(text);
                }
            }
        }
        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void theSameValueBecomesTheSameAndIsFoundTheSame(long seed) {
        RandomOperations random = new RandomOperations(seed);
        for (int i = 0; i < FEWER_TRIALS; i++) {
            ColumnType type = random.type();
            Operation operation = random.operation();
            if (RandomOperations.after(operation, type).isPresent()) {
                Value before = random.value(type);
                Evaluation one = at(type, before);
                Evaluation other = at(type, before);
                assertThat(operation.bound(type).apply(before, one))
                        .isEqualTo(operation.bound(type).apply(before, other));
                assertThat(one.findings()).isEqualTo(other.findings());
                assertThat(one.findings())
                        .allMatch(finding -> finding.example().equals(Finding.mask(finding.example()))
                                || finding.example().contains("…"));
            }
        }
    }

    @Test
    void noTextOfAnOperationQuotesAValue() {
        RandomOperations random = new RandomOperations(9);
        for (int i = 0; i < 1_000; i++) {
            assertThat(random.operation().toString()).doesNotContain("\n").hasSizeLessThan(200);
        }
    }

    private static Evaluation at(ColumnType type, Value value) {
        TableSchema schema = new TableSchema(
                TableId.parse("legacy.public.t"),
                java.util.List.of(new Column("v", type, false)),
                java.util.List.of("v"));
        return new Evaluation(new Row(schema, java.util.List.of(value)));
    }
}
