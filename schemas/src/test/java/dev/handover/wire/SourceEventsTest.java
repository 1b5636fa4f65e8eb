package dev.handover.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.Lineage;
import dev.handover.change.Mark;
import dev.handover.change.Origin;
import dev.handover.change.Outcome;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceEventsTest {
    private static final TableSchema ORDERS = new TableSchema(
            TableId.parse("pas.public.Order Item"),
            List.of(
                    new Column("id", ColumnType.of(Kind.INT64), false),
                    new Column("drug code", ColumnType.text(20), true),
                    new Column("2nd", ColumnType.decimal(10, 2), true),
                    new Column("scan", ColumnType.of(Kind.BYTES), true),
                    new Column("note", ColumnType.of(Kind.TEXT), true)),
            List.of("id"));
    private static final SourcePosition POSITION = SourcePosition.postgres(new SourceId("pas"), 0x16B3748, 3);
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");
    private static final Lineage LINEAGE = new Lineage(Origin.STREAM, "771", NOON, NOON.plusMillis(20));

    private final SourceEvents events = new SourceEvents(new Topics("demo"), 4, new InMemorySchemaRegistry());

    @Test
    void anUpsertWithEveryStateOfACellComesBackEqual() {
        Row row = new Row(
                ORDERS,
                List.of(
                        new Value.Int(7),
                        Cell.NULL,
                        Value.Decimal.parse("2.00"),
                        new Value.Bytes(new byte[] {0, 1, -1}),
                        Cell.UNCHANGED));
        assertReturns(new SourceChange.Upsert(row.key(), POSITION, LINEAGE, row));
    }

    @Test
    void aDeleteComesBackEqual() {
        Row row = new Row(ORDERS, List.of(new Value.Int(7), Cell.NULL, Cell.NULL, Cell.NULL, Cell.NULL));
        assertReturns(new SourceChange.Delete(ORDERS, row.key(), POSITION, LINEAGE));
    }

    @Test
    void aMarkComesBackEqualFromThePartitionItIsFor() {
        Mark mark = new Mark(ORDERS, POSITION, Origin.LOAD, true, NOON, NOON);
        Encoded encoded = events.encode(mark, 3);
        assertThat(encoded.partition()).isEqualTo(3);
        assertThat(decode(encoded)).isEqualTo(Outcome.<SourceEvent>accepted(mark));
    }

    private void assertReturns(SourceChange change) {
        Encoded encoded = events.encode(change);
        assertThat(encoded.topic()).isEqualTo("demo.source.pas.public.Order_x0020Item");
        assertThat(decode(encoded)).isEqualTo(Outcome.<SourceEvent>accepted(change));
    }

    private Outcome<SourceEvent> decode(Encoded encoded) {
        return events.decode(encoded.key(), java.util.Optional.of(encoded.value()));
    }
}
