package dev.handover.capture.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.Boundary;
import dev.handover.capture.decode.PostgresLogFormat;
import dev.handover.change.Lineage;
import dev.handover.change.Origin;
import dev.handover.change.SourceChange;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlapTest {
    private static final SourceId SOURCE = new SourceId("pas");
    private static final TableId TABLE = new TableId("pas", "public", "visit");
    private final Overlap overlap = new Overlap(TABLE, SourcePosition.postgres(SOURCE, 100, 0));

    @Test
    void beginsAtTheFirstBoundaryAfterTheEndOfTheLogAndNowhereElse() {
        assertThat(overlap.passed(boundary(99))).isFalse();
        // two loads of one table must not have one stamp
        assertThat(overlap.passed(boundary(100))).isFalse();
        assertThat(overlap.from()).isEmpty();
        assertThat(overlap.passed(boundary(120))).isTrue();
        assertThat(overlap.passed(boundary(130))).isFalse();
        assertThat(overlap.from()).contains(boundary(120));
    }

    @Test
    void knowsWhatTheStreamToldOfTheTableSinceItBegan() {
        overlap.told(gone(TABLE, 1));
        overlap.passed(boundary(120));
        overlap.told(gone(TABLE, 2));
        overlap.told(gone(new TableId("pas", "public", "ward"), 3));

        assertThat(overlap.told(key(1))).as("before, and so before the stamp").isFalse();
        assertThat(overlap.told(key(2))).isTrue();
        assertThat(overlap.told(key(3))).as("of another table").isFalse();
        assertThat(overlap.tooMany()).isFalse();
    }

    @Test
    void moreKeysThanAreRememberedAreNoticedAndTheSameOneAgainIsNot() {
        ChangedKeys two = new ChangedKeys(2);
        two.add(key(1));
        two.add(key(2));
        two.add(key(1));
        assertThat(two.full()).isFalse();
        two.add(key(3));
        assertThat(two.full()).isTrue();
        assertThat(two.contains(key(2))).isTrue();
    }

    private static Boundary boundary(long lsn) {
        return new PostgresLogFormat(SOURCE).boundary(lsn, 0, Instant.EPOCH);
    }

    private static RowKey key(long id) {
        return RowKey.of(new Value.Int(id));
    }

    private static SourceChange gone(TableId table, long id) {
        TableSchema schema =
                new TableSchema(table, List.of(new Column("id", ColumnType.of(Kind.INT32), false)), List.of("id"));
        Lineage lineage = new Lineage(Origin.STREAM, "7", Instant.EPOCH, Instant.EPOCH);
        return new SourceChange.Delete(schema, key(id), SourcePosition.postgres(SOURCE, 120, id), lineage);
    }
}
