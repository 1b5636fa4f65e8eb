package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalEvent;
import dev.handover.change.CanonicalMark;
import dev.handover.change.DeadLetter;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Reason;
import dev.handover.change.SourceChange;
import dev.handover.change.Stage;
import dev.handover.digest.Bucket;
import dev.handover.digest.CanonicalBytes;
import dev.handover.fault.Fault;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.TableMapping;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.wire.Encoded;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransformTopologyTest {
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final SourceEvents events = new SourceEvents(Notes.TOPICS, 1, registry);

    @Test
    void isAsTheGoldenFileSays(@TempDir Path state) throws IOException {
        String described = TransformTopology.build(
                        Notes.config(state, Notes.mapping(1)), registry, Lab.FINGERPRINTS, () -> Lab.NOW)
                .describe()
                .toString();
        try (InputStream golden = TransformTopologyTest.class.getResourceAsStream("topology.txt")) {
            assertThat(golden).isNotNull();
            assertThat(described.strip()).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    @Test
    void anUpsertCarriesItsLineageItsRawValuesAndItsBucket(@TempDir Path state) {
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(3)), registry)) {
            CanonicalChange.Upsert upsert =
                    (CanonicalChange.Upsert) event(lab.send(events.encode(Notes.change(7, "u5=open/N1"))));
            assertThat(upsert.schema().table()).isEqualTo(Notes.TARGET);
            assertThat(upsert.key()).isEqualTo(Notes.key(7));
            assertThat(upsert.position()).isEqualTo(Notes.position(5));
            assertThat(upsert.provenance().source()).isEqualTo(Notes.SOURCE);
            assertThat(upsert.provenance().lineage()).isEqualTo(Notes.lineage());
            assertThat(upsert.provenance().log()).isEqualTo(new LogCoordinates("demo.source.pas.public.note", 0, 0));
            assertThat(upsert.provenance().mappingVersion()).isEqualTo(3);
            assertThat(upsert.row().cell("written_on")).isEqualTo(new Value.Text("2026-02-28"));
            assertThat(upsert.raw()).as("the date gives its text back").isEmpty();
            assertThat(upsert.fingerprint())
                    .isEqualTo(Lab.FINGERPRINTS.of(CanonicalBytes.of(upsert.schema()), upsert.row()));
            assertThat(upsert.bucket().bucket()).isEqualTo(Bucket.of(Notes.key(7)));
            assertThat(upsert.bucket().sequence()).isEqualTo(1);
            assertThat(upsert.bucket().digest().rows()).isEqualTo(1);
        }
    }

    @Test
    void aDeadLetterHoldsTheOriginalAndNamesTheColumn(@TempDir Path state) {
        Encoded bad = events.encode(Notes.change(7, "u5=open/N1!"));
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(3)), registry)) {
            assertThat(deadLetter(lab.send(bad)))
                    .isEqualTo(new DeadLetter(
                            Stage.MAP,
                            new Rejection(Reason.UNPARSABLE, "written_on"),
                            new LogCoordinates("demo.source.pas.public.note", 0, 0),
                            bad.key(),
                            Optional.of(bad.value()),
                            "pas.public.note",
                            Notes.TARGET.shortText(),
                            "0/1000+5",
                            3,
                            Lab.NOW));
        }
    }

    @Test
    void aTableWithoutAMappingIsCopiedToTheTargetSchema(@TempDir Path state) {
        try (Lab lab = new Lab(Notes.config(state), registry)) {
            Lab.Produced produced =
                    lab.send(events.encode(Notes.change(1, "u5=open/N1"))).get(0);
            assertThat(produced.topic()).isEqualTo("demo.canonical.ehr.note");
            assertThat(produced.event().orElseThrow().schema())
                    .isEqualTo(
                            new TableSchema(TableId.target("ehr", "note"), Notes.SCHEMA.columns(), Notes.SCHEMA.key()));
        }
    }

    @Test
    void aMarkTakesTheSchemaOfTheTargetAlsoWhereThereAreNoRows(@TempDir Path state) {
        Mark mark = new Mark(Notes.SCHEMA, Notes.position(9), Origin.LOAD, true, Lab.NOW, Lab.NOW);
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(2)), registry)) {
            CanonicalMark marked = (CanonicalMark) event(lab.send(events.encode(mark, 0)));
            assertThat(marked.schema().table()).isEqualTo(Notes.TARGET);
            assertThat(marked.schema().key()).containsExactly("note_id");
            assertThat(marked.position()).isEqualTo(Notes.position(9));
            assertThat(marked.loaded()).isTrue();
            assertThat(marked.provenance().lineage().origin()).isEqualTo(Origin.LOAD);
            assertThat(marked.provenance().mappingVersion()).isEqualTo(2);
        }
    }

    @Test
    void aMappingThatDoesNotFitRejectsEveryChangeAndHoldsTheMarksBack(@TempDir Path state) {
        TableMapping mapping = new TableMapping(
                Notes.SOURCE,
                Notes.TARGET,
                1,
                List.of(ColumnMapping.From.copy("title", "headline")),
                Rest.COPY,
                Set.of());
        Encoded mark =
                events.encode(new Mark(Notes.SCHEMA, Notes.position(9), Origin.STREAM, true, Lab.NOW, Lab.NOW), 0);
        try (Lab lab = new Lab(Notes.config(state, mapping), registry)) {
            assertThat(deadLetter(lab.send(events.encode(Notes.change(1, "u5=open/N1"))))
                            .rejection())
                    .isEqualTo(new Rejection(Reason.SCHEMA_MISMATCH, "title"));
            assertThat(deadLetter(lab.send(events.encode(Notes.change(1, "d6"))))
                            .rejection())
                    .isEqualTo(new Rejection(Reason.SCHEMA_MISMATCH, "title"));
            assertThat(deadLetter(lab.send(mark)).rejection())
                    .isEqualTo(new Rejection(Reason.SCHEMA_MISMATCH, "title"));
            assertThat(lab.send(mark)).as("said once").isEmpty();
        }
    }

    @Test
    void afterTheMappingIsCorrectedAPartialRowIsCompletedFromTheRejectedOne(@TempDir Path state) {
        TableMapping wrong = new TableMapping(
                Notes.SOURCE,
                Notes.TARGET,
                1,
                List.of(ColumnMapping.From.copy("title", "headline")),
                Rest.COPY,
                Set.of());
        Lab.Remembered remembered;
        try (Lab lab = new Lab(Notes.config(state.resolve("1"), wrong), registry)) {
            deadLetter(lab.send(events.encode(Notes.change(1, "u5=open/N1"))));
            remembered = lab.remembered();
        }
        try (Lab lab = new Lab(Notes.config(state.resolve("2"), Notes.mapping(2)), registry)) {
            lab.restore(remembered);
            CanonicalChange.Upsert upsert =
                    (CanonicalChange.Upsert) event(lab.send(events.encode(Notes.change(1, "u6=open/~"))));
            assertThat(Notes.mark(upsert.row())).isEqualTo("open/N1");
        }
    }

    @Test
    void aHigherMappingVersionRewritesWhatALowerOneWrote(@TempDir Path state) {
        Encoded change = events.encode(Notes.change(1, "u5=open/N1"));
        Target target = new Target();
        Lab.Remembered remembered;
        try (Lab lab = new Lab(Notes.config(state.resolve("1"), Notes.mapping(1)), registry)) {
            target.apply((CanonicalChange) event(lab.send(change)));
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
            target.apply((CanonicalChange) event(lab.send(change)));
            target.apply((CanonicalChange) event(lab.send(change)));
            assertThat(target.row(Notes.TARGET, Notes.key(1)).orElseThrow().cell("state"))
                    .isEqualTo(new Value.Text("open"));
        }
    }

    @Test
    void aKeyThatTwoSourceTablesWriteStopsEverything(@TempDir Path state) {
        TableId other = TableId.parse("pas.archive.note");
        TableSchema schema = new TableSchema(other, Notes.SCHEMA.columns(), Notes.SCHEMA.key());
        SourceChange.Upsert first = (SourceChange.Upsert) Notes.change(1, "u5=open/N1");
        SourceChange second = new SourceChange.Upsert(
                first.key(),
                Notes.position(6),
                first.lineage(),
                new Row(schema, first.after().cells()));
        TableMapping same = TableMapping.copy(other, Notes.TARGET, 1);
        try (Lab lab = new Lab(Notes.config(state, TableMapping.copy(Notes.SOURCE, Notes.TARGET, 1), same), registry)) {
            lab.send(events.encode(first));
            assertThatThrownBy(() -> lab.send(events.encode(second)))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code()).isEqualTo("key-of-two-sources"));
        }
    }

    @Test
    void aRecordOfAnotherPartitionStopsEverything(@TempDir Path state) {
        try (Lab lab = new Lab(Notes.config(state, 1024), registry)) {
            assertThatThrownBy(() -> lab.send(events.encode(Notes.change(1, "u5=open/N1"))))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code()).isEqualTo("partition-foreign"));
        }
    }

    @Test
    void aChangeThatIsTriedAgainGoesTheWayOfItsTable(@TempDir Path state) {
        Encoded change = events.encode(Notes.change(7, "u5=open/N1"));
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            CanonicalChange.Upsert again = (CanonicalChange.Upsert) event(again(lab, change));
            assertThat(again.position()).isEqualTo(Notes.position(5));
            assertThat(again.provenance().log()).isEqualTo(new LogCoordinates("demo.replay", 0, 0));
            assertThat(again.bucket().digest().rows()).isEqualTo(1);
        }
    }

    @Test
    void aChangeThatIsTriedAgainBehindALaterOneIsStale(@TempDir Path state) {
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            CanonicalChange.Upsert later =
                    (CanonicalChange.Upsert) event(lab.send(events.encode(Notes.change(7, "u9=open/N2"))));
            CanonicalChange.Upsert again =
                    (CanonicalChange.Upsert) event(again(lab, events.encode(Notes.change(7, "u5=open/N1"))));
            assertThat(again.position()).as("the target's guard refuses it").isEqualTo(Notes.position(5));
            assertThat(again.bucket().digest()).isEqualTo(later.bucket().digest());
        }
    }

    /** Who cannot read one record of a table's log knows less of its rows; the same record, tried again, is no news. */
    @Test
    void whatAChangeLeavesUnsaidIsKnownByTheLossesOfItsOwnLog(@TempDir Path state) {
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            lab.send(events.encode(Notes.change(7, "u5=open/N1")));
            lab.send("demo.source.pas.public.note", new byte[] {1}, new byte[] {2});
            assertThat(deadLetter(again(lab, events.encode(Notes.change(7, "u9=open/~"))))
                            .rejection())
                    .isEqualTo(new Rejection(Reason.UNCHANGED_VALUE_UNKNOWN, "note"));
        }
    }

    /** What was lost since may have been a later change of the same row. */
    @Test
    void aChangeThatIsTriedAgainSaysNothingOfNow(@TempDir Path state) {
        Encoded refused = events.encode(Notes.change(7, "u5=open/N1!"));
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            lab.send(refused);
            lab.send("demo.source.pas.public.note", new byte[] {1}, new byte[] {2});
            again(lab, refused);
            assertThat(deadLetter(lab.send(events.encode(Notes.change(7, "u9=open/~"))))
                            .rejection())
                    .isEqualTo(new Rejection(Reason.UNCHANGED_VALUE_UNKNOWN, "note"));
        }
    }

    @Test
    void onlyChangesAreTriedAgain(@TempDir Path state) {
        Mark mark = new Mark(Notes.SCHEMA, Notes.position(9), Origin.STREAM, true, Lab.NOW, Lab.NOW);
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            assertThat(deadLetter(again(lab, events.encode(mark, 0))).rejection())
                    .isEqualTo(new Rejection(Reason.UNDECODABLE, "topic"));
        }
    }

    private static List<Lab.Produced> again(Lab lab, Encoded encoded) {
        return lab.send("demo.replay", encoded.key().orElse(null), encoded.value());
    }

    @Test
    void aRecordOfAnotherTableIsADeadLetter(@TempDir Path state) {
        Encoded change = events.encode(Notes.change(1, "u5=open/N1"));
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            assertThat(deadLetter(lab.send(
                                    "demo.source.pas.public.other", change.key().orElseThrow(), change.value()))
                            .rejection())
                    .isEqualTo(new Rejection(Reason.UNDECODABLE, "topic"));
        }
    }

    @Test
    void aKeyThatIsNotItsRowsIsADeadLetter(@TempDir Path state) {
        Encoded change = events.encode(Notes.change(1, "u5=open/N1"));
        Encoded other = events.encode(Notes.change(2, "u5=open/N1"));
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            assertThat(deadLetter(lab.send(change.topic(), other.key().orElseThrow(), change.value()))
                            .rejection())
                    .isEqualTo(new Rejection(Reason.UNDECODABLE, "key"));
        }
    }

    @Test
    void aRecordWithoutKeyOrValueIsADeadLetter(@TempDir Path state) {
        Encoded change = events.encode(Notes.change(1, "u5=open/N1"));
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            assertThat(deadLetter(lab.send(change.topic(), null, change.value()))
                            .rejection())
                    .isEqualTo(new Rejection(Reason.UNDECODABLE, "key"));
            assertThat(deadLetter(lab.send(change.topic(), change.key().orElseThrow(), null))
                            .rejection())
                    .isEqualTo(new Rejection(Reason.UNDECODABLE, "value"));
        }
    }

    @Test
    void theDeleteOfAKeyThatTheTargetCannotHoldIsADeadLetterAsItsRowWas(@TempDir Path state) {
        TableSchema schema = new TableSchema(
                TableId.parse("pas.public.code"),
                List.of(new Column("code", ColumnType.text(20), false)),
                List.of("code"));
        Row row = new Row(schema, List.of(new Value.Text("a\0b")));
        SourceChange upsert = new SourceChange.Upsert(row.key(), Notes.position(1), Notes.lineage(), row);
        SourceChange delete = new SourceChange.Delete(schema, row.key(), Notes.position(2), Notes.lineage());
        try (Lab lab = new Lab(Notes.config(state), registry)) {
            for (SourceChange change : List.of(upsert, delete)) {
                assertThat(deadLetter(lab.send(events.encode(change))).rejection())
                        .isEqualTo(new Rejection(Reason.UNREPRESENTABLE, "code"));
            }
        }
    }

    @Test
    void anUnchangedKeyIsTakenFromTheKey(@TempDir Path state) {
        Row row = new Row(
                Notes.SCHEMA, List.of(Cell.UNCHANGED, new Value.Text("open"), Cell.NULL, new Value.Text("20260228")));
        SourceChange change = new SourceChange.Upsert(Notes.key(1), Notes.position(1), Notes.lineage(), row);
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            CanonicalChange.Upsert upsert = (CanonicalChange.Upsert) event(lab.send(events.encode(change)));
            assertThat(upsert.row().cell("note_id")).isEqualTo(new Value.Int(1));
        }
    }

    @Test
    void nothingIsKeptForSourcesThatAlwaysTellTheWholeRow(@TempDir Path state) {
        SourceChange.Upsert told = (SourceChange.Upsert) Notes.change(1, "u5=open/N1");
        SourceChange full = new SourceChange.Upsert(
                told.key(), SourcePosition.mariadb(Notes.PAS, 1, 1, 100, 1), told.lineage(), told.after());
        SourceChange.Upsert later = (SourceChange.Upsert) Notes.change(1, "u6=open/~");
        SourceChange partial = new SourceChange.Upsert(
                told.key(), SourcePosition.mariadb(Notes.PAS, 1, 1, 200, 1), told.lineage(), later.after());
        try (Lab lab = new Lab(Notes.config(state, Notes.mapping(1)), registry)) {
            event(lab.send(events.encode(full)));
            assertThat(deadLetter(lab.send(events.encode(partial))).rejection())
                    .isEqualTo(new Rejection(Reason.UNCHANGED_VALUE_UNKNOWN, "note"));
        }
    }

    private static CanonicalEvent event(List<Lab.Produced> produced) {
        assertThat(produced).hasSize(1);
        return produced.get(0).event().orElseThrow(() -> new AssertionError("a dead letter"));
    }

    private static DeadLetter deadLetter(List<Lab.Produced> produced) {
        assertThat(produced).hasSize(1);
        return produced.get(0).deadLetter().orElseThrow(() -> new AssertionError("no dead letter"));
    }
}
