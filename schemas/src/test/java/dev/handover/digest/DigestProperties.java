package dev.handover.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.Samples;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DigestProperties {
    private static final FingerprintKey KEY =
            FingerprintKey.of("sixteen bytes or more".getBytes(StandardCharsets.UTF_8));
    private static final TableId PATIENT = TableId.target("clinical", "patient");

    @Test
    void anyOrderAndAnyGroupingGiveTheSameDigest() {
        for (long seed = 0; seed < 50; seed++) {
            Samples samples = new Samples(seed);
            TableSchema schema = samples.schema(PATIENT);
            List<Fingerprint> rows = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                rows.add(KEY.of(CanonicalBytes.of(schema), samples.row(schema)));
            }
            Digest inOrder = sum(rows);
            Collections.shuffle(rows, new Random(seed));
            Digest split = sum(rows.subList(0, 13)).plus(sum(rows.subList(13, 40)));
            assertThat(split).as("seed %d", seed).isEqualTo(inOrder);
            assertThat(inOrder.minus(sum(rows.subList(0, 13)))).isEqualTo(sum(rows.subList(13, 40)));
        }
    }

    @Test
    void whatIsAddedAndTakenAwayLeavesNothing() {
        Fingerprint row = new Fingerprint(-1, Long.MIN_VALUE, 0, 7);
        assertThat(Digest.EMPTY.plus(row).minus(row)).isEqualTo(Digest.EMPTY);
    }

    @Test
    void twoEqualRowsDoNotVanish() {
        Fingerprint row = new Fingerprint(1, 2, 3, 4);
        assertThat(Digest.EMPTY.plus(row).plus(row)).isEqualTo(new Digest(2, 2, 4, 6, 8));
    }

    @Test
    void aDigestComesBackFromItsSum() {
        Digest digest = new Digest(3, 1, -2, Long.MAX_VALUE, 0);
        assertThat(Digest.of(3, digest.sum())).isEqualTo(digest);
    }

    @Test
    void rowsThatDifferAnywhereDifferInBytes() {
        Map<String, Row> seen = new HashMap<>();
        TableSchema schema = new Samples(3).schema(PATIENT);
        for (long seed = 0; seed < 2000; seed++) {
            Row row = new Samples(seed).row(schema);
            Row same = seen.putIfAbsent(
                    java.util.HexFormat.of().formatHex(CanonicalBytes.of(schema).row(row)), row);
            assertThat(same == null || same.equals(row)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void nullAnEmptyTextAndABlankAreThreeThings() {
        assertThat(List.of(of(Cell.NULL), of(new Value.Text("")), of(new Value.Text(" "))))
                .doesNotHaveDuplicates();
    }

    @Test
    void aColumnThatHoldsNothingYetIsNoDifference() {
        Column id = new Column("id", ColumnType.of(Kind.INT64), false);
        Column note = new Column("note", ColumnType.of(Kind.TEXT), true);
        TableSchema before = new TableSchema(PATIENT, List.of(id), List.of("id"));
        TableSchema after = new TableSchema(PATIENT, List.of(id, note), List.of("id"));
        Value seven = new Value.Int(7);
        assertThat(CanonicalBytes.of(after).row(new Row(after, List.of(seven, Cell.NULL))))
                .isEqualTo(CanonicalBytes.of(before).row(new Row(before, List.of(seven))));
    }

    @Test
    void theOrderOfColumnsDoesNotMatter() {
        Column id = new Column("id", ColumnType.of(Kind.INT64), false);
        Column name = new Column("name", ColumnType.text(10), true);
        TableSchema one = new TableSchema(PATIENT, List.of(id, name), List.of("id"));
        TableSchema other = new TableSchema(PATIENT, List.of(name, id), List.of("id"));
        Value seven = new Value.Int(7);
        Value ada = new Value.Text("Ada");
        assertThat(KEY.of(CanonicalBytes.of(one), new Row(one, List.of(seven, ada))))
                .isEqualTo(KEY.of(CanonicalBytes.of(other), new Row(other, List.of(ada, seven))));
    }

    @Test
    void anUnchangedCellHasNoBytes() {
        assertThatThrownBy(() -> of(Cell.UNCHANGED)).hasMessageContaining("\"note\"");
    }

    @Test
    void anotherKeyGivesAnotherFingerprint() {
        TableSchema schema = new Samples(1).schema(PATIENT);
        Row row = new Samples(1).row(schema);
        FingerprintKey other = FingerprintKey.of("another key of 16+ bytes".getBytes(StandardCharsets.UTF_8));
        assertThat(other.of(CanonicalBytes.of(schema), row)).isNotEqualTo(KEY.of(CanonicalBytes.of(schema), row));
    }

    @Test
    void bucketsAreEvenlyFilled() {
        int[] rows = new int[Bucket.PER_TABLE];
        for (int id = 0; id < 256 * Bucket.PER_TABLE; id++) {
            rows[Bucket.of(RowKey.of(new Value.Int(id))).number()]++;
        }
        for (int count : rows) {
            assertThat(count).isBetween(128, 400);
        }
    }

    private static Fingerprint of(Cell note) {
        TableSchema schema = new TableSchema(
                PATIENT,
                List.of(
                        new Column("id", ColumnType.of(Kind.INT64), false),
                        new Column("note", ColumnType.of(Kind.TEXT), true)),
                List.of("id"));
        return KEY.of(CanonicalBytes.of(schema), new Row(schema, List.of(new Value.Int(1), note)));
    }

    private static Digest sum(List<Fingerprint> rows) {
        Digest digest = Digest.EMPTY;
        for (Fingerprint row : rows) {
            digest = digest.plus(row);
        }
        return digest;
    }
}
