package dev.handover.sink.batch;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalEvent;
import dev.handover.change.CanonicalMark;
import dev.handover.change.Lineage;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Origin;
import dev.handover.change.Provenance;
import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.util.List;
import java.util.Optional;

/**
 * A record of a canonical topic in one word: {@code 3.2} is change 2 of transaction 3, {@code m3} a mark at the end of
 * transaction 3 in a round of all tables, {@code e3} one at the end of the table's load, {@code u3} one at the
 * beginning of the log that was captured as {@code m3} was, before the table is loaded, {@code l0} a row of its load.
 *
 * @param partition a letter for the table and the number of the partition, such as {@code a0}
 */
record Told(String source, String partition, String word) {
    private static final int BYTES = 100;

    static SourcePosition end(String source, long transaction) {
        return SourcePosition.postgres(new SourceId(source), transaction + 1, 0);
    }

    static Partition at(String partition) {
        return new Partition("demo.canonical.ward." + partition.charAt(0), partition.charAt(1) - '0');
    }

    /** The partition of the change log that becomes it, record by record. */
    static Partition log(String partition) {
        return new Partition("demo.source." + partition.charAt(0), at(partition).number());
    }

    boolean isMark() {
        return word.startsWith("m") || word.startsWith("e") || word.startsWith("u");
    }

    boolean isChange() {
        return Character.isDigit(word.charAt(0));
    }

    long transaction() {
        int dot = word.indexOf('.');
        return Long.parseLong(word.substring(isChange() ? 0 : 1, dot < 0 ? word.length() : dot));
    }

    private SourcePosition position() {
        return isChange()
                ? SourcePosition.postgres(
                        new SourceId(source), transaction(), Long.parseLong(word.substring(word.indexOf('.') + 1)))
                : end(source, isMark() && !word.startsWith("u") ? transaction() : 0);
    }

    Arrival arrival(long offset) {
        String table = partition.substring(0, 1);
        TableSchema schema = new TableSchema(
                TableId.target("ward", table),
                List.of(new Column("id", ColumnType.of(Kind.INT64), false)),
                List.of("id"));
        Lineage lineage = new Lineage(
                isChange() || word.startsWith("m") ? Origin.STREAM : Origin.LOAD,
                "",
                History.NOON,
                History.NOON.plusSeconds(transaction()));
        Partition at = at(partition);
        Provenance provenance = new Provenance(
                new TableId(source, "public", table),
                lineage,
                new LogCoordinates(log(partition).topic(), at.number(), offset),
                1);
        RowKey key = RowKey.of(new Value.Int(1));
        CanonicalEvent event = isMark()
                ? new CanonicalMark(schema, position(), !word.startsWith("u"), provenance)
                : new CanonicalChange.Delete(
                        schema, key, position(), provenance, BucketState.empty(Bucket.of(key)), "");
        Delivery delivery = new Delivery(
                new LogCoordinates(at.topic(), at.number(), offset), event, Optional.empty(), Optional.empty());
        return Arrival.of(at, offset, BYTES, delivery);
    }
}
