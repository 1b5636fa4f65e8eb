package dev.handover.reconciler.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InvestigationProperties {
    private static final TableSchema SCHEMA = new TableSchema(
            TableId.target("clinical", "visit"),
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("ward", ColumnType.of(Kind.INT32), true),
                    new Column("kind", ColumnType.of(Kind.TEXT), true),
                    new Column("open", ColumnType.of(Kind.BOOLEAN), true),
                    new Column("day", ColumnType.of(Kind.DATE), true),
                    new Column("updated", ColumnType.of(Kind.TIMESTAMPTZ), true)),
            List.of("id"));
    private static final SourceId SOURCE = new SourceId("pas");

    private static List<Row> rows(Random random, int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int minute = random.nextInt(60 * 24);
            rows.add(new Row(
                    SCHEMA,
                    List.<Cell>of(
                            new Value.Int(i),
                            new Value.Int(random.nextInt(12)),
                            random.nextInt(4) == 0 ? Cell.NULL : new Value.Text("kind " + random.nextInt(3)),
                            new Value.Bool(random.nextBoolean()),
                            new Value.Text(String.format("20%02d-01-31", random.nextInt(24))),
                            new Value.Text(String.format("2026-11-20 %02d:%02d:07.5+00", minute / 60, minute % 60)))));
        }
        return rows;
    }

    private static Explanation explained(Random random, List<Row> rows, Predicate<Row> differs) {
        Investigation investigation =
                new Investigation(SCHEMA, Set.of("ward"), (column, value) -> "value#" + column.name());
        List<Row> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, random);
        for (Row row : shuffled) {
            long id = ((Value.Int) row.cell("id")).value();
            investigation.source(hash(id), row);
            investigation.target(hash(id), Optional.of(position(id)), 1);
        }
        for (Row row : rows) {
            if (differs.test(row)) {
                long id = ((Value.Int) row.cell("id")).value();
                investigation.differs(
                        "different", "pipeline", List.of("kind"), Optional.of(row), Optional.of(position(id)), 1);
            }
        }
        return investigation.explanations().get(0);
    }

    private static long hash(long id) {
        return (id + 1) * 0x9E3779B97F4A7C15L * 0xBF58476D1CE4E5B9L;
    }

    private static SourcePosition position(long id) {
        return SourcePosition.postgres(SOURCE, 1_000 + id % 97, id);
    }

    private static List<Pattern> concentrations(Explanation explanation) {
        return explanation.patterns().stream()
                .filter(pattern -> pattern.backgroundOf() > 0)
                .toList();
    }

    /** 400 tables whose differences are spread by chance: the bound allows less than one wrong word. */
    @Test
    void nothingIsInvented() {
        for (long seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            List<Row> rows = rows(random, random.nextInt(20, 900));
            int one = random.nextInt(2, 9);
            Explanation explanation =
                    explained(random, rows, row -> row.equals(rows.get(0)) || random.nextInt(one) == 0);
            assertThat(concentrations(explanation)).as("seed %d", seed).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsPlantedIsFoundWhateverTheOrderOfTheRows(long seed) {
        List<Row> rows = rows(new Random(seed), 6_000);
        Predicate<Row> ward = row -> row.cell("ward").equals(new Value.Int(5));
        Explanation found = explained(new Random(seed), rows, ward);
        assertThat(concentrations(found)).singleElement().satisfies(pattern -> {
            assertThat(pattern.column()).isEqualTo("ward");
            assertThat(pattern.value()).isEqualTo("5");
            assertThat(pattern.rows()).isEqualTo(pattern.of());
            assertThat(pattern.exact()).as("there are more rows than are kept").isFalse();
            assertThat(pattern.backgroundOf()).isEqualTo(2_000);
            assertThat(pattern.background()).isBetween(120L, 215L);
        });
        assertThat(explained(new Random(seed + 1_000), rows, ward)).isEqualTo(found);
    }

    @Test
    void aWindowIsAsWideAsWhatIsSaidOfIt() {
        List<Row> rows = rows(new Random(7), 3_000);
        Explanation minutes = explained(
                new Random(7),
                rows,
                row -> text(row, "updated").compareTo("2026-11-20 22:02") > 0
                        && text(row, "updated").compareTo("2026-11-20 22:19") < 0);
        assertThat(concentrations(minutes))
                .extracting(Pattern::trait, Pattern::value)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Pattern.Trait.TIME, "2026-11-20 22:00 to 22:20"));
        Explanation years =
                explained(new Random(7), rows, row -> text(row, "day").startsWith("2003"));
        assertThat(concentrations(years))
                .extracting(Pattern::column, Pattern::value)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("day", "2003 to 2003"));
    }

    @Test
    void valuesThatAreNoCodesAreReferences() {
        List<Row> rows = rows(new Random(8), 3_000);
        assertThat(concentrations(
                        explained(new Random(8), rows, row -> row.cell("kind").equals(new Value.Text("kind 1")))))
                .extracting(Pattern::value)
                .containsExactly("value#kind");
        assertThat(concentrations(explained(new Random(8), rows, row -> row.cell("kind") == Cell.NULL)))
                .extracting(Pattern::value)
                .containsExactly("null");
    }

    private static String text(Row row, String column) {
        return ((Value.Text) row.cell(column)).value();
    }
}
