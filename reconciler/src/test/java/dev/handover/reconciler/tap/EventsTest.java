package dev.handover.reconciler.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Lineage;
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
import dev.handover.row.Keyless;
import dev.handover.row.Kind;
import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One event, told by the log and told by capture, has one code; another has another. */
class EventsTest {
    private static final TableId TABLE = new TableId("pas", "public", "patient");
    private static final List<String> KEY = List.of("id");
    private static final int DOMAIN = 20_000;
    private static final RowCode CODE = new RowCode(FingerprintKey.of(new byte[32]));
    private static final LogEvents LOG = new LogEvents(
            CODE,
            new LoggedText(type -> type == DOMAIN ? Optional.of(new LoggedText.Base(1042, 10)) : Optional.empty()));
    private static final CapturedEvents CAPTURED = new CapturedEvents(CODE);
    private static final Lineage LINEAGE = new Lineage(Origin.STREAM, "7:1", Instant.EPOCH, Instant.EPOCH);
    private static final SourcePosition AT = SourcePosition.postgres(new SourceId("pas"), 5, 1);

    private static Relation relation(Identity identity, LoggedColumn... more) {
        List<LoggedColumn> columns = new ArrayList<>(List.of(new LoggedColumn("id", true, 23, -1)));
        columns.addAll(List.of(more));
        return new Relation(1, "public", "patient", identity, columns);
    }

    private static Relation texts(Identity identity) {
        boolean all = identity == Identity.FULL;
        return relation(identity, new LoggedColumn("name", all, 25, -1), new LoggedColumn("note", all, 25, -1));
    }

    private static List<Cell> cells(String... texts) {
        List<Cell> cells = new ArrayList<>();
        for (String text : texts) {
            cells.add(
                    switch (text) {
                        case "NULL" -> Cell.NULL;
                        case "UNCHANGED" -> Cell.UNCHANGED;
                        default -> new Value.Text(text);
                    });
        }
        return cells;
    }

    private static TableSchema schema(Column... more) {
        List<Column> columns = new ArrayList<>(List.of(new Column("id", ColumnType.of(Kind.INT32), false)));
        columns.addAll(List.of(more));
        return new TableSchema(TABLE, columns, KEY);
    }

    private static final TableSchema TEXTS = schema(
            new Column("name", ColumnType.of(Kind.TEXT), true), new Column("note", ColumnType.of(Kind.TEXT), true));

    private static Sums upsert(TableSchema schema, long id, Cell... more) {
        List<Cell> cells = new ArrayList<>(List.of(new Value.Int(id)));
        cells.addAll(List.of(more));
        Row row = new Row(schema, cells);
        return CAPTURED.of(new SourceChange.Upsert(RowKey.of(new Value.Int(id)), AT, LINEAGE, row));
    }

    private static Sums delete(long id) {
        return CAPTURED.of(new SourceChange.Delete(TEXTS, RowKey.of(new Value.Int(id)), AT, LINEAGE));
    }

    private static Cell text(String text) {
        return new Value.Text(text);
    }

    /** Texts as PostgreSQL prints them, read by capture as it reads them. */
    @ParameterizedTest
    @CsvSource({
        "16, -1, BOOLEAN, t",
        "20, -1, INT64, -9223372036854775808",
        "700, -1, FLOAT32, 3.4028235e+38",
        "701, -1, FLOAT64, 0.1",
        "701, -1, FLOAT64, 1e-07",
        "701, -1, FLOAT64, NaN",
        "1700, 393222, DECIMAL, 10.50",
        "1700, -1, DECIMAL, NaN",
        "25, -1, TEXT, 'trailing  '",
        "1042, 10, CHAR, 'ab    '",
        "20000, -1, CHAR, 'ab    '",
        "1042, -1, NATIVE, 'ab    '",
        "17, -1, BYTES, \\x00ff",
        "1082, -1, DATE, 0044-03-15 BC",
        "1114, -1, TIMESTAMP, 2026-11-22 05:00:00.5",
        "1184, -1, TIMESTAMPTZ, 2026-11-22 05:00:00.25+00",
        "1186, -1, INTERVAL, P1Y2M3DT4H5M6.7S",
        "2950, -1, UUID, 0d9c1f2e-0000-4000-8000-000000000001",
        "1009, -1, NATIVE, '{a,NULL}'"
    })
    void aValueIsTheSameInBothViews(int type, int modifier, Kind kind, String printed) {
        Sums log = LOG.insert(
                relation(Identity.KEY, new LoggedColumn("value", false, type, modifier)),
                TABLE,
                KEY,
                cells("7", printed));
        TableSchema schema = schema(new Column("value", ColumnType.of(kind), true));

        assertThat(upsert(schema, 7, PostgresText.parse(ColumnType.of(kind), printed)))
                .isEqualTo(log);
        assertThat(upsert(schema, 7, Cell.NULL)).isNotEqualTo(log);
    }

    @Test
    void whatCaptureCouldDoWrongHasAnotherCode() {
        Sums log = LOG.insert(texts(Identity.KEY), TABLE, KEY, cells("7", "Ann", "x"));

        assertThat(upsert(TEXTS, 7, text("Ann"), text("x"))).isEqualTo(log);
        assertThat(List.of(
                        upsert(TEXTS, 8, text("Ann"), text("x")),
                        upsert(TEXTS, 7, text("Anna"), text("x")),
                        upsert(TEXTS, 7, text("x"), text("Ann")),
                        upsert(TEXTS, 7, text("Ann"), Cell.NULL),
                        upsert(TEXTS, 7, text("Ann"), text("")),
                        upsert(TEXTS, 7, text("Ann"), Cell.UNCHANGED),
                        delete(7)))
                .doesNotContain(log);
    }

    @Test
    void aColumnThatGoesOnUnderAnotherTypeIsTheSameColumn() {
        Sums log = LOG.insert(
                relation(
                        Identity.KEY,
                        new LoggedColumn("weight", false, 25, -1),
                        new LoggedColumn("weight2", false, 25, -1)),
                TABLE,
                KEY,
                cells("7", "heavy", "x"));
        TableSchema grown = schema(
                new Column("weight", ColumnType.of(Kind.INT32), true),
                new Column("weight2", ColumnType.of(Kind.TEXT), true),
                new Column("weight__text", ColumnType.of(Kind.TEXT), true));

        assertThat(upsert(grown, 7, Cell.NULL, text("x"), text("heavy"))).isEqualTo(log);
        assertThat(upsert(grown, 7, Cell.NULL, text("heavy"), text("x"))).isNotEqualTo(log);
    }

    @Test
    void aChangedKeyIsARowThatIsGoneAndOneThatIsThere() {
        Old old = new Old(false, cells("7", "NULL", "NULL"));
        Sums log = LOG.update(texts(Identity.KEY), TABLE, KEY, Optional.of(old), cells("8", "Ann", "UNCHANGED"));

        assertThat(log).isEqualTo(delete(7).plus(upsert(TEXTS, 8, text("Ann"), Cell.UNCHANGED)));
        assertThat(log.events()).isEqualTo(2);
        assertThat(log.unchanged()).isEqualTo(1);
    }

    @Test
    void aWholeOldRowTellsWhatIsNotRepeated() {
        Old old = new Old(true, cells("7", "Ann", "long"));

        assertThat(LOG.update(texts(Identity.FULL), TABLE, KEY, Optional.of(old), cells("7", "Anna", "UNCHANGED")))
                .isEqualTo(upsert(TEXTS, 7, text("Anna"), text("long")));
    }

    @Test
    void anUpdateOfATableWithoutAKeyIsARowLessAndARowMoreAndNothingWhereItChangesNothing() {
        Relation relation = texts(Identity.FULL);
        Old old = new Old(true, cells("7", "Ann", "long"));
        TableSchema keyless = Keyless.schema(
                TABLE,
                List.of(
                        new Column("id", ColumnType.of(Kind.INT32), true),
                        new Column("name", ColumnType.of(Kind.TEXT), true),
                        new Column("note", ColumnType.of(Kind.TEXT), true)));
        RowKey copy = Keyless.key(new byte[] {1}, 0);
        Row after = new Row(
                keyless,
                List.of(
                        new Value.Int(7),
                        text("Anna"),
                        text("long"),
                        new Value.Bytes(new byte[] {1}),
                        new Value.Int(0)));

        assertThat(LOG.update(relation, TABLE, List.of(), Optional.of(old), cells("7", "Anna", "UNCHANGED")))
                .isEqualTo(CAPTURED.of(new SourceChange.Delete(keyless, copy, AT, LINEAGE))
                        .plus(CAPTURED.of(new SourceChange.Upsert(copy, AT, LINEAGE, after))));
        assertThat(LOG.update(relation, TABLE, List.of(), Optional.of(old), cells("7", "Ann", "UNCHANGED")))
                .isEqualTo(Sums.NONE);
    }
}
