package dev.handover.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SourcePositionProperties {
    private static final SourceId PAS = new SourceId("pas");
    private static final long[] EDGES = {0, 1, 255, 256, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE};

    /** Unsigned comparison of the fields, written without the encoding. */
    private record Fields(List<Long> parts) implements Comparable<Fields> {
        @Override
        public int compareTo(Fields other) {
            for (int i = 0; i < parts.size(); i++) {
                int order = Long.compareUnsigned(parts.get(i), other.parts.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        }
    }

    private record Case(Fields fields, SourcePosition position) {}

    @Test
    void bytesSortAsPostgresPositionsSort() {
        List<Case> cases = new ArrayList<>();
        for (long lsn : EDGES) {
            for (long order : EDGES) {
                cases.add(new Case(new Fields(List.of(lsn, order)), SourcePosition.postgres(PAS, lsn, order)));
            }
        }
        cases.add(new Case(new Fields(List.of(-1L, 0L)), SourcePosition.postgres(PAS, -1L, 0)));
        assertOrder(cases);
    }

    @Test
    void bytesSortAsMariaDbPositionsSort() {
        SplittableRandom random = new SplittableRandom(42);
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int epoch = random.nextInt(3);
            int file = random.nextInt(1000);
            long position = random.nextLong(1L << 40);
            int row = random.nextInt(10);
            cases.add(new Case(
                    new Fields(List.of((long) epoch, (long) file, position, (long) row)),
                    SourcePosition.mariadb(PAS, epoch, file, position, row)));
        }
        assertOrder(cases);
    }

    private static void assertOrder(List<Case> cases) {
        for (Case a : cases) {
            for (Case b : cases) {
                int expected = Integer.signum(a.fields().compareTo(b.fields()));
                assertThat(Integer.signum(a.position().compareTo(b.position()))).isEqualTo(expected);
                assertThat(Integer.signum(Arrays.compareUnsigned(
                                a.position().bytes(), b.position().bytes())))
                        .isEqualTo(expected);
            }
        }
        assertThat(cases.stream().map(Case::position).sorted(Comparator.naturalOrder()))
                .isSortedAccordingTo(Comparator.naturalOrder());
    }

    @Test
    void aPositionComesBackFromItsBytes() {
        List<SourcePosition> all = List.of(
                SourcePosition.postgres(PAS, 7, 8),
                SourcePosition.mariadb(PAS, 1, 2, 3, 4),
                SourcePosition.oracle(PAS, 1, 2, 3),
                SourcePosition.sqlServer(PAS, new byte[10], new byte[10], 5));
        for (SourcePosition position : all) {
            assertThat(SourcePosition.decode(PAS, position.bytes())).isEqualTo(position);
        }
    }

    @Test
    void positionsOfTwoSourcesHaveNoOrder() {
        SourcePosition here = SourcePosition.postgres(PAS, 1, 1);
        SourcePosition there = SourcePosition.postgres(new SourceId("lab"), 1, 1);
        assertThatThrownBy(() -> here.compareTo(there)).hasMessageContaining("\"pas\" and \"lab\"");
    }

    @Test
    void anOrderOfZeroIsJustBeforeTheTransactionAndAfterEverythingEarlier() {
        SourcePosition stamp = SourcePosition.postgres(PAS, 100, 0);
        assertThat(SourcePosition.postgres(PAS, 100, 1).isAfter(stamp)).isTrue();
        assertThat(stamp.isAfter(SourcePosition.postgres(PAS, 99, Long.MAX_VALUE)))
                .isTrue();
    }

    @Test
    void bytesOfAnotherWidthAreRefused() {
        assertThatThrownBy(() -> SourcePosition.decode(PAS, new byte[] {'P', 1}))
                .hasMessage("not a source position: 2 bytes");
    }

    @Test
    void aTextOfPostgresOrMariaDbIsReadBack() {
        SourceId source = new SourceId("pas");
        java.util.Random random = new java.util.Random(7);
        for (int i = 0; i < 500; i++) {
            SourcePosition postgres = SourcePosition.postgres(source, random.nextLong(), random.nextInt(1 << 20));
            SourcePosition mariadb = SourcePosition.mariadb(
                    source, random.nextInt(9), random.nextInt(1 << 20), random.nextLong(1L << 40), random.nextInt(99));
            assertThat(SourcePosition.parse(source, postgres.text())).contains(postgres);
            assertThat(SourcePosition.parse(source, mariadb.text())).contains(mariadb);
        }
        assertThat(SourcePosition.parse(source, "0/0")).isEmpty();
    }
}
