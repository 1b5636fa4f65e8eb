package dev.handover.reconciler.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Lineage;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.digest.FingerprintKey;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.tap.LogMessage.Identity;
import dev.handover.reconciler.tap.LogMessage.LoggedColumn;
import dev.handover.reconciler.tap.LogMessage.Old;
import dev.handover.reconciler.tap.LogMessage.Relation;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a table is compared, from where on, and what is said of what is not. One partition. */
class TapTest {
    private static final SourceId SOURCE = new SourceId("pas");
    private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TableSchema PATIENT = schema("patient");
    private static final TableSchema VISIT = schema("visit");

    private long end = 100;
    private long offset;
    private final Tap tap =
            new Tap(SOURCE, FingerprintKey.of(new byte[32]), type -> Optional.empty(), 1, PATIENCE, () -> end, 100);

    private static TableSchema schema(String name) {
        return new TableSchema(
                new TableId("pas", "public", name),
                List.of(
                        new Column("id", ColumnType.of(Kind.INT64), false),
                        new Column("note", ColumnType.of(Kind.TEXT), true)),
                List.of("id"));
    }

    TapTest() {
        for (TableSchema table : List.of(PATIENT, VISIT)) {
            tap.log(new Relation(
                    id(table),
                    "public",
                    table.table().name(),
                    Identity.KEY,
                    List.of(new LoggedColumn("id", true, 20, -1), new LoggedColumn("note", false, 25, -1))));
        }
    }

    private static int id(TableSchema table) {
        return table.table().name().length();
    }

    /** A transaction with one row, in the log. */
    private void logged(TableSchema table, long at, long row) {
        logged(at, new LogMessage.Insert(id(table), List.of(text(Long.toString(row)), text("x"))));
    }

    private void logged(long at, LogMessage row) {
        tap.log(new LogMessage.Begin(at));
        tap.log(row);
        tap.log(new LogMessage.Commit(at, NOW));
    }

    private void captured(TableSchema table, long previousEnd, long number, long row, Cell note) {
        captured(table, previousEnd, number, row, note, Origin.STREAM);
    }

    private void captured(TableSchema table, long previousEnd, long number, long row, Cell note, Origin origin) {
        tap.change(
                0,
                offset++,
                new SourceChange.Upsert(
                        RowKey.of(new Value.Int(row)),
                        SourcePosition.postgres(SOURCE, previousEnd, 1),
                        new Lineage(origin, number + ":1", NOW, NOW),
                        new Row(table, List.of(new Value.Int(row), note))));
    }

    private void marked(TableSchema table, long place) {
        tap.change(
                0, offset++, new Mark(table, SourcePosition.postgres(SOURCE, place, 0), Origin.STREAM, true, NOW, NOW));
    }

    private static Cell text(String text) {
        return new Value.Text(text);
    }

    @Test
    void aTableBeginsAfterWhereTheLogEndedWhenTheTapLearnedOfIt() {
        marked(PATIENT, 90);
        logged(PATIENT, 95, 1); // nobody captured it
        marked(PATIENT, 95);
        logged(PATIENT, 110, 2); // nor this one
        assertThat(tap.compare(NOW)).isEmpty();
        assertThat(tap.waiting()).containsExactly(PATIENT.table());

        marked(PATIENT, 110);
        assertThat(tap.compare(NOW)).singleElement().satisfies(begun -> {
            assertThat(begun.verified()).isEqualTo(110);
            assertThat(begun.transactions()).isZero();
        });
        logged(PATIENT, 120, 3);
        marked(PATIENT, 120);

        assertThat(tap.compare(NOW)).singleElement().satisfies(one -> assertThat(one.disagreements())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.kind()).isEqualTo(Disagreement.Kind.CAPTURE_MISSING);
                    assertThat(each.transaction()).isEqualTo(120);
                    assertThat(each.position().text()).isEqualTo("0/6E+0");
                }));
    }

    @Test
    void nothingIsComparedBeforeBothHavePassedIt() {
        tap.resume(PATIENT.table(), List.of("id"), List.of(0L), 100);
        captured(PATIENT, 100, 110, 1, text("x"));
        marked(PATIENT, 110);
        assertThat(tap.compare(NOW)).isEmpty();

        logged(PATIENT, 110, 1);
        logged(PATIENT, 120, 2);

        assertThat(tap.compare(NOW)).singleElement().satisfies(one -> {
            assertThat(one.verified()).isEqualTo(110);
            assertThat(one.transactions()).isEqualTo(1);
            assertThat(one.disagreed()).isZero();
        });
        assertThat(tap.pending()).isEqualTo(1);
    }

    @Test
    void rowsOfALoadAreNoTransactions() {
        tap.resume(PATIENT.table(), List.of("id"), List.of(0L), 100);
        captured(PATIENT, 100, 0, 7, text("x"), Origin.LOAD);
        logged(PATIENT, 110, 1);
        captured(PATIENT, 100, 110, 1, text("x"));
        marked(PATIENT, 110);

        assertThat(tap.compare(NOW)).singleElement().satisfies(one -> assertThat(one.disagreed())
                .isZero());
    }

    @Test
    void ofAValueThatCaptureReadAgainNumberAndKeyAreCompared() {
        tap.resume(PATIENT.table(), List.of("id"), List.of(0L), 100);
        logged(
                120,
                new LogMessage.Update(
                        id(PATIENT),
                        Optional.of(new Old(false, List.of(text("5"), Cell.NULL))),
                        List.of(text("6"), Cell.UNCHANGED)));
        tap.change(
                0,
                offset++,
                new SourceChange.Delete(
                        PATIENT,
                        RowKey.of(new Value.Int(5)),
                        SourcePosition.postgres(SOURCE, 100, 1),
                        new Lineage(Origin.STREAM, "120:1", NOW, NOW)));
        tap.change(
                0,
                offset++,
                new SourceChange.Upsert(
                        RowKey.of(new Value.Int(6)),
                        SourcePosition.postgres(SOURCE, 100, 2),
                        new Lineage(Origin.STREAM, "120:1", NOW, NOW),
                        new Row(PATIENT, List.of(new Value.Int(6), text("read again")))));
        marked(PATIENT, 120);

        assertThat(tap.compare(NOW)).singleElement().satisfies(one -> {
            assertThat(one.disagreed()).isZero();
            assertThat(one.byKey()).isEqualTo(1);
        });
    }

    @Test
    void aTableThatGetsNoMarksIsSetAsideAndSoDoesNotHoldTheLog() {
        tap.resume(PATIENT.table(), List.of("id"), List.of(0L), 100);
        tap.resume(VISIT.table(), List.of("id"), List.of(0L), 100);
        logged(PATIENT, 110, 1); // parked: capture has no such change
        logged(VISIT, 120, 1);
        captured(VISIT, 110, 120, 1, text("x"));
        marked(VISIT, 120);
        assertThat(tap.compare(NOW)).extracting(Compared::table).containsExactly(VISIT.table());
        assertThat(tap.settled()).hasValue(100);

        end = 130;
        assertThat(tap.compare(NOW.plus(PATIENCE))).isEmpty();
        assertThat(tap.settled()).as("patience is not over yet").hasValue(100);
        tap.compare(NOW.plus(PATIENCE).plusSeconds(1));
        assertThat(tap.settled()).hasValue(120);
        assertThat(tap.waiting()).containsExactly(PATIENT.table());

        logged(PATIENT, 140, 2);
        marked(PATIENT, 140);
        assertThat(tap.compare(NOW.plus(PATIENCE))).singleElement().satisfies(one -> {
            assertThat(one.skipped()).isTrue();
            assertThat(one.disagreed()).isZero();
            assertThat(one.verified()).isEqualTo(140);
        });
    }

    @Test
    void aTableThatWasParkedBeginsAnew() {
        tap.resume(PATIENT.table(), List.of("id"), List.of(0L), 100);
        logged(PATIENT, 110, 1);
        end = 115;
        tap.gap(PATIENT.table(), 0, offset++);
        marked(PATIENT, 110);
        assertThat(tap.compare(NOW)).isEmpty();
        logged(PATIENT, 120, 2);
        captured(PATIENT, 110, 120, 2, text("x"));
        marked(PATIENT, 120);

        assertThat(tap.compare(NOW)).singleElement().satisfies(one -> {
            assertThat(one.skipped()).isTrue();
            assertThat(one.disagreed()).isZero();
        });
    }

    @Test
    void aSlotOfALongNameKeepsItsEnd() {
        assertThat(TapConfig.slot("handover_pas")).isEqualTo("handover_pas_tap");
        assertThat(TapConfig.slot("h".repeat(63))).hasSize(63).endsWith("h_tap");
    }
}
