package dev.handover.capture.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.capture.Boundary;
import dev.handover.capture.ChunkReader.ChunkPlan;
import dev.handover.capture.decode.PostgresLogFormat;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final SourceId SOURCE = new SourceId("pas");
    private final Ledger empty = new Ledger(SOURCE, Map.of());

    @Test
    void readsWhatItWrote() {
        Boundary boundary = new PostgresLogFormat(SOURCE).boundary(0x7fff_ffff_ffffL, 12, Instant.ofEpochSecond(9));
        Ledger.Origin origin = new Ledger.Origin("4711", SourcePosition.postgres(SOURCE, 5, 0), "abc");
        TableId table = new TableId("pas", "public", "a.b");
        Ledger ledger = new Ledger(
                SOURCE,
                Map.of(
                        empty.boundaryKey(), Ledger.write(boundary),
                        empty.originKey(), Ledger.write(origin),
                        empty.loadedKey(table), "{}"));
        assertThat(ledger.boundary()).hasValueSatisfying(read -> {
            assertThat(PostgresLogFormat.lsn(read)).isEqualTo(0x7fff_ffff_ffffL);
            assertThat(read.position()).isEqualTo(boundary.position());
            assertThat(read.heartbeat()).isEqualTo(12);
        });
        assertThat(ledger.origin()).contains(origin);
        assertThat(ledger.loaded()).containsExactly(table);
    }

    @Test
    void readsThePlanAndTheChunksOfALoadThatItWrote() {
        TableId table = new TableId("pas", "public", "a.b");
        ChunkPlan plan = new ChunkPlan("16384", true, List.of("0", "2000", "(\"x\",)"));
        Ledger ledger = new Ledger(
                SOURCE,
                Map.of(
                        empty.planKey(table), Ledger.write(plan),
                        empty.chunkKey(table, 0), Ledger.write(new Ledger.Chunk(true, 5_000_000_000L, 3)),
                        empty.chunkKey(table, 10), Ledger.write(Ledger.Chunk.BY_ROWS)));
        assertThat(ledger.plan(table)).contains(plan);
        assertThat(ledger.chunk(table, 0)).contains(new Ledger.Chunk(true, 5_000_000_000L, 3));
        assertThat(ledger.chunk(table, 1)).isEmpty();
        assertThat(ledger.chunk(table, 10)).contains(new Ledger.Chunk(false, 0, 0));
        assertThat(ledger.plan(new TableId("pas", "public", "a"))).isEmpty();
        assertThat(ledger.loaded()).as("a table of which chunks are loaded").isEmpty();
    }

    @Test
    void aRequestIsOpenUntilThatOneIsSettled() {
        TableId table = new TableId("pas", "public", "a.b");
        Reload.Request request = new Reload.Request(Instant.ofEpochSecond(9, 1_000), "restored");
        Reload asked = Reload.requested(table, request);
        Reload running = asked.running(Instant.ofEpochSecond(10)).read(5_000_000_000L);
        Reload waiting = asked.waiting(Instant.ofEpochSecond(11), "source-lost");

        assertThat(reloads(table, request)).containsExactly(asked);
        assertThat(reloads(table, request, running)).containsExactly(running);
        assertThat(reloads(table, request, waiting)).containsExactly(waiting);
        assertThat(List.of(asked, running, waiting)).allMatch(Reload::open);

        Reload done = running.done(Instant.ofEpochSecond(12), 17);
        Reload failed = running.failed(Instant.ofEpochSecond(12), "it was truncated");
        assertThat(reloads(table, request, done)).containsExactly(done);
        assertThat(reloads(table, request, failed)).containsExactly(failed);
        assertThat(List.of(done, failed)).noneMatch(Reload::open);

        Reload.Request later = new Reload.Request(Instant.ofEpochSecond(13), "");
        assertThat(reloads(table, later, done)).containsExactly(Reload.requested(table, later));
    }

    private List<Reload> reloads(TableId table, Reload.Request request, Reload... told) {
        Map<String, String> entries = new HashMap<>(Map.of(empty.requestKey(table), Ledger.write(request)));
        for (Reload reload : told) {
            entries.put(empty.reloadKey(table), Ledger.write(reload));
        }
        return new Ledger(SOURCE, entries).reloads();
    }

    @Test
    void peopleWriteRequestsAndThePauseAndNothingElse() {
        TableId table = new TableId("pas", "public", "a.b");
        assertThat(empty.wish(empty.requestKey(table))).isTrue();
        assertThat(empty.wish(empty.pauseKey())).isTrue();
        assertThat(List.of(empty.reloadKey(table), empty.loadedKey(table), empty.boundaryKey(), empty.heldKey()))
                .noneMatch(empty::wish);
        assertThat(new Ledger(new SourceId("pa"), Map.of()).wish(empty.requestKey(table)))
                .isFalse();
        assertThat(empty.requested(empty.requestKey(table))).isEqualTo(table);
    }

    @Test
    void noTwoEntriesShareAKey() {
        TableId table = new TableId("pas", "public", "t");
        TableId named = new TableId("pas", "public", "t/1");
        assertThat(List.of(
                        empty.planKey(table),
                        empty.planKey(named),
                        empty.loadedKey(table),
                        empty.schemaKey(table),
                        empty.requestKey(table),
                        empty.reloadKey(table),
                        empty.chunkKey(table, 1),
                        empty.chunkKey(table, 11),
                        empty.chunkKey(named, 1)))
                .doesNotHaveDuplicates();
    }

    @Test
    void aLoadPastTheLogIsRememberedWithItsMappingAndOneFromBeforeThereWereSuchWithout() {
        TableId past = new TableId("pas", "public", "past");
        TableId through = new TableId("pas", "public", "through");
        TableId before = new TableId("pas", "public", "before");
        Ledger.Loaded pastTheLog = new Ledger.Loaded(7, "abc", Optional.empty(), 3);
        Ledger.Loaded throughTheLog = new Ledger.Loaded(7, "abc", Optional.of("10:20:"), 0);
        Ledger ledger = new Ledger(
                SOURCE,
                Map.of(
                        empty.loadedKey(past), Ledger.write(pastTheLog),
                        empty.loadedKey(through), Ledger.write(throughTheLog),
                        empty.loadedKey(before), "{\"rows\":12,\"columns\":\"abc\"}"));
        assertThat(ledger.loaded(past)).contains(pastTheLog);
        assertThat(ledger.loaded(through)).contains(throughTheLog);
        assertThat(ledger.loaded(before)).contains(new Ledger.Loaded(12, "abc", Optional.empty(), 0));
        assertThat(Ledger.write(throughTheLog)).as("as older captures read it").doesNotContain("mapping");
    }

    @Test
    void aForeignPlanOrChunkIsRefused() {
        TableId table = new TableId("pas", "public", "t");
        Ledger ledger = new Ledger(
                SOURCE, Map.of(empty.planKey(table), "{\"chunks\":[]}", empty.chunkKey(table, 0), "{\"done\":true}"));
        for (ThrowingCallable read :
                List.<ThrowingCallable>of(() -> ledger.plan(table), () -> ledger.chunk(table, 0))) {
            assertThatThrownBy(read).isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code())
                    .isEqualTo("state-foreign"));
        }
    }

    /** What is cut by key would hold values of the source. */
    @Test
    void aPlanDoesNotPrintItsCuts() {
        assertThat(new ChunkPlan("16384", false, List.of("0", "secret")).toString())
                .isEqualTo("2 chunks");
    }

    @Test
    void readsWhyALoadWaits() {
        Instant since = Instant.parse("2026-11-21T10:00:00.123Z");
        LoadHold held = new LoadHold("active_sessions 212 > 180", since);
        Ledger ledger =
                new Ledger(SOURCE, Map.of(empty.pauseKey(), Ledger.pause(since), empty.heldKey(), Ledger.write(held)));

        assertThat(ledger.paused()).contains(since);
        assertThat(ledger.held()).contains(held);
        assertThat(empty.paused()).isEmpty();
        assertThat(empty.held()).isEmpty();
        assertThat(empty.pauseKey()).isEqualTo("capture/pas/pause");
        assertThat(empty.heldKey()).isEqualTo("capture/pas/held");
    }

    @Test
    void tellsHowFarALoadIsAndWhichWay() {
        TableId table = new TableId("pas", "public", "visit");
        Ledger ledger = new Ledger(
                SOURCE,
                Map.of(
                        empty.planKey(table),
                        Ledger.write(new ChunkPlan("7", false, List.of("a", "b", "c", "d"))),
                        empty.chunkKey(table, 0),
                        Ledger.write(new Ledger.Chunk(true, 10, 3)),
                        empty.chunkKey(table, 1),
                        Ledger.write(new Ledger.Chunk(true, 5, 0)),
                        empty.chunkKey(table, 3),
                        Ledger.write(Ledger.Chunk.BY_ROWS)));

        assertThat(ledger.loads()).containsExactly(new TableLoad(table, 4, Set.of(0, 1), 1, 2, 15, false));
    }

    @Test
    void anotherSourcesEntriesAreNotRead() {
        Ledger ledger = new Ledger(new SourceId("lab"), Map.of(empty.intentKey(), "{}"));
        assertThat(ledger.intended()).isFalse();
    }

    @Test
    void aForeignEntryIsRefused() {
        Ledger ledger = new Ledger(SOURCE, Map.of(empty.boundaryKey(), "[1]"));
        assertThatThrownBy(ledger::boundary).isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code())
                .isEqualTo("state-foreign"));
    }

    @Test
    void tablesAreMatchedLiterally() {
        assertThat(EngineProperties.tables(List.of(new TableId("pas", "s", "a,b(1)")), "public.h"))
                .isEqualTo("s\\x{2e}a\\x{2c}b\\x{28}1\\x{29},public\\x{2e}h");
    }
}
