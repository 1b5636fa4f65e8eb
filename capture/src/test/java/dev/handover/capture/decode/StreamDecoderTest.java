package dev.handover.capture.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.capture.Boundary;
import dev.handover.capture.RowReader;
import dev.handover.change.SourceChange;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Keyless;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamDecoderTest {
    private static final SourceId SOURCE = new SourceId("pas");
    private static final TableSchema PATIENT = new TableSchema(
            new TableId("pas", "public", "patient"),
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("note", ColumnType.text(ColumnType.UNLIMITED), true)),
            List.of("id"));
    private static final Schema ROW = SchemaBuilder.struct()
            .optional()
            .field("id", Schema.OPTIONAL_STRING_SCHEMA)
            .field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .field("counter", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    private static final Schema FROM = SchemaBuilder.struct()
            .field("schema", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.INT64_SCHEMA)
            .field("txId", Schema.INT64_SCHEMA)
            .build();
    private static final Schema PART = SchemaBuilder.struct()
            .optional()
            .field("id", Schema.STRING_SCHEMA)
            .field("total_order", Schema.INT64_SCHEMA)
            .build();
    private static final Schema ENVELOPE = SchemaBuilder.struct()
            .field("op", Schema.STRING_SCHEMA)
            .field("before", ROW)
            .field("after", ROW)
            .field("source", FROM)
            .field("transaction", PART)
            .build();
    private static final Schema EDGE = SchemaBuilder.struct()
            .field("status", Schema.STRING_SCHEMA)
            .field("id", Schema.STRING_SCHEMA)
            .field("event_count", Schema.OPTIONAL_INT64_SCHEMA)
            .field("ts_ms", Schema.INT64_SCHEMA)
            .build();

    private final PostgresLogFormat format = new PostgresLogFormat(SOURCE);
    private Reading reading = whole(PATIENT);
    private final StreamDecoder decoder = new StreamDecoder(
            format,
            new Told(() -> reading),
            format.boundary(100, 0, Instant.EPOCH),
            "me",
            LoadCuts.NONE,
            RowReader.NONE);
    private final List<SourceChange> changes = new ArrayList<>();
    private final List<Step.Held> held = new ArrayList<>();

    private static Reading whole(TableSchema schema) {
        return new Reading.Followed(
                schema, schema.columns().stream().collect(Collectors.toMap(Column::name, Function.identity())));
    }

    private record Told(Supplier<Reading> reading) implements StreamDecoder.Schemas {
        @Override
        public Reading of(TableId table, Schema fields, List<String> key) {
            return reading.get();
        }

        @Override
        public Reading.Parked truncated(TableId table) {
            return new Reading.Parked("truncated");
        }
    }

    private static SourceRecord edge(String status, String id, @Nullable Long count, long lsn) {
        Struct value = new Struct(EDGE)
                .put("status", status)
                .put("id", id)
                .put("event_count", count)
                .put("ts_ms", 1_000L);
        return new SourceRecord(Map.of(), Map.of("lsn_commit", lsn), "transaction", EDGE, value);
    }

    private static SourceRecord change(
            String op, String table, long order, @Nullable Struct before, @Nullable Struct after) {
        Struct from = new Struct(FROM)
                .put("schema", "public")
                .put("table", table)
                .put("ts_ms", 1_000L)
                .put("txId", 7L);
        Struct part = new Struct(PART).put("id", "7").put("total_order", order);
        Struct value = new Struct(ENVELOPE)
                .put("op", op)
                .put("before", before)
                .put("after", after)
                .put("source", from)
                .put("transaction", part);
        return new SourceRecord(Map.of(), Map.of(), table, ENVELOPE, value);
    }

    private static Struct row(String id, @Nullable String note) {
        return new Struct(ROW).put("id", id).put("note", note);
    }

    private static SourceRecord heartbeat(long order, String id, long counter) {
        return change("u", "handover_heartbeat", order, null, row(id, null).put("counter", String.valueOf(counter)));
    }

    private void accept(SourceRecord... events) {
        for (SourceRecord event : events) {
            Step step = decoder.accept(event, Instant.EPOCH);
            if (step instanceof Step.Changes made) {
                changes.addAll(made.changes());
            } else if (step instanceof Step.Held letter) {
                held.add(letter);
            }
        }
    }

    @Test
    void positionsCountTheChangesAfterTheTransactionBefore() {
        accept(
                edge("BEGIN", "7", null, 100),
                change("c", "patient", 1, null, row("1", "a")),
                heartbeat(2, "me", 1),
                change("c", "patient", 3, null, row("2", "b")),
                edge("END", "7", 3L, 200),
                edge("BEGIN", "8", null, 200),
                change("d", "patient", 1, row("1", null), null),
                edge("END", "8", 1L, 300));
        assertThat(changes)
                .extracting(SourceChange::position)
                .containsExactly(
                        SourcePosition.postgres(SOURCE, 100, 1),
                        SourcePosition.postgres(SOURCE, 100, 2),
                        SourcePosition.postgres(SOURCE, 200, 1));
        assertThat(decoder.boundary().position()).isEqualTo(SourcePosition.postgres(SOURCE, 300, 0));
        assertThat(decoder.boundary().heartbeat()).isEqualTo(1);
    }

    @Test
    void theBoundaryStaysWhileATransactionIsOpen() {
        accept(edge("BEGIN", "7", null, 100), change("c", "patient", 1, null, row("1", "a")));
        assertThat(decoder.boundary().position()).isEqualTo(SourcePosition.postgres(SOURCE, 100, 0));
    }

    @Test
    void aChangedKeyIsADeleteAndAnUpsert() {
        accept(edge("BEGIN", "7", null, 100), change("u", "patient", 1, row("1", "a"), row("2", "a")));
        assertThat(changes)
                .extracting(SourceChange::key)
                .containsExactly(RowKey.of(new Value.Int(1)), RowKey.of(new Value.Int(2)));
        assertThat(changes.get(0)).isInstanceOf(SourceChange.Delete.class);
        assertThat(changes.get(1)).isInstanceOf(SourceChange.Upsert.class);
    }

    @Test
    void aValueThatTheLogDoesNotRepeatIsUnchangedUnlessTheRowBeforeHasIt() {
        accept(
                edge("BEGIN", "7", null, 100),
                change("u", "patient", 1, null, row("1", PostgresLogFormat.UNCHANGED)),
                change("u", "patient", 2, row("1", "long"), row("1", PostgresLogFormat.UNCHANGED)));
        assertThat(changes)
                .extracting(change -> ((SourceChange.Upsert) change).after().cell("note"))
                .containsExactly(Cell.UNCHANGED, new Value.Text("long"));
    }

    @Test
    void aValueThatIsNotRepeatedUnderANewKeyIsReadAgainAndARowThatWentOnIsGone() {
        Map<RowKey, Row> now = Map.of(
                RowKey.of(new Value.Int(2)), new Row(PATIENT, List.of(new Value.Int(2), new Value.Text("newer"))));
        StreamDecoder reading = reading((key, transaction) -> {
            assertThat(transaction).isEqualTo(7);
            return Optional.ofNullable(now.get(key));
        });
        reading.accept(edge("BEGIN", "7", null, 100), Instant.EPOCH);
        List<SourceChange> moved = new ArrayList<>();
        for (SourceRecord event : List.of(
                change("u", "patient", 1, row("1", null), row("2", PostgresLogFormat.UNCHANGED)),
                change("d", "patient", 2, row("3", null), null),
                change("c", "patient", 3, null, row("4", PostgresLogFormat.UNCHANGED)))) {
            moved.addAll(((Step.Changes) reading.accept(event, Instant.EPOCH)).changes());
        }
        assertThat(moved).hasSize(4);
        assertThat(((SourceChange.Upsert) moved.get(1)).after().cell("note")).isEqualTo(new Value.Text("newer"));
        assertThat(moved.get(3)).isInstanceOf(SourceChange.Delete.class);
        assertThat(moved.get(3).key()).isEqualTo(RowKey.of(new Value.Int(4)));
        assertThat(moved)
                .extracting(SourceChange::position)
                .containsExactly(
                        SourcePosition.postgres(SOURCE, 100, 1),
                        SourcePosition.postgres(SOURCE, 100, 2),
                        SourcePosition.postgres(SOURCE, 100, 3),
                        SourcePosition.postgres(SOURCE, 100, 4));
    }

    @Test
    void aValueThatIsNotRepeatedIsReadAgainWhileItsTableIsLoadedAgain() {
        Row now = new Row(PATIENT, List.of(new Value.Int(1), new Value.Text("repaired")));
        StreamDecoder reading =
                reading((key, transaction) -> key.equals(now.key()) ? Optional.of(now) : Optional.empty());
        List<SourceChange> told = new ArrayList<>();
        reading.accept(edge("BEGIN", "7", null, 100), Instant.EPOCH);
        reading.reread(Set.of(PATIENT.table()));
        told.addAll(changes(reading, change("u", "patient", 1, null, row("1", PostgresLogFormat.UNCHANGED))));
        told.addAll(changes(reading, change("u", "patient", 2, null, row("2", PostgresLogFormat.UNCHANGED))));
        told.addAll(changes(reading, change("u", "patient", 3, null, row("1", "told"))));
        reading.reread(Set.of());
        told.addAll(changes(reading, change("u", "patient", 4, null, row("1", PostgresLogFormat.UNCHANGED))));

        assertThat(told)
                .extracting(change -> change.fold(upsert -> upsert.after().cell("note"), gone -> gone.key()
                        .values()))
                .containsExactly(
                        new Value.Text("repaired"), List.of(new Value.Int(2)), new Value.Text("told"), Cell.UNCHANGED);
    }

    /** One that reads patients at the source: by key, and by the transaction that wrote them. */
    private StreamDecoder reading(BiFunction<RowKey, Long, Optional<Row>> source) {
        return new StreamDecoder(
                format,
                new Told(() -> whole(PATIENT)),
                format.boundary(100, 0, Instant.EPOCH),
                "me",
                LoadCuts.NONE,
                new RowReader() {
                    @Override
                    public Optional<Row> read(TableSchema table, RowKey key, long transaction) {
                        return source.apply(key, transaction);
                    }

                    @Override
                    public void close() {}
                });
    }

    private static List<SourceChange> changes(StreamDecoder decoder, SourceRecord event) {
        return ((Step.Changes) decoder.accept(event, Instant.EPOCH)).changes();
    }

    @Test
    void aRowWithoutAKeyIsOneLessAndOneMoreAndAnUpdateOfNothingIsNothing() {
        TableSchema keyless = Keyless.schema(PATIENT.table(), PATIENT.columns());
        List<SourceChange> counted = new ArrayList<>();
        StreamDecoder decoding = new StreamDecoder(
                format,
                new Told(() -> whole(keyless)),
                format.boundary(100, 0, Instant.EPOCH),
                "me",
                new LoadCuts(
                        Map.of(new TableId(SOURCE.name(), "public", "seen"), (change, previous) -> previous.position()
                                .equals(SourcePosition.postgres(SOURCE, 100, 0)))),
                RowReader.NONE);
        for (SourceRecord event : List.of(
                edge("BEGIN", "7", null, 100),
                change("c", "patient", 1, null, row("1", "a")),
                change("c", "seen", 2, null, row("9", "a")),
                change("u", "patient", 3, row("1", "a"), row("1", "a")),
                change("u", "patient", 4, row("1", "long"), row("2", PostgresLogFormat.UNCHANGED)),
                change("d", "patient", 5, row("2", null), null),
                edge("END", "7", 5L, 200),
                edge("BEGIN", "8", null, 200),
                change("c", "seen", 1, null, row("9", "a")))) {
            if (decoding.accept(event, Instant.EPOCH) instanceof Step.Changes step) {
                counted.addAll(step.changes());
            }
        }
        assertThat(counted)
                .extracting(change -> change.fold(more -> "more", less -> "less"))
                .containsExactly("more", "less", "more", "less", "more");
        assertThat(counted)
                .extracting(change -> change.position().text())
                .containsExactly("0/64+1", "0/64+3", "0/64+4", "0/64+5", "0/C8+1");
        assertThat(((SourceChange.Upsert) counted.get(2)).after().cell("note")).isEqualTo(new Value.Text("long"));
        assertThat(counted).extracting(SourceChange::key).allMatch(key -> Keyless.copy(key) == 0);
        // a row is known by all that it holds
        assertThat(counted.get(2).key()).isNotEqualTo(counted.get(3).key());
    }

    @Test
    void anEndThatCountsOtherwiseIsAGap() {
        accept(edge("BEGIN", "7", null, 100), change("c", "patient", 1, null, row("1", "a")));
        assertFault(edge("END", "7", 2L, 200), "stream-gap");
    }

    @Test
    void anEventThatIsMissingIsAGap() {
        accept(edge("BEGIN", "7", null, 100), change("c", "patient", 1, null, row("1", "a")));
        assertFault(change("c", "patient", 3, null, row("2", "b")), "stream-gap");
    }

    @Test
    void aTransactionWithoutAnEndIsAGap() {
        accept(edge("BEGIN", "7", null, 100));
        assertFault(edge("BEGIN", "8", null, 100), "stream-gap");
    }

    @Test
    void aHeartbeatThatIsMissingIsAGap() {
        accept(edge("BEGIN", "7", null, 100), heartbeat(1, "me", 5), heartbeat(2, "another", 9));
        assertFault(heartbeat(3, "me", 7), "stream-gap");
    }

    @Test
    void aTruncateIsHeldAndTheTransactionGoesOn() {
        accept(
                edge("BEGIN", "7", null, 100),
                change("t", "patient", 1, null, null),
                change("c", "patient", 2, null, row("1", "a")),
                edge("END", "7", 2L, 200));

        assertThat(held).singleElement().satisfies(letter -> {
            assertThat(letter.why()).isEqualTo("truncated");
            assertThat(letter.value()).contains("\"op\":\"t\"");
        });
        assertThat(changes).hasSize(1);
    }

    @Test
    void aChangeOfAParkedTableIsHeldWithItsTextsAndItsPosition() {
        reading = new Reading.Parked("column \"note\" is gone");
        accept(
                edge("BEGIN", "7", null, 100),
                change("u", "patient", 1, null, row("1", PostgresLogFormat.UNCHANGED)),
                change("d", "patient", 2, row("2", null), null),
                edge("END", "7", 2L, 200));

        assertThat(changes).isEmpty();
        assertThat(held).extracting(letter -> letter.position().text()).containsExactly("0/64+1", "0/64+2");
        assertThat(held.get(0).value())
                .contains("\"op\":\"u\"", "\"after\":{\"id\":\"1\",", "\"unchanged\":[\"note\"]")
                .doesNotContain("\\u0000");
        assertThat(held.get(1).value()).contains("\"before\":{\"id\":\"2\",\"note\":null");
        assertThat(decoder.boundary().position().text()).isEqualTo("0/C8+0");
    }

    @Test
    void aColumnThatTheSourceNoLongerHasIsNull() {
        reading = new Reading.Followed(PATIENT, Map.of("id", PATIENT.columns().get(0)));
        accept(edge("BEGIN", "7", null, 100), change("c", "patient", 1, null, row("1", "a")));

        assertThat(changes).singleElement().isInstanceOfSatisfying(SourceChange.Upsert.class, upsert -> assertThat(
                        upsert.after().cell("note"))
                .isEqualTo(Cell.NULL));
    }

    @Test
    void whatIsNotOfTheColumnsTypeIsRefusedWithoutItsValue() {
        accept(edge("BEGIN", "7", null, 100));
        assertThatThrownBy(() -> accept(change("c", "patient", 1, null, row("Smith", "a"))))
                .isInstanceOfSatisfying(Fault.class, fault -> {
                    assertThat(fault.code()).isEqualTo("value-undecodable");
                    assertThat(fault.getMessage()).contains("\"id\"").doesNotContain("Smith");
                });
    }

    @Test
    void aBoundaryNamesThePlaceInTheEnginesWords() {
        Boundary boundary = format.boundary(300, 4, Instant.ofEpochSecond(2));
        assertThat(boundary.offset()).isEqualTo(Map.of("lsn", 300L, "lsn_commit", 300L, "ts_usec", 2_000_000L));
    }

    private void assertFault(SourceRecord event, String code) {
        assertThatThrownBy(() -> accept(event)).isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code())
                .isEqualTo(code));
    }
}
