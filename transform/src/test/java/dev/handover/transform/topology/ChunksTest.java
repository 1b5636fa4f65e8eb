package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalChunk;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Origin;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Reason;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceChunk;
import dev.handover.digest.Bucket;
import dev.handover.digest.ChunkAccounts;
import dev.handover.fault.Fault;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.TableMapping;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks of a load that went past the log; {@link InterleavingsTest} has those of one row. */
class ChunksTest {
    private static final SourcePosition LOADED = Notes.position(0);

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final SourceEvents events = new SourceEvents(Notes.TOPICS, 1, registry);

    private static Chunk chunk(int number, int version, long... ids) {
        List<SourceChange.Upsert> rows = new ArrayList<>();
        for (long id : ids) {
            rows.add((SourceChange.Upsert) Notes.change(id, "u0=new/N" + id));
        }
        return Chunk.of(number, Notes.mapping(version), LOADED, rows);
    }

    private static long[] ids(int count) {
        long[] ids = new long[count];
        for (int i = 0; i < count; i++) {
            ids[i] = i;
        }
        return ids;
    }

    private List<Lab.Produced> send(Lab lab, Chunk chunk) {
        return lab.send(events.encode(chunk.told(0), 0));
    }

    private List<Lab.Produced> send(Lab lab, long id, String mark) {
        return lab.send(events.encode(Notes.change(id, mark)));
    }

    private static void apply(Target target, List<Lab.Produced> produced, Chunk chunk) {
        target.apply((CanonicalChunk) only(produced).event().orElseThrow(), chunk.rows());
    }

    private static void apply(Target target, List<Lab.Produced> produced) {
        target.apply((CanonicalChange) only(produced).event().orElseThrow());
    }

    private static Lab.Produced only(List<Lab.Produced> produced) {
        assertThat(produced).hasSize(1);
        return produced.get(0);
    }

    private static String mark(Target target, long id) {
        return target.row(Notes.TARGET, Notes.key(id)).map(Notes::mark).orElse("-");
    }

    @Test
    void aChunkMovesEachOfItsBucketsOnceAndSaysHowManyRowsItBrought(@TempDir Path state) {
        Chunk chunk = chunk(7, 3, ids(3_000));
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(3)), registry)) {
            Target target = new Target();
            List<Lab.Produced> produced = send(lab, chunk);
            CanonicalChunk counted = (CanonicalChunk) only(produced).event().orElseThrow();
            assertThat(only(produced).topic()).isEqualTo(Notes.TOPICS.canonical(Notes.TARGET));
            assertThat(counted.schema().key()).containsExactly("note_id");
            assertThat(counted.number()).isEqualTo(7);
            assertThat(counted.position()).isEqualTo(LOADED);
            assertThat(counted.provenance().source()).isEqualTo(Notes.SOURCE);
            assertThat(counted.provenance().lineage().origin()).isEqualTo(Origin.LOAD);
            assertThat(counted.provenance().mappingVersion()).isEqualTo(3);
            assertThat(counted.provenance().log()).isEqualTo(new LogCoordinates("demo.source.pas.public.note", 0, 0));
            assertThat(counted.buckets())
                    .allSatisfy(bucket -> assertThat(bucket.sequence()).isEqualTo(1));
            apply(target, produced, chunk);
            Chunk more = chunk(8, 3, 5_000, 5_001);
            apply(target, send(lab, more), more);
        }
    }

    @Test
    void aChunkThatIsSentAgainIsCountedNoMoreAlsoAfterARestart(@TempDir Path state) {
        Chunk chunk = chunk(0, 1, ids(50));
        Target target = new Target();
        Lab.Remembered remembered;
        try (Lab lab = new Lab(Notes.config(state.resolve("1"), Notes.mapping(1)), registry)) {
            apply(target, send(lab, chunk), chunk);
            assertThat(send(lab, chunk)).isEmpty();
            remembered = lab.remembered();
        }
        try (Lab lab = new Lab(Notes.config(state.resolve("2"), Notes.mapping(1)), registry)) {
            lab.restore(remembered);
            apply(target, send(lab, 7, "u5=open/~"));
            assertThat(mark(target, 7)).as("what it told is restored too").isEqualTo("open/N7");
            assertThat(send(lab, chunk)).isEmpty();
            apply(target, send(lab, 7, "u6=shut/N1"));
            apply(target, send(lab, 8, "d7"));
        }
    }

    @Test
    void aRaisedMappingVersionPassesTheChunksOwnPosition(@TempDir Path state) {
        Chunk chunk = chunk(0, 1, 1, 2);
        Target target = new Target();
        Lab.Remembered remembered;
        try (Lab lab = new Lab(Notes.config(state.resolve("1"), Notes.mapping(1)), registry)) {
            apply(target, send(lab, chunk), chunk);
            apply(target, send(lab, 1, "u0=other/N9"));
            assertThat(mark(target, 1)).as("the same version").isEqualTo("new/N1");
            remembered = lab.remembered();
        }
        TableMapping renamed = new TableMapping(
                Notes.SOURCE,
                Notes.TARGET,
                2,
                List.of(ColumnMapping.From.copy("note_id", "id"), ColumnMapping.From.copy("state", "status")),
                Rest.COPY,
                Set.of());
        try (Lab lab = new Lab(Notes.config(state.resolve("2"), renamed), registry)) {
            lab.restore(remembered);
            apply(target, send(lab, 2, "u0=new/N2"));
            assertThat(target.row(Notes.TARGET, Notes.key(2)).orElseThrow().cell("state"))
                    .isEqualTo(new Value.Text("new"));
        }
    }

    @Test
    void aChunkForAnotherTargetOfTheTableIsNotCountedHere(@TempDir Path state) {
        TableMapping other = new TableMapping(
                Notes.SOURCE,
                TableId.target("ehr", "note_status"),
                1,
                List.of(ColumnMapping.From.copy("note_id", "id")),
                Rest.COPY,
                Set.of());
        Chunk chunk = Chunk.of(0, other, LOADED, List.of((SourceChange.Upsert) Notes.change(1, "u0=new/N1")));
        try (Lab lab = new Lab(Notes.config(state.resolve("alone"), Notes.mapping(1)), registry)) {
            assertThat(send(lab, chunk)).isEmpty();
            assertThat(send(lab, 1, "u5=open/~")).singleElement().satisfies(one -> assertThat(
                            one.deadLetter().orElseThrow().rejection())
                    .isEqualTo(new Rejection(Reason.UNCHANGED_VALUE_UNKNOWN, "note")));
        }
        try (Lab lab = new Lab(Notes.config(state.resolve("both"), Notes.mapping(1), other), registry)) {
            assertThat(only(send(lab, chunk)).topic()).isEqualTo(Notes.TOPICS.canonical(other.target()));
            Map<TableId, Long> sequences = new HashMap<>();
            for (Lab.Produced produced : send(lab, 1, "u5=open/N2")) {
                CanonicalChange change = (CanonicalChange) produced.event().orElseThrow();
                sequences.put(change.schema().table(), change.bucket().sequence());
                assertThat(change.bucket().digest().rows()).isEqualTo(1);
            }
            assertThat(sequences).isEqualTo(Map.of(Notes.TARGET, 1L, other.target(), 2L));
        }
    }

    /** The first partition of 1024 holds bucket 0 alone. */
    @Test
    void aChunkOfAnotherPartitionStopsEverything(@TempDir Path state) {
        SourceChange.Upsert row = (SourceChange.Upsert) Notes.change(1, "u0=new/N1");
        Chunk chunk = Chunk.of(0, Notes.mapping(1), LOADED, 1024, List.of(row));
        int partition = Bucket.of(row.key()).number();
        assertThat(partition).isNotZero();
        try (Lab lab = new Lab(Notes.config(state, 1024, Notes.mapping(1)), registry)) {
            assertThatThrownBy(() -> lab.send(events.encode(chunk.told(partition), partition)))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code()).isEqualTo("partition-foreign"));
        }
    }

    @Test
    void aChunkInAnotherTablesTopicIsADeadLetter(@TempDir Path state) {
        var told = events.encode(chunk(0, 1, 1).told(0), 0);
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            assertThat(only(lab.send("demo.source.pas.public.other", told.key().orElseThrow(), told.value()))
                            .deadLetter()
                            .orElseThrow()
                            .rejection())
                    .isEqualTo(new Rejection(Reason.UNDECODABLE, "topic"));
        }
    }

    /** That there are no chunks is remembered, so as not to look for them at every change. */
    @Test
    void aChunkThatComesAfterChangesOfItsTableIsFoundAllTheSame(@TempDir Path state) {
        Chunk chunk = chunk(0, 1, 1);
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            Target target = new Target();
            apply(target, send(lab, 2, "u5=open/N2"));
            apply(target, send(lab, chunk), chunk);
            apply(target, send(lab, 1, "u6=open/~"));
            assertThat(mark(target, 1)).isEqualTo("open/N1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 127, 128, 300})
    void rowsOfTwoChunksThatShareABucketAndASlotAreBothFound(int second, @TempDir Path state) {
        long twin = twin();
        Chunk one = chunk(0, 1, 0);
        Chunk other = chunk(second, 1, twin);
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            Target target = new Target();
            apply(target, send(lab, one), one);
            apply(target, send(lab, other), other);
            apply(target, send(lab, twin, "u5=open/~"));
            apply(target, send(lab, 0, "u6=open/~"));
            assertThat(mark(target, 0)).isEqualTo("open/N0");
            assertThat(mark(target, twin)).isEqualTo("open/N" + twin);
        }
    }

    /** What was put into pages is put into pages again when a chunk comes, and a restart finds it. */
    @Test
    void aChunkThatComesAfterRowsOfItsSlotWereLookedForIsFoundToo(@TempDir Path state) {
        long second = twin(1);
        long third = twin(second + 1);
        long fourth = twin(third + 1);
        Target target = new Target();
        Lab.Remembered remembered;
        try (Lab lab = new Lab(Notes.config(state.resolve("1"), Notes.mapping(1)), registry)) {
            Chunk one = chunk(0, 1, 0);
            apply(target, send(lab, one), one);
            apply(target, send(lab, 0, "u5=open/~"));
            Chunk two = chunk(1, 1, second);
            apply(target, send(lab, two), two);
            apply(target, send(lab, fourth, "u5=seen/N1"));
            remembered = lab.remembered();
        }
        try (Lab lab = new Lab(Notes.config(state.resolve("2"), Notes.mapping(1)), registry)) {
            lab.restore(remembered);
            apply(target, send(lab, second, "u6=open/~"));
            Chunk three = chunk(2, 1, third);
            apply(target, send(lab, three), three);
            apply(target, send(lab, third, "u7=open/~"));
            for (long id : List.of(0L, second, third)) {
                assertThat(mark(target, id)).isEqualTo("open/N" + id);
            }
        }
    }

    private static long twin() {
        return twin(1);
    }

    /** A key, from one on, whose rows are in the group of those of key 0. */
    private static long twin(long from) {
        byte[] hash = ChunkAccounts.hash(Notes.key(0));
        for (long id = from; ; id++) {
            if (Bucket.of(Notes.key(id)).equals(Bucket.of(Notes.key(0)))
                    && ChunkAccounts.slot(ChunkAccounts.hash(Notes.key(id))) == ChunkAccounts.slot(hash)) {
                return id;
            }
        }
    }

    @Test
    void aKeyOfAChunkThatAnotherSourceTableWritesStopsEverything(@TempDir Path state) {
        TableId archive = TableId.parse("pas.archive.note");
        TableSchema schema = new TableSchema(archive, Notes.SCHEMA.columns(), Notes.SCHEMA.key());
        TableMapping copy = TableMapping.copy(Notes.SOURCE, Notes.TARGET, 1);
        Chunk chunk = Chunk.of(0, copy, LOADED, List.of((SourceChange.Upsert) Notes.change(1, "u0=new/N1")));
        SourceChange.Upsert change = (SourceChange.Upsert) Notes.change(1, "u5=open/N2");
        SourceChange foreign = new SourceChange.Upsert(
                change.key(),
                change.position(),
                change.lineage(),
                new Row(schema, change.after().cells()));
        try (Lab lab = new Lab(Notes.config(state, copy, TableMapping.copy(archive, Notes.TARGET, 1)), registry)) {
            only(send(lab, chunk));
            assertThatThrownBy(() -> lab.send(events.encode(foreign)))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code()).isEqualTo("key-of-two-sources"));
        }
    }

    @Test
    void aDamagedChunkIsADeadLetterAndALoss(@TempDir Path state) {
        SourceChunk told = chunk(0, 1, 1).told(0);
        var whole = events.encode(told, 0);
        byte[] cut = java.util.Arrays.copyOf(whole.value(), whole.value().length - 1);
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            Target target = new Target();
            apply(target, send(lab, 2, "u3=a/N1"));
            assertThat(only(lab.send(whole.topic(), whole.key().orElseThrow(), cut))
                            .deadLetter()
                            .map(letter -> letter.rejection().reason()))
                    .isEqualTo(Optional.of(Reason.UNDECODABLE));
            assertThat(only(send(lab, 2, "u4=b/~")).deadLetter()).isPresent();
        }
    }
}
