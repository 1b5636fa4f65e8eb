package dev.handover.sink.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.CanonicalChange;
import dev.handover.change.Provenance;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HoldBackTest {
    private static final Gathering.Limits LIMITS = new Gathering.Limits(1_000, 1 << 20);

    private final Map<Arrival, Told> told = new HashMap<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private final Set<Partition> behind = new HashSet<>();
    private HoldBack held = new HoldBack(LIMITS, 1 << 20);

    private void assign(String... partitions) {
        held.assign(Stream.of(partitions).map(Told::at).toList());
    }

    private HoldBackTest read(String partition, String words) {
        return read("pas", partition, words);
    }

    private HoldBackTest read(String source, String partition, String words) {
        for (String word : words.split(" ", -1)) {
            Told record = new Told(source, partition, word);
            long offset = offsets.merge(partition, 1L, Long::sum) - 1;
            Arrival arrival = record.arrival(offset);
            told.put(arrival, record);
            held.add(arrival);
        }
        return this;
    }

    /** Batches that may go: their records but marks, by partition. */
    private List<String> batches() {
        List<String> batches = new ArrayList<>();
        for (Optional<Batch> next = held.next(); next.isPresent(); next = held.next()) {
            String text = text(next.get());
            if (!text.isEmpty()) {
                batches.add(text);
            }
        }
        return batches;
    }

    private String text(Batch batch) {
        List<String> words = new ArrayList<>();
        for (Delivery delivery : batch.deliveries()) {
            told.forEach((arrival, record) -> {
                if (arrival.delivery().orElseThrow().at().equals(delivery.at()) && !record.isMark()) {
                    words.add(record.partition() + ":" + record.word());
                }
            });
        }
        return (batch.partial() ? "part " : "") + String.join(" ", words);
    }

    /**
     * The transform has processed the rounds that were read by now; it had written all but what is still to be read.
     */
    private Set<String> passed() {
        return passed(held.rounds());
    }

    private Set<String> passed(Map<SourceId, SourcePosition> rounds) {
        held.passed(rounds, partition -> !behind.contains(partition));
        return held.still();
    }

    @Test
    void aTransactionGoesWhenEveryPartitionHasReachedItsEnd() {
        assign("a0", "a1", "b0");
        read("a0", "1.1 m1").read("b0", "1.2 m1");
        assertThat(batches()).as("a1 has not said anything").isEmpty();
        read("a1", "m1");
        assertThat(batches()).containsExactly("a0:1.1 b0:1.2");
    }

    @Test
    void theBeginningOfALaterTransactionBeforeAMarkStays() {
        assign("a0", "b0");
        read("a0", "1.1 2.1 m1").read("b0", "1.2 m1");
        assertThat(batches()).containsExactly("a0:1.1 b0:1.2");
        read("a0", "m2").read("b0", "2.2 m2");
        assertThat(batches()).containsExactly("a0:2.1 b0:2.2");
    }

    @Test
    void aPartitionThatIsBehindHoldsAllOthers() {
        assign("a0", "b0");
        read("a0", "1.1 m1 2.1 m2 3.1 m3").read("b0", "m1");
        assertThat(batches()).containsExactly("a0:1.1");
        read("b0", "2.2 m2");
        assertThat(batches()).containsExactly("a0:2.1 b0:2.2");
    }

    @Test
    void severalTransactionsGoTogetherWithinTheLimitsOfABatch() {
        held = new HoldBack(new Gathering.Limits(4, 1 << 20), 1 << 20);
        assign("a0", "b0");
        read("a0", "1.1 m1 2.1 m2 3.1 3.2 3.3 3.4 m3").read("b0", "m1 m2 m3");
        assertThat(batches()).containsExactly("a0:1.1", "a0:2.1", "a0:3.1 a0:3.2 a0:3.3 a0:3.4");
    }

    @Test
    void aTransactionThatIsSentAgainGoesOnceItIsWhole() {
        assign("a0", "b0");
        read("a0", "1.1 2.1 m1").read("b0", "m1");
        assertThat(batches()).containsExactly("a0:1.1");
        // capture died within transaction 2, and begins after transaction 1
        read("a0", "m1 2.1 2.2 m2").read("b0", "m1 2.3");
        assertThat(batches()).isEmpty();
        read("b0", "m2");
        assertThat(batches()).containsExactly("a0:2.1 a0:2.1 a0:2.2 b0:2.3");
    }

    @Test
    void whatWasAppliedBeforeAndComesAgainWaitsForNothing() {
        assign("a0", "b0");
        read("a0", "1.1 m1").read("b0", "m1");
        assertThat(batches()).containsExactly("a0:1.1");
        read("a0", "1.1");
        assertThat(batches()).containsExactly("a0:1.1");
    }

    /** As a raised mapping sends them, between those of the stream. */
    @Test
    void aChangeThatComesAgainBehindALaterOneIsNothingLeftOut() {
        assign("a0", "b0");
        read("a0", "1.1 m1 2.1 1.1").read("b0", "1.2 m1");
        assertThat(batches()).containsExactly("a0:1.1 b0:1.2");
    }

    @Test
    void rowsOfALoadWaitForNothingAndNobodyWaitsForThemButWhatWasCapturedLater() {
        assign("a0", "b0");
        read("a0", "u1 l0 l0").read("b0", "1.1 m1 2.1 m2");
        assertThat(batches()).containsExactly("a0:l0 a0:l0", "b0:1.1");
        read("a0", "l0 e0 3.1");
        assertThat(batches()).as("the stream begins behind the load").containsExactly("a0:l0");
        read("a0", "m2").read("b0", "3.2 m3");
        assertThat(batches()).containsExactly("b0:2.1");
        read("a0", "m3");
        assertThat(batches()).containsExactly("a0:3.1 b0:3.2");
    }

    @Test
    void sourcesDoNotWaitForEachOther() {
        assign("a0", "b0");
        read("pas", "a0", "m1").read("lab", "b0", "7.1 m7");
        assertThat(batches()).containsExactly("b0:7.1");
        read("pas", "a0", "2.1");
        assertThat(batches()).isEmpty();
        read("pas", "a0", "m2");
        assertThat(batches()).containsExactly("a0:2.1");
    }

    /** Two source tables that become one have no common order in a partition. */
    @Test
    void anEndThatWouldLeaveSomethingOutIsPassedOverForALaterOne() {
        assign("a0", "b0");
        read("a0", "2.1");
        Told other = new Told("pas", "a0", "1.1");
        Arrival late = late(other, offsets.merge("a0", 1L, Long::sum) - 1);
        told.put(late, other);
        held.add(late);
        read("a0", "m1").read("b0", "1.2 m1");
        assertThat(batches())
                .as("1.1 cannot go before 2.1, nor 1.2 without 1.1")
                .isEmpty();
        read("a0", "m2").read("b0", "2.2 m2");
        assertThat(batches()).containsExactly("a0:2.1 a0:1.1 b0:1.2 b0:2.2");
    }

    private static Arrival late(Told record, long offset) {
        Arrival same = record.arrival(offset);
        Delivery delivery = same.delivery().orElseThrow();
        CanonicalChange.Delete change = (CanonicalChange.Delete) delivery.event();
        Provenance of = change.provenance();
        return Arrival.of(
                same.partition(),
                offset,
                same.bytes(),
                new Delivery(
                        delivery.at(),
                        new CanonicalChange.Delete(
                                change.schema(),
                                change.key(),
                                change.position(),
                                new Provenance(new TableId("pas", "public", "other"), of.lineage(), of.log(), 1),
                                change.bucket(),
                                ""),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void aRoundThatPassedATableByIsAsGoodAsItsMark() {
        assign("a0", "b0");
        read("a0", "1.1 m1 2.1 m2").read("b0", "m1");
        assertThat(batches()).containsExactly("a0:1.1");
        behind.add(Told.at("b0"));
        passed();
        assertThat(batches()).as("there is something to be read").isEmpty();
        behind.clear();
        passed();
        assertThat(batches()).containsExactly("a0:2.1");
        read("a0", "3.1 m3");
        assertThat(batches()).as("it may go on by now").isEmpty();
        read("b0", "3.2 m3");
        assertThat(batches()).containsExactly("a0:3.1 b0:3.2");
    }

    /** A transform that catches up may bring any number of marks of one table before the first of another. */
    @Test
    void marksOfOthersAloneSayNothing() {
        assign("a0", "b0");
        read("a0", "1.1 m1").read("b0", "m1");
        assertThat(batches()).containsExactly("a0:1.1");
        Map<SourceId, SourcePosition> early = held.rounds();
        for (int i = 2; i < 30; i++) {
            read("a0", i + ".1 m" + i);
            passed(early);
            assertThat(batches()).as("round %d", i).isEmpty();
        }
    }

    @Test
    void aPartitionThatNothingWasReadOfIsPassedByAllTheSame() {
        assign("a0", "b0", "c0");
        read("a0", "1.1 m1").read("b0", "1.2");
        assertThat(batches()).isEmpty();
        passed();
        assertThat(batches()).containsExactly("a0:1.1 b0:1.2");
    }

    /** Tables of one source are no witnesses of another's. */
    @Test
    void aRoundPassesByItsOwnSourceOnly() {
        assign("a0", "b0");
        read("pas", "a0", "1.1 m1");
        passed();
        assertThat(batches()).containsExactly("a0:1.1");
        read("lab", "b0", "1.1");
        assertThat(batches()).isEmpty();
        passed();
        assertThat(batches()).as("lab had no round").isEmpty();
        read("lab", "b0", "m1");
        assertThat(batches()).containsExactly("b0:1.1");
    }

    @Test
    void aTableThatIsPassedByAgainAndAgainStandsStill() {
        assign("a0", "b0");
        read("a0", "m1");
        assertThat(passed()).as("it may have had that mark before").isEmpty();
        assertThat(passed()).as("no other round").isEmpty();
        read("a0", "m2");
        assertThat(passed()).containsExactly(Told.at("b0").topic());
        read("b0", "m3");
        assertThat(passed()).isEmpty();
    }

    @Test
    void aTableOfAnotherSourceDoesNotStandStill() {
        assign("a0", "b0");
        read("pas", "a0", "m1").read("lab", "b0", "m1");
        passed();
        read("pas", "a0", "m2");
        passed();
        read("pas", "a0", "m3");
        assertThat(passed()).isEmpty();
        assertThat(held.lacking(held.rounds())).isEmpty();
    }

    @Test
    void whoeverIsNotAsFarAsARoundLacksIt() {
        assign("a0", "b0");
        read("a0", "m1 m2").read("b0", "m1");
        assertThat(held.lacking(held.rounds())).containsExactly(Told.at("b0"));
        read("b0", "m2");
        assertThat(held.lacking(held.rounds())).isEmpty();
    }

    @Test
    void theLogsThatMarksCameFromAreKnown() {
        assign("a0", "b0");
        read("a0", "u1").read("b0", "1.1");
        assertThat(held.logs()).containsExactly(Told.log("a0").topic());
    }

    /** A mark at the end of a table's load goes to that table alone. */
    @Test
    void theEndOfALoadIsNoRound() {
        assign("a0", "b0");
        read("a0", "u1 e1");
        assertThat(held.rounds()).isEmpty();
    }

    @Test
    void aPartitionThatIsFarAheadIsPausedAndTheOneBehindNever() {
        assign("a0", "b0");
        read("a0", "m1").read("b0", "m1");
        assertThat(batches()).isEmpty();
        for (int i = 2; i < 2 + HoldBack.MARKS_AHEAD_MAX; i++) {
            assertThat(held.paused(partition -> true)).isEmpty();
            read("a0", i + ".1 m" + i);
        }
        assertThat(held.paused(partition -> true)).containsExactly(Told.at("a0"));
        read("b0", "m40");
        assertThat(batches()).isNotEmpty();
        assertThat(held.paused(partition -> true)).isEmpty();
    }

    @Test
    void whereMemoryIsShortWhoeverIsAheadIsPausedAndNothingIsTorn() {
        held = new HoldBack(LIMITS, 1_000);
        assign("a0", "b0");
        read("a0", "m1 2.1 2.2 2.3 m2").read("b0", "m1");
        batches();
        read("a0", "3.1 3.2");
        behind.add(Told.at("b0"));
        assertThat(held.paused(partition -> !behind.contains(partition))).containsExactly(Told.at("a0"));
        read("a0", "3.3 3.4 3.5 3.6 3.7 3.8");
        assertThat(held.bytes()).isGreaterThan(1_000);
        assertThat(batches()).isEmpty();
        assertThat(held.isWhole()).isTrue();
    }

    @Test
    void aTransactionThatIsLargerThanMayBeHeldGoesInPartsAndSaysSo() {
        held = new HoldBack(new Gathering.Limits(5, 1 << 20), 1_000);
        assign("a0", "b0");
        read("a0", "m1").read("b0", "m1 2.1");
        assertThat(batches()).isEmpty();
        read("a0", "2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 2.10 2.11");
        assertThat(batches()).containsExactly("part a0:2.2 a0:2.3 a0:2.4 a0:2.5 a0:2.6");
        assertThat(held.isWhole()).isFalse();
        read("a0", "m2").read("b0", "m2");
        assertThat(batches()).hasSize(1).allMatch(batch -> batch.endsWith("b0:2.1"));
        assertThat(held.isWhole()).isTrue();
    }

    @Test
    void whatIsHeldOfAPartitionThatIsGivenAwayIsForgotten() {
        assign("a0", "b0");
        read("a0", "1.1 m1").read("b0", "1.2");
        held.revoke(List.of(Told.at("b0")));
        assign("b0");
        assertThat(batches()).isEmpty();
        offsets.remove("b0");
        read("b0", "1.2 m1");
        assertThat(batches()).containsExactly("a0:1.1 b0:1.2");
    }
}
