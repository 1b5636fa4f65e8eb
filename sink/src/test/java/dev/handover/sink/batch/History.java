package dev.handover.sink.batch;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalChunk;
import dev.handover.change.CanonicalEvent;
import dev.handover.change.CanonicalMark;
import dev.handover.change.Finding;
import dev.handover.change.Lineage;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Origin;
import dev.handover.change.Provenance;
import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.digest.CanonicalBytes;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.digest.FingerprintKey;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The canonical topic of one table, written as a transform would: records get their partition from the bucket of their
 * key, offsets in order, and each bucket's sequence and digest.
 */
public final class History {
    /** Partitions of the topic. */
    public static final int PARTITIONS = 4;

    public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private static final SourceId SOURCE = new SourceId("pas");
    private static final FingerprintKey KEY =
            FingerprintKey.of("a key of sixteen".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    private final String topic;
    private final Map<Integer, Long> offsets = new TreeMap<>();
    private final Map<RowKey, Fingerprint> rows = new HashMap<>();
    private final Map<RowKey, SourcePosition> heights = new HashMap<>();
    private final Map<Integer, BucketState> buckets = new HashMap<>();
    private final List<Delivery> pending = new ArrayList<>();
    private TableSchema schema;
    private int mapping = 1;
    private Origin origin = Origin.STREAM;
    private List<Finding> findings = List.of();
    private Map<String, String> raw = Map.of();

    public History(TableSchema schema) {
        this.schema = schema;
        this.topic = "demo.canonical." + schema.table().shortText();
    }

    /** A table of patients with a text that may be null. */
    public static TableSchema patients(String schema) {
        return new TableSchema(
                TableId.target(schema, "Patient Äß"),
                List.of(
                        new Column("id", ColumnType.of(Kind.INT64), false),
                        new Column("na\"me", ColumnType.text(20), true),
                        new Column("weight", ColumnType.decimal(6, 2), true)),
                List.of("id"));
    }

    public static SourcePosition at(long position) {
        return SourcePosition.postgres(SOURCE, position, 1);
    }

    public TableSchema schema() {
        return schema;
    }

    /** From here on, changes carry this schema. */
    public History under(TableSchema newer) {
        schema = newer;
        return this;
    }

    /** From here on, changes were made by this version of the mapping. */
    public History mapping(int version) {
        mapping = version;
        return this;
    }

    /** From here on, this is found in every row; stale ones excepted, as a transform does it. */
    public History finding(Finding... found) {
        findings = List.of(found);
        return this;
    }

    /** From here on, upserts keep these raw values. */
    public History raw(Map<String, String> values) {
        raw = Map.copyOf(values);
        return this;
    }

    public History origin(Origin from) {
        origin = from;
        return this;
    }

    /** The row with key {@code id} is this. */
    public History upsert(long position, long id, String name) {
        return upsert(
                position,
                new Row(schema, List.of(new Value.Int(id), new Value.Text(name), Value.Decimal.parse("70.50"))));
    }

    public History upsert(long position, Row row) {
        RowKey key = row.key();
        Fingerprint print = KEY.of(CanonicalBytes.of(row.schema()), row);
        boolean stale = isStale(key, at(position));
        BucketState state = next(key, at(position), Optional.of(print));
        Provenance provenance = provenance(key);
        add(new CanonicalChange.Upsert(
                key, at(position), provenance, state, row, print, raw, stale ? List.of() : findings));
        return this;
    }

    public History delete(long position, long id) {
        return filter(position, id, "");
    }

    /** A rule leaves the row with key {@code id} out; an empty one stands for a deletion at the source. */
    public History filter(long position, long id, String rule) {
        RowKey key = RowKey.of(new Value.Int(id));
        BucketState state = next(key, at(position), Optional.empty());
        add(new CanonicalChange.Delete(schema, key, at(position), provenance(key), state, rule));
        return this;
    }

    /**
     * A chunk of a load, in every partition that has one of these rows. The rows themselves are not in the topic: they
     * are at the target, if somebody puts them there.
     */
    public History chunk(long position, int number, long... ids) {
        Map<Integer, Map<Bucket, Digest>> more = new TreeMap<>();
        for (long id : ids) {
            Row row = new Row(schema, List.of(new Value.Int(id), new Value.Text("loaded"), Cell.NULL));
            Fingerprint print = KEY.of(CanonicalBytes.of(schema), row);
            rows.put(row.key(), print);
            heights.put(row.key(), at(position));
            Bucket bucket = Bucket.of(row.key());
            more.computeIfAbsent(bucket.partition(PARTITIONS), partition -> new HashMap<>())
                    .merge(bucket, Digest.EMPTY.plus(print), Digest::plus);
        }
        more.forEach((partition, digests) -> {
            List<BucketState> after = new ArrayList<>();
            long brought = 0;
            for (Map.Entry<Bucket, Digest> each : digests.entrySet()) {
                BucketState before = buckets.getOrDefault(each.getKey().number(), BucketState.empty(each.getKey()));
                BucketState state = before.next(before.digest().plus(each.getValue()));
                buckets.put(each.getKey().number(), state);
                after.add(state);
                brought += each.getValue().rows();
            }
            add(new CanonicalChunk(schema, at(position), number, brought, after, provenance(partition)));
        });
        return this;
    }

    /** A mark in every partition. */
    public History mark(long position, boolean loaded) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            add(new CanonicalMark(schema, at(position), loaded, provenance(partition)));
        }
        return this;
    }

    /** What was added since the last batch. */
    public Batch batch() {
        TreeMap<Partition, Long> next = new TreeMap<>();
        pending.forEach(delivery -> next.put(delivery.partition(), delivery.at().offset() + 1));
        Batch batch = new Batch(pending, List.of(), next);
        pending.clear();
        return batch;
    }

    public List<Partition> partitions() {
        List<Partition> partitions = new ArrayList<>();
        for (int number = 0; number < PARTITIONS; number++) {
            partitions.add(new Partition(topic, number));
        }
        return partitions;
    }

    private BucketState next(RowKey key, SourcePosition position, Optional<Fingerprint> after) {
        Bucket bucket = Bucket.of(key);
        BucketState before = buckets.getOrDefault(bucket.number(), BucketState.empty(bucket));
        Digest digest = before.digest();
        if (!isStale(key, position)) {
            Fingerprint old = rows.remove(key);
            digest = old == null ? digest : digest.minus(old);
            if (after.isPresent()) {
                rows.put(key, after.get());
                digest = digest.plus(after.get());
            }
            heights.put(key, position);
        }
        BucketState state = before.next(digest);
        buckets.put(bucket.number(), state);
        return state;
    }

    private boolean isStale(RowKey key, SourcePosition position) {
        SourcePosition height = heights.get(key);
        return height != null && !position.isAfter(height);
    }

    private Provenance provenance(RowKey key) {
        return provenance(Bucket.of(key).partition(PARTITIONS));
    }

    private Provenance provenance(int partition) {
        long offset = offsets.getOrDefault(partition, 0L);
        return new Provenance(
                new TableId("pas", "public", schema.table().name()),
                new Lineage(origin, "771", NOON, NOON),
                new LogCoordinates("demo.source." + schema.table().shortText(), partition, offset),
                mapping);
    }

    private void add(CanonicalEvent event) {
        int partition = event.foldEvent(
                change -> change.provenance().log().partition(),
                mark -> mark.provenance().log().partition(),
                chunk -> chunk.provenance().log().partition());
        long offset = offsets.merge(partition, 1L, Long::sum) - 1;
        pending.add(new Delivery(
                new LogCoordinates(topic, partition, offset), event, Optional.empty(), Optional.of(new byte[] {1, 2})));
    }

    /** A row of {@link #patients}, of any cells. */
    public Row row(Cell... cells) {
        return new Row(schema, List.of(cells));
    }
}
