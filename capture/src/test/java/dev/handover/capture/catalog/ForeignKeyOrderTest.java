package dev.handover.capture.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.row.ForeignKey;
import dev.handover.row.TableId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ForeignKeyOrderTest {
    @Test
    void aTableComesAfterThoseItRefersTo() {
        ForeignKeyOrder order = order("a>b", "b>c", "c", "d>a", "d>c");
        assertThat(names(order.tables())).containsExactly("c", "b", "a", "d");
        assertThat(order.cycles()).isEmpty();
    }

    @Test
    void aTableThatRefersToItselfIsNoCircle() {
        assertThat(order("a>a").cycles()).isEmpty();
    }

    @Test
    void circlesAreNamedAndStandTogetherBeforeTheirChildren() {
        ForeignKeyOrder order = order("a>b", "b>c", "c>a", "d>c", "b>e", "e", "f>g", "g>f");
        assertThat(order.cycles().stream().map(ForeignKeyOrderTest::names))
                .containsExactly(List.of("a", "b", "c"), List.of("f", "g"));
        assertThat(names(order.tables())).containsExactly("e", "a", "b", "c", "d", "f", "g");
    }

    @Test
    void aReferenceToATableThatIsNotTakenDoesNotCount() {
        assertThat(names(order("a>elsewhere").tables())).containsExactly("a");
    }

    private static ForeignKeyOrder order(String... edges) {
        Map<TableId, List<ForeignKey>> keys = new HashMap<>();
        for (String edge : edges) {
            String[] ends = edge.split(">");
            List<ForeignKey> more = ends.length == 1
                    ? List.of()
                    : List.of(new ForeignKey(edge, List.of("x"), table(ends[1]), List.of("id")));
            keys.merge(table(ends[0]), more, (old, added) -> Stream.concat(old.stream(), added.stream())
                    .toList());
        }
        return ForeignKeyOrder.of(keys);
    }

    private static TableId table(String name) {
        return new TableId("pas", "public", name);
    }

    private static List<String> names(List<TableId> tables) {
        return tables.stream().map(TableId::name).toList();
    }
}
