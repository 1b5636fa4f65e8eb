package dev.handover.sink.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.change.Finding;
import dev.handover.change.Origin;
import dev.handover.digest.Bucket;
import dev.handover.fault.Fault;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every sink keeps; run against the fake and against PostgreSQL, so that the fake can be trusted. */
public interface SinkContract {
    /** One more sink on the target of this test. */
    Sink open();

    /** The names of {@link History#patients}, by id. */
    Map<Long, String> names(History history) throws Exception;

    /** How many deleted keys of the table are remembered. */
    long tombstones(History history) throws Exception;

    /** What was found in the table's rows so far. */
    Map<Findings.Of, Findings.Sum> found(History history) throws Exception;

    /** Changes of the table that rules left out. */
    Map<Filtered, Long> filtered(History history) throws Exception;

    /** An empty table's history. */
    History history();

    private static Sink claimed(Sink sink, History history) {
        sink.claim(new TreeSet<>(history.partitions()));
        return sink;
    }

    @Test
    default void theNewestOfABatchWinsAndTheOthersAreStale() throws Exception {
        History history = history();
        try (Sink sink = claimed(open(), history)) {
            Receipt receipt = sink.apply(history.upsert(10, 1, "Ann")
                    .upsert(12, 1, "Anna")
                    .upsert(11, 1, "Ann-Marie")
                    .upsert(13, 2, "Bob\t\\N\n\"'\\")
                    .mark(13, false)
                    .batch());
            assertThat(receipt.total()).isEqualTo(new Counts(4, 0, 2, 0, 0, 2, 0));
            assertThat(names(history)).isEqualTo(Map.of(1L, "Anna", 2L, "Bob\t\\N\n\"'\\"));
        }
    }

    @Test
    default void theLoadAndTheStreamMayOverlapInAnyOrder() throws Exception {
        History history = history();
        try (Sink sink = claimed(open(), history)) {
            sink.apply(history.upsert(20, 1, "streamed").batch());
            Receipt load = sink.apply(history.origin(Origin.LOAD)
                    .upsert(5, 1, "loaded")
                    .upsert(5, 2, "loaded")
                    .batch());
            assertThat(load.total()).isEqualTo(new Counts(2, 2, 1, 0, 0, 1, 0));
            Receipt stream = sink.apply(
                    history.origin(Origin.STREAM).upsert(21, 2, "streamed").batch());
            assertThat(stream.total()).isEqualTo(new Counts(1, 0, 0, 1, 0, 0, 0));
            assertThat(names(history)).isEqualTo(Map.of(1L, "streamed", 2L, "streamed"));
        }
    }

    @Test
    default void aDeletedRowStaysDeletedUntilANewerChange() throws Exception {
        History history = history();
        try (Sink sink = claimed(open(), history)) {
            sink.apply(history.upsert(10, 1, "Ann").batch());
            assertThat(sink.apply(history.delete(12, 1).batch()).total()).isEqualTo(new Counts(1, 0, 0, 0, 1, 0, 0));
            assertThat(sink.apply(history.upsert(11, 1, "late").batch()).total())
                    .isEqualTo(new Counts(1, 0, 0, 0, 0, 1, 0));
            assertThat(sink.apply(history.delete(12, 1).batch()).total()).isEqualTo(new Counts(1, 0, 0, 0, 0, 1, 0));
            assertThat(names(history)).isEmpty();
            assertThat(tombstones(history)).isEqualTo(1);
            assertThat(sink.apply(history.upsert(13, 1, "again").batch()).total())
                    .isEqualTo(new Counts(1, 0, 1, 0, 0, 0, 0));
            assertThat(names(history)).isEqualTo(Map.of(1L, "again"));
            assertThat(tombstones(history)).isZero();
        }
    }

    @Test
    default void aDeleteOlderThanTheRowIsStale() throws Exception {
        History history = history();
        try (Sink sink = claimed(open(), history)) {
            sink.apply(history.upsert(10, 1, "Ann").batch());
            assertThat(sink.apply(history.delete(9, 1).batch()).total()).isEqualTo(new Counts(1, 0, 0, 0, 0, 1, 0));
            assertThat(names(history)).isEqualTo(Map.of(1L, "Ann"));
            assertThat(tombstones(history)).isZero();
        }
    }

    @Test
    default void aKeyMovesWithinABatch() throws Exception {
        History history = history();
        try (Sink sink = claimed(open(), history)) {
            sink.apply(history.upsert(10, 1, "Ann").upsert(10, 2, "Bob").batch());
            Receipt receipt = sink.apply(history.delete(11, 1)
                    .upsert(12, 3, "Ann")
                    .delete(13, 2)
                    .upsert(14, 1, "Bob")
                    .batch());
            assertThat(receipt.total()).isEqualTo(new Counts(4, 0, 1, 1, 1, 1, 0));
            assertThat(names(history)).isEqualTo(Map.of(1L, "Bob", 3L, "Ann"));
        }
    }

    @Test
    default void aNewerMappingRewritesTheSamePosition() throws Exception {
        History history = history();
        try (Sink sink = claimed(open(), history)) {
            sink.apply(history.upsert(10, 1, "one").batch());
            assertThat(sink.apply(history.upsert(10, 1, "same").batch()).total().stale())
                    .isEqualTo(1);
            assertThat(sink.apply(history.mapping(2).upsert(10, 1, "two").batch())
                            .total()
                            .updated())
                    .isEqualTo(1);
            assertThat(sink.apply(history.mapping(1).upsert(10, 1, "one").batch())
                            .total()
                            .stale())
                    .isEqualTo(1);
            assertThat(names(history)).isEqualTo(Map.of(1L, "two"));
        }
    }

    @Test
    default void aMissingChangeStopsTheSinkAndNothingIsWritten() throws Exception {
        History history = history();
        try (Sink sink = claimed(open(), history)) {
            sink.apply(history.upsert(10, 1, "Ann").batch());
            history.upsert(11, 1, "lost").batch();
            Batch after = history.upsert(12, 2, "Bob").upsert(13, 1, "Anna").batch();
            assertThatThrownBy(() -> sink.apply(after))
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code()).isEqualTo("bucket-gap"));
        }
        assertThat(names(history)).isEqualTo(Map.of(1L, "Ann"));
    }

    /** The rows of a chunk are not the sink's to write: they were there before it was told. */
    @Test
    default void aChunkMovesItsBucketsAndItsRowsCountAsLoadedAndInserted() throws Exception {
        History history = history();
        long[] ids = LongStream.range(1_000, 1_500).toArray();
        try (Sink sink = claimed(open(), history)) {
            Receipt chunk = sink.apply(history.chunk(5, 0, ids).mark(5, true).batch());
            assertThat(chunk.total()).isEqualTo(new Counts(500, 500, 500, 0, 0, 0, 0));
            assertThat(chunk.counts().values().stream()
                            .mapToLong(Counts::unaccounted)
                            .sum())
                    .isZero();
            assertThat(chunk.findings()).isEmpty();
            Receipt more = sink.apply(history.upsert(10, 1, "Ann")
                    .chunk(5, 1, 2_000, 2_001)
                    .chunk(5, 2, 3_000)
                    .upsert(11, 1, "Anna")
                    .upsert(12, sharing(1), "Bob")
                    .batch());
            assertThat(more.total()).isEqualTo(new Counts(6, 3, 5, 0, 0, 1, 0));
            assertThat(names(history)).isEqualTo(Map.of(1L, "Anna", sharing(1), "Bob"));
        }
    }

    /** A change between two chunks, a chunk between two changes, a chunk between two chunks. */
    @Test
    default void whateverIsMissingBesideAChunkStopsTheSink() throws Exception {
        long twin = sharing(1);
        assertGap(history -> history.upsert(10, 1, "lost"), history -> history.chunk(5, 0, twin));
        assertGap(history -> history.chunk(5, 0, twin), history -> history.upsert(10, 1, "Ann"));
        assertGap(history -> history.chunk(5, 0, twin), history -> history.chunk(5, 1, 1));
    }

    private void assertGap(UnaryOperator<History> lost, UnaryOperator<History> next) throws Exception {
        History history = history();
        try (Sink sink = claimed(open(), history)) {
            Batch known = history.upsert(8, 1, "known").batch();
            sink.apply(known);
            Batch missing = lost.apply(history).batch();
            Batch after = next.apply(history).batch();
            assertThatThrownBy(() -> sink.apply(after))
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code()).isEqualTo("bucket-gap"));
            assertThat(names(history)).isEqualTo(Map.of(1L, "known"));
            sink.apply(missing);
            sink.apply(after);
        }
    }

    @Test
    default void aChunkThatTheTopicRepeatsStopsTheSink() throws Exception {
        History history = history();
        try (Sink sink = claimed(open(), history)) {
            Batch chunk = history.chunk(5, 0, 1, 2, 3).batch();
            List<Delivery> again = new ArrayList<>(chunk.deliveries());
            again.addAll(chunk.deliveries());
            assertThatThrownBy(() -> sink.apply(new Batch(again, List.of(), chunk.nextOffsets())))
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code()).isEqualTo("bucket-gap"));
            assertThat(sink.apply(chunk).total()).isEqualTo(new Counts(3, 3, 3, 0, 0, 0, 0));
        }
    }

    /** Another key of the bucket of this one. */
    private static long sharing(long id) {
        Bucket bucket = Bucket.of(RowKey.of(new Value.Int(id)));
        long other = id + 1;
        while (!Bucket.of(RowKey.of(new Value.Int(other))).equals(bucket)) {
            other++;
        }
        return other;
    }

    @Test
    default void aSinkWhosePartitionsWereClaimedIsFencedAndTheOtherGoesOnWhereItWas() throws Exception {
        History history = history();
        try (Sink zombie = claimed(open(), history);
                Sink heir = open()) {
            Batch first = history.upsert(10, 1, "Ann").mark(10, false).batch();
            zombie.apply(first);
            assertThat(heir.claim(new TreeSet<>(history.partitions()))).isEqualTo(first.nextOffsets());
            Batch next = history.upsert(11, 1, "Anna").mark(11, false).batch();
            assertThatThrownBy(() -> zombie.apply(next))
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code()).isEqualTo("fenced"));
            assertThat(names(history)).isEqualTo(Map.of(1L, "Ann"));
            heir.apply(next);
            assertThat(names(history)).isEqualTo(Map.of(1L, "Anna"));
        }
    }

    private static Finding sentinel(String value) {
        return Finding.of("na\"me", Finding.Kind.SENTINEL, value);
    }

    private static Findings.Of of(History history, Finding finding, int version) {
        TableId table = history.schema().table();
        TableId source = new TableId("pas", "public", table.name());
        return new Findings.Of(table, source, finding.column(), finding.kind(), version);
    }

    private static Findings.Seen seen(long position) {
        return new Findings.Seen(History.at(position), History.NOON);
    }

    @Test
    default void findingsAreSummedWithTheirFirstAndLastPositionAndFewExamples() throws Exception {
        History history = history();
        Finding unread = new Finding("ward", Finding.Kind.UNREAD, "");
        try (Sink sink = claimed(open(), history)) {
            history.finding(sentinel("99\"9\\,{}")).upsert(20, 1, "a");
            history.finding(sentinel("-"), unread).upsert(30, 2, "b");
            Receipt first = sink.apply(history.batch());
            history.finding(sentinel("-")).upsert(10, 3, "loaded low").upsert(40, 1, "a");
            for (String other : List.of("x", "xx", "xxx", "xxxx")) {
                history.finding(sentinel(other)).upsert(35, 10L + other.length(), "c");
            }
            Receipt second = sink.apply(history.batch());
            history.finding().upsert(50, 1, "clean");
            Receipt third = sink.apply(history.batch());

            assertThat(first.findings())
                    .containsExactlyInAnyOrder(
                            new FindingTotal(of(history, sentinel(""), 1), 2, 2),
                            new FindingTotal(of(history, unread, 1), 1, 2));
            assertThat(second.findings()).containsExactly(new FindingTotal(of(history, sentinel(""), 1), 8, 8));
            assertThat(third.findings()).isEmpty();
            assertThat(found(history))
                    .isEqualTo(Map.of(
                            of(history, sentinel(""), 1),
                            new Findings.Sum(8, List.of("99\"9\\,{}", "-", "a", "aa", "aaa"), seen(10), seen(40)),
                            of(history, unread, 1),
                            new Findings.Sum(1, List.of(), seen(30), seen(30))));
        }
    }

    @Test
    default void findingsCountOnceHoweverOftenAndByWhomTheirChangesAreDelivered() throws Exception {
        History history = history().finding(sentinel("-"));
        try (Sink zombie = claimed(open(), history);
                Sink heir = open()) {
            Batch first = history.upsert(10, 1, "Ann").upsert(10, 2, "Bob").batch();
            zombie.apply(first);
            heir.claim(new TreeSet<>(history.partitions()));
            Batch next = history.upsert(11, 1, "Anna").upsert(12, 1, "Anne").batch();
            assertThatThrownBy(() -> zombie.apply(next)).isInstanceOf(Fault.class);
            heir.apply(next);
            assertThatThrownBy(() -> zombie.apply(next)).isInstanceOf(Fault.class);
            // the transform sends what it had sent before: stale, and so without findings
            heir.apply(history.upsert(11, 1, "Anna").upsert(10, 2, "Bob").batch());

            assertThat(found(history))
                    .isEqualTo(Map.of(
                            of(history, sentinel(""), 1), new Findings.Sum(4, List.of("-"), seen(10), seen(12))));
        }
    }

    @Test
    default void aNewMappingVersionBeginsToCountAnew() throws Exception {
        History history = history().finding(sentinel("-"));
        try (Sink sink = claimed(open(), history)) {
            sink.apply(history.upsert(10, 1, "one").upsert(10, 2, "two").batch());
            Receipt receipt =
                    sink.apply(history.mapping(2).upsert(11, 1, "again").batch());

            assertThat(receipt.findings()).containsExactly(new FindingTotal(of(history, sentinel(""), 2), 1, 1));
            assertThat(found(history)).hasSize(2);
        }
    }

    @Test
    default void rowsThatARuleLeavesOutAreCountedByRuleOnceTheyAreGone() throws Exception {
        History history = history();
        TableId table = history.schema().table();
        TableId source = new TableId("pas", "public", table.name());
        try (Sink sink = claimed(open(), history)) {
            Receipt receipt = sink.apply(history.upsert(10, 1, "test patient")
                    .filter(11, 1, "no-tests")
                    .filter(11, 2, "no-tests")
                    .filter(11, 3, "no-drafts")
                    .delete(11, 4)
                    .batch());
            Receipt stale = sink.apply(
                    history.filter(9, 1, "no-tests").filter(11, 2, "no-tests").batch());

            assertThat(receipt.total()).isEqualTo(new Counts(5, 0, 0, 0, 4, 1, 0));
            assertThat(stale.total()).isEqualTo(new Counts(2, 0, 0, 0, 0, 2, 0));
            assertThat(filtered(history))
                    .isEqualTo(Map.of(
                            new Filtered(table, source, "no-tests", 1),
                            2L,
                            new Filtered(table, source, "no-drafts", 1),
                            1L));
            assertThat(names(history)).isEmpty();
        }
    }

    /**
     * The idea of the whole: however a history is shuffled, repeated and cut, the highest position of each key stays.
     */
    @Test
    default void anyOrderRepetitionAndBatchingEndsInTheSameRows() throws Exception {
        long seed = Long.getLong("handover.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 8; round++) {
            History history = history();
            Map<Long, String> expected = new HashMap<>();
            Map<Long, Boolean> deleted = new HashMap<>();
            List<Runnable> events = new ArrayList<>();
            for (long position = 1; position <= 120; position++) {
                long at = position;
                long id = random.nextInt(15);
                boolean delete = random.nextInt(4) == 0;
                String name = "n" + position;
                deleted.put(id, delete);
                if (delete) {
                    expected.remove(id);
                } else {
                    expected.put(id, name);
                }
                for (int copies = 1 + random.nextInt(2); copies > 0; copies--) {
                    events.add(delete ? () -> history.delete(at, id) : () -> history.upsert(at, id, name));
                }
            }
            java.util.Collections.shuffle(events, random);
            Counts total = Counts.NONE;
            try (Sink sink = claimed(open(), history)) {
                int next = 0;
                while (next < events.size()) {
                    int end = Math.min(events.size(), next + 1 + random.nextInt(40));
                    events.subList(next, end).forEach(Runnable::run);
                    total = total.plus(sink.apply(history.batch()).total());
                    next = end;
                }
            }
            assertThat(names(history)).as("seed %d round %d", seed, round).isEqualTo(expected);
            assertThat(tombstones(history))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(deleted.values().stream().filter(gone -> gone).count());
            assertThat(total.changes()).isEqualTo(events.size());
            assertThat(total.unaccounted()).isZero();
        }
    }
}
