package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalMark;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.change.Reason;
import dev.handover.change.SourceChange;
import dev.handover.digest.Bucket;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.OnFailure;
import dev.handover.mapping.RowRule;
import dev.handover.mapping.TableMapping;
import dev.handover.mapping.TableMapping.RawPlace;
import dev.handover.mapping.TableMapping.Rest;
import dev.handover.mapping.operation.ParseTime;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.transform.topology.Lab.Produced;
import dev.handover.wire.InMemorySchemaRegistry;
import dev.handover.wire.SourceEvents;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One source table and several target tables, several and one, and rows that a rule leaves out. */
class ManyTablesTest {
    private static final TableId ARCHIVE = TableId.parse("pas.archive.note");
    private static final TableSchema ARCHIVED = new TableSchema(ARCHIVE, Notes.SCHEMA.columns(), Notes.SCHEMA.key());
    private static final TableId ALL = TableId.target("ehr", "all_notes");

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final SourceEvents events = new SourceEvents(Notes.TOPICS, 1, registry);

    @Test
    void oneSourceTableBecomesTwoTargetTablesEachWithItsOwnBooks(@TempDir Path state) {
        TableMapping dated = new TableMapping(
                Notes.SOURCE,
                TableId.target("ehr", "note_date"),
                1,
                List.of(
                        ColumnMapping.From.copy("note_id", "id"),
                        new ColumnMapping.From(
                                "written_on",
                                "written",
                                List.of(new ParseTime("yyyyMMdd")),
                                OnFailure.DEAD_LETTER,
                                OnFailure.DEAD_LETTER)),
                Rest.DROP,
                Set.of());
        TableMapping copied = TableMapping.copy(Notes.SOURCE, Notes.TARGET, 1);
        try (Lab lab = new Lab(Notes.config(state, dated, copied), registry)) {
            List<Produced> produced = lab.send(events.encode(Notes.change(7, "u5=open/N1")));
            assertThat(produced)
                    .extracting(Produced::topic)
                    .containsExactlyInAnyOrder(
                            Notes.TOPICS.canonical(dated.target()), Notes.TOPICS.canonical(Notes.TARGET));
            assertThat(produced)
                    .extracting(one -> change(one).bucket().sequence())
                    .containsExactly(1L, 1L);

            List<Produced> half = lab.send(events.encode(Notes.change(7, "u6=open/N2!")));
            assertThat(half.stream().flatMap(one -> one.deadLetter().stream()).toList())
                    .as("one target cannot hold it, the other can")
                    .singleElement()
                    .satisfies(letter -> {
                        assertThat(letter.rejection().reason()).isEqualTo(Reason.UNPARSABLE);
                        assertThat(letter.target()).isEqualTo("ehr.note_date");
                    });
            assertThat(half.stream().flatMap(one -> one.event().stream()).toList())
                    .singleElement()
                    .satisfies(event -> assertThat(event.schema().table()).isEqualTo(Notes.TARGET));
        }
    }

    @Test
    void twoSourceTablesBecomeOneUnderKeysThatTellThemApart(@TempDir Path state) {
        try (Lab lab = new Lab(Notes.config(state, part(Notes.SOURCE, "ward"), part(ARCHIVE, "archive")), registry)) {
            CanonicalChange ward = change(
                    lab.send(events.encode(Notes.change(7, "u5=open/N1"))).get(0));
            CanonicalChange archived =
                    change(lab.send(events.encode(archived(7, "u6=shut/N1"))).get(0));
            assertThat(ward.key()).isEqualTo(RowKey.of(new Value.Text("ward"), new Value.Int(7)));
            assertThat(archived.key()).isEqualTo(RowKey.of(new Value.Text("archive"), new Value.Int(7)));
            assertThat(ward.bucket().bucket()).as("of the source's key").isEqualTo(Bucket.of(Notes.key(7)));
            assertThat(archived.bucket().sequence()).as("one bucket for both").isEqualTo(2);
            assertThat(archived.bucket().digest().rows()).isEqualTo(2);

            CanonicalChange gone =
                    change(lab.send(events.encode(archived(7, "d8"))).get(0));
            assertThat(gone.key()).isEqualTo(archived.key());
            assertThat(gone.bucket().digest().rows()).isEqualTo(1);
        }
    }

    @Test
    void aTargetTableIsAsFarAsTheSlowestOfItsSources(@TempDir Path state) {
        try (Lab lab = new Lab(Notes.config(state, part(Notes.SOURCE, "ward"), part(ARCHIVE, "archive")), registry)) {
            assertThat(lab.send(events.encode(mark(Notes.SCHEMA, 9, true), 0)))
                    .as("the other table was not heard of")
                    .isEmpty();
            assertThat(marked(lab, mark(ARCHIVED, 4, false))).isEqualTo("0/1000+4 loading");
            assertThat(marked(lab, mark(ARCHIVED, 12, true))).isEqualTo("0/1000+9 loaded");
            assertThat(marked(lab, mark(Notes.SCHEMA, 15, true))).isEqualTo("0/1000+12 loaded");
        }
    }

    @Test
    void tablesOfTwoDatabasesNeverBecomeOne(@TempDir Path state) {
        TableMapping other = part(TableId.parse("lab.public.note"), "lab");
        assertThatThrownBy(() -> Notes.config(state, part(Notes.SOURCE, "ward"), other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no common order");
    }

    @Test
    void aRowThatARuleLeavesOutIsGoneAtTheTargetUntilItFitsAgain(@TempDir Path state) {
        TableMapping open = new TableMapping(
                Notes.SOURCE,
                Notes.TARGET,
                1,
                List.of(),
                Rest.COPY,
                Set.of(),
                Optional.of(new RowRule("only-open", new StatusIs("open"))),
                List.of(),
                RawPlace.INLINE);
        try (Lab lab = new Lab(Notes.config(state, open), registry)) {
            assertThat(sent(lab, "u5=open/N1")).isEqualTo("upsert rows=1");
            assertThat(sent(lab, "u6=shut/N1")).isEqualTo("delete only-open rows=0");
            assertThat(sent(lab, "u7=shut/~")).isEqualTo("delete only-open rows=0");
            assertThat(sent(lab, "u8=open/~"))
                    .as("its note is known all the same")
                    .isEqualTo("upsert rows=1");
            assertThat(sent(lab, "u6=shut/N1")).as("late").isEqualTo("delete only-open rows=1");
            assertThat(sent(lab, "d9")).isEqualTo("delete  rows=0");
        }
    }

    private record StatusIs(String wanted) implements RowRule.Predicate, RowRule.Predicate.Bound {
        @Override
        public Bound bind(TableSchema source) {
            return this;
        }

        @Override
        public Set<String> reads() {
            return Set.of("status");
        }

        @Override
        public boolean test(Row row) {
            return row.cell("status").equals(new Value.Text(wanted));
        }
    }

    private String sent(Lab lab, String change) {
        CanonicalChange made =
                change(lab.send(events.encode(Notes.change(7, change))).get(0));
        return made.fold(upsert -> "upsert", delete -> "delete " + delete.rule()) + " rows="
                + made.bucket().digest().rows();
    }

    private String marked(Lab lab, Mark mark) {
        CanonicalMark made =
                (CanonicalMark) lab.send(events.encode(mark, 0)).get(0).event().orElseThrow();
        return made.position().text() + (made.loaded() ? " loaded" : " loading");
    }

    private static Mark mark(TableSchema schema, long number, boolean loaded) {
        return new Mark(schema, Notes.position(number), Origin.STREAM, loaded, Lab.NOW, Lab.NOW);
    }

    private static TableMapping part(TableId source, String place) {
        return new TableMapping(
                source,
                ALL,
                1,
                List.of(new ColumnMapping.Constant("place", place)),
                Rest.COPY,
                Set.of(),
                Optional.empty(),
                List.of("place", "id"),
                RawPlace.INLINE);
    }

    private static SourceChange archived(long id, String mark) {
        return Notes.change(id, mark)
                .fold(
                        upsert -> new SourceChange.Upsert(
                                upsert.key(),
                                upsert.position(),
                                upsert.lineage(),
                                new Row(ARCHIVED, upsert.after().cells())),
                        delete -> new SourceChange.Delete(ARCHIVED, delete.key(), delete.position(), delete.lineage()));
    }

    private static CanonicalChange change(Produced produced) {
        return (CanonicalChange) produced.event().orElseThrow();
    }
}
