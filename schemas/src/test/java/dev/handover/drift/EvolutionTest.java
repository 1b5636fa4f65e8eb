package dev.handover.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.drift.Evolution.Decision;
import dev.handover.drift.Evolution.Followed;
import dev.handover.drift.Evolution.Parked;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EvolutionTest {
    private static final TableId TABLE = new TableId("pas", "public", "patient");
    private static final Column ID = new Column("id", ColumnType.of(Kind.INT32), false);
    private static final Column NAME = new Column("name", ColumnType.text(20), true);
    private static final Column WEIGHT = new Column("weight", ColumnType.of(Kind.INT32), true);
    private static final TableSchema BASE = table(ID, NAME, WEIGHT);

    private static TableSchema table(Column... columns) {
        return new TableSchema(TABLE, List.of(columns), List.of("id"));
    }

    private static Decision decide(DriftPolicy policy, TableSchema shown) {
        return new Evolution(policy, BASE, BASE).decide(shown);
    }

    private static Followed followed(DriftPolicy policy, TableSchema shown) {
        Decision decision = decide(policy, shown);
        assertThat(decision).isInstanceOf(Followed.class);
        return (Followed) decision;
    }

    private static String parked(DriftPolicy policy, TableSchema shown) {
        Decision decision = decide(policy, shown);
        assertThat(decision).isInstanceOf(Parked.class);
        return ((Parked) decision).why();
    }

    @ParameterizedTest
    @EnumSource(DriftPolicy.class)
    void whatDidNotChangeGoesOnAsItIs(DriftPolicy policy) {
        Followed followed = followed(policy, BASE);

        assertThat(followed.held()).isEqualTo(BASE);
        assertThat(followed.differences()).isEmpty();
    }

    @Test
    void stopNamesEveryDifference() {
        Column born = new Column("born", ColumnType.of(Kind.DATE), true);

        assertThat(parked(DriftPolicy.STOP, table(ID, new Column("name", ColumnType.text(40), true), born)))
                .contains("\"name\"", "\"weight\" is gone", "\"born\" is new");
    }

    @Test
    void stopTakesAColumnThatMayNotBeNullAnyMore() {
        Column strict = new Column("name", ColumnType.text(20), false);

        assertThat(followed(DriftPolicy.STOP, table(ID, strict, WEIGHT)).held()).isEqualTo(BASE);
    }

    @Test
    void anAddedColumnIsNullableBecauseEarlierRowsHoldNothing() {
        Column born = new Column("born", ColumnType.of(Kind.DATE), false);

        assertThat(followed(DriftPolicy.EVOLVE, table(ID, NAME, WEIGHT, born)).held())
                .isEqualTo(table(ID, NAME, WEIGHT, new Column("born", ColumnType.of(Kind.DATE), true)));
    }

    @Test
    void aDroppedColumnStaysAndIsReadFromNowhere() {
        TableSchema strict = table(ID, NAME, new Column("weight", ColumnType.of(Kind.INT32), false));

        Decision decision = new Evolution(DriftPolicy.EVOLVE, strict, strict).decide(table(ID, NAME));

        assertThat(decision).isInstanceOfSatisfying(Followed.class, followed -> {
            assertThat(followed.held()).isEqualTo(BASE);
            assertThat(followed.names()).containsOnlyKeys("id", "name");
        });
    }

    @Test
    void aRenameIsAColumnGoneAndOneNew() {
        Column kilos = new Column("kilos", ColumnType.of(Kind.INT32), true);

        Followed followed = followed(DriftPolicy.EVOLVE, table(ID, NAME, kilos));

        assertThat(followed.held()).isEqualTo(table(ID, NAME, WEIGHT, kilos));
        assertThat(followed.differences()).hasSize(2);
    }

    @Test
    void aTypeGrowsAndNeverShrinks() {
        Column wide = new Column("weight", ColumnType.of(Kind.INT64), true);

        TableSchema held = followed(DriftPolicy.EVOLVE, table(ID, NAME, wide)).held();

        assertThat(held.column("weight")).contains(wide);
        assertThat(new Evolution(DriftPolicy.EVOLVE, held, held).decide(BASE))
                .isInstanceOfSatisfying(
                        Followed.class, back -> assertThat(back.held()).isEqualTo(held));
    }

    @Test
    void anotherTypeParksUnlessLenientGivesItAColumnOfItsOwn() {
        TableSchema shown = table(ID, NAME, new Column("weight", ColumnType.of(Kind.TEXT), true));

        assertThat(parked(DriftPolicy.EVOLVE, shown)).contains("\"weight\" was int32 and is text");
        Followed followed = followed(DriftPolicy.LENIENT, shown);

        assertThat(followed.held())
                .isEqualTo(table(ID, NAME, WEIGHT, new Column("weight__text", ColumnType.of(Kind.TEXT), true)));
        assertThat(followed.names()).containsEntry("weight", "weight__text");
    }

    @Test
    void lenientComesBackToTheColumnItLeft() {
        TableSchema text = table(ID, NAME, new Column("weight", ColumnType.of(Kind.TEXT), true));
        TableSchema held = followed(DriftPolicy.LENIENT, text).held();

        assertThat(new Evolution(DriftPolicy.LENIENT, held, text).decide(BASE))
                .isInstanceOfSatisfying(Followed.class, back -> {
                    assertThat(back.held()).isEqualTo(held);
                    assertThat(back.names()).containsEntry("weight", "weight");
                });
    }

    @Test
    void aColumnThatCameBackIsHeldAgainstWhatTheTargetHas() {
        TableSchema without = followed(DriftPolicy.EVOLVE, table(ID, NAME)).held();
        TableSchema other = table(ID, NAME, new Column("weight", ColumnType.of(Kind.TEXT), true));

        assertThat(new Evolution(DriftPolicy.EVOLVE, without, table(ID, NAME)).decide(other))
                .isInstanceOf(Parked.class);
    }

    @ParameterizedTest
    @EnumSource(DriftPolicy.class)
    void anotherKeyParksUnderEveryPolicy(DriftPolicy policy) {
        TableSchema rekeyed = new TableSchema(TABLE, BASE.columns(), List.of("id", "name"));

        assertThat(parked(policy, rekeyed)).contains("the key was (id) and is (id, name)");
    }

    @Test
    void aKeyGrowsOnlyWhereItsBytesStay() {
        Column wide = new Column("id", ColumnType.of(Kind.INT64), false);
        Column text = new Column("id", ColumnType.of(Kind.TEXT), false);

        assertThat(followed(DriftPolicy.EVOLVE, table(wide, NAME, WEIGHT))
                        .held()
                        .column("id"))
                .contains(wide);
        assertThat(parked(DriftPolicy.LENIENT, table(text, NAME, WEIGHT))).contains("\"id\"");
    }

    @Test
    void anAliasThatPostgresWouldCutParks() {
        String name = "w".repeat(60);
        TableSchema held = table(ID, new Column(name, ColumnType.of(Kind.INT32), true));
        TableSchema shown = table(ID, new Column(name, ColumnType.of(Kind.TEXT), true));

        assertThat(new Evolution(DriftPolicy.LENIENT, held, held).decide(shown)).isInstanceOf(Parked.class);
    }

    @ParameterizedTest
    @CsvSource({
        "INT16,-1,0, INT32,-1,0, WIDER",
        "INT64,-1,0, INT32,-1,0, NARROWER",
        "INT32,-1,0, DECIMAL,20,0, OTHER",
        "UINT64,-1,0, DECIMAL,20,0, WIDER",
        "UINT64,-1,0, DECIMAL,20,2, OTHER",
        "DECIMAL,10,2, DECIMAL,12,2, WIDER",
        "DECIMAL,12,2, DECIMAL,10,2, NARROWER",
        "DECIMAL,10,2, DECIMAL,12,4, OTHER",
        "DECIMAL,10,2, DECIMAL,-1,0, WIDER",
        "DECIMAL,-1,0, DECIMAL,10,2, OTHER",
        "FLOAT32,-1,0, FLOAT64,-1,0, WIDER",
        "FLOAT64,-1,0, FLOAT32,-1,0, OTHER",
        "TEXT,20,0, TEXT,40,0, WIDER",
        "TEXT,20,0, TEXT,-1,0, WIDER",
        "TEXT,-1,0, TEXT,20,0, NARROWER",
        "CHAR,4,0, TEXT,4,0, WIDER",
        "TEXT,4,0, CHAR,4,0, OTHER",
        "TIMESTAMP,-1,0, TIMESTAMP,6,0, SAME",
        "TIMESTAMP,0,0, TIMESTAMP,3,0, WIDER",
        "TIMESTAMP,3,0, TIMESTAMP,0,0, OTHER",
        "BITS,4,0, BITS,8,0, OTHER",
        "BITS,4,0, VARBITS,8,0, WIDER",
        "DATE,-1,0, TIMESTAMP,-1,0, OTHER",
        "JSON,-1,0, JSONB,-1,0, OTHER",
    })
    void typesFitWhereEveryValueKeepsItsForm(
            Kind before, int length, int scale, Kind now, int newLength, int newScale, TypeFit fit) {
        ColumnType from = new ColumnType(before, length, scale, "before");
        ColumnType to = new ColumnType(now, newLength, newScale, "now");

        assertThat(TypeFit.of(from, to)).isEqualTo(fit);
    }

    @Test
    void nativeTypesAreTheirNames() {
        assertThat(TypeFit.of(ColumnType.postgres("inet"), ColumnType.postgres("inet")))
                .isEqualTo(TypeFit.SAME);
        assertThat(TypeFit.of(ColumnType.postgres("inet"), ColumnType.postgres("cidr")))
                .isEqualTo(TypeFit.OTHER);
    }

    /** Whatever comes: the schema only grows, and what was followed once is followed again without a change. */
    @Test
    void theHeldSchemaIsAnUpperBoundOfAllThatWasFollowed() {
        Random random = new Random(20_261_121);
        List<ColumnType> types = List.of(
                ColumnType.of(Kind.INT16),
                ColumnType.of(Kind.INT32),
                ColumnType.of(Kind.INT64),
                ColumnType.text(10),
                ColumnType.of(Kind.TEXT),
                ColumnType.decimal(10, 2),
                ColumnType.decimal(12, 2),
                ColumnType.decimal(12, 4),
                ColumnType.of(Kind.BOOLEAN));
        for (int history = 0; history < 300; history++) {
            DriftPolicy policy = random.nextBoolean() ? DriftPolicy.EVOLVE : DriftPolicy.LENIENT;
            TableSchema held = BASE;
            TableSchema known = BASE;
            for (int step = 0; step < 12; step++) {
                TableSchema shown = random(random, types);
                if (new Evolution(policy, held, known).decide(shown) instanceof Followed followed) {
                    assertGrown(held, followed.held());
                    held = followed.held();
                    known = shown;
                    Decision again = new Evolution(policy, held, known).decide(shown);
                    assertThat(again).isEqualTo(new Followed(held, followed.names(), List.of()));
                }
            }
        }
    }

    private static TableSchema random(Random random, List<ColumnType> types) {
        List<Column> columns = IntStream.range(0, 5)
                .filter(i -> random.nextInt(4) > 0)
                .mapToObj(i -> new Column("c" + i, types.get(random.nextInt(types.size())), random.nextBoolean()))
                .toList();
        Column[] all = new Column[columns.size() + 1];
        all[0] = ID;
        for (int i = 0; i < columns.size(); i++) {
            all[i + 1] = columns.get(i);
        }
        return table(all);
    }

    private static void assertGrown(TableSchema before, TableSchema after) {
        for (Column column : before.columns()) {
            Column now = after.column(column.name()).orElseThrow();
            assertThat(TypeFit.of(column.type(), now.type())).isIn(TypeFit.SAME, TypeFit.WIDER);
            assertThat(now.nullable() || !column.nullable()).isTrue();
        }
    }
}
