package dev.handover.sink.batch;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalChunk;
import dev.handover.change.CanonicalMark;
import dev.handover.change.Effect;
import dev.handover.change.Lineage;
import dev.handover.change.Origin;
import dev.handover.digest.BucketState;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a batch comes to, decided before anything is done: for each key the newest change, for each bucket its last
 * state, for each partition how far it gets. Pure.
 *
 * <p>Changes that another of the same batch supersedes are counted as stale at once: the guard would have said the same
 * of them a transaction later.
 *
 * @param tables in the order of their names
 * @param buckets by table and bucket, the state after the batch
 * @param partitionOf by table and bucket, the partition that holds it
 * @param arrived counts of what is known before the target is asked: arrivals, loads, superseded
 * @param streamed when each change of the stream was committed at the source
 */
public record BatchPlan(
        List<TableWork> tables,
        Map<TableBucket, BucketState> buckets,
        Map<TableBucket, Partition> partitionOf,
        SortedMap<Partition, Progress> progress,
        SortedMap<Partition, Counts> arrived,
        Map<Partition, TableId> tableOf,
        List<Instant> streamed) {

    /** The partition that a bucket of this batch lives in. */
    public Partition partition(TableBucket bucket) {
        Partition partition = partitionOf.get(bucket);
        if (partition == null) {
            throw new IllegalArgumentException(
                    "bucket " + bucket.bucket() + " of " + bucket.table() + " is not in the batch");
        }
        return partition;
    }

    /** A bucket of a table. */
    public record TableBucket(TableId table, int bucket) {}

    /**
     * Plans a batch.
     *
     * @throws Fault {@code bucket-gap} when a bucket's change does not follow the last one
     */
    public static BatchPlan of(Batch batch, BucketSequences sequences) {
        Planner planner = new Planner(sequences);
        batch.nextOffsets().forEach(planner::moves);
        batch.deliveries().forEach(planner::takes);
        return planner.plan();
    }

    /** Collects a plan, delivery by delivery; each taking answers true so that it fits a fold. */
    private static final class Planner {
        private final BucketSequences sequences;
        private final Map<TableId, Map<RowKey, Delivery>> newest = new TreeMap<>();
        private final Map<TableBucket, BucketState> buckets = new LinkedHashMap<>();
        private final Map<TableBucket, Partition> partitionOf = new LinkedHashMap<>();
        private final SortedMap<Partition, Progress> progress = new TreeMap<>();
        private final SortedMap<Partition, Counts> counts = new TreeMap<>();
        private final Map<Partition, TableId> tableOf = new TreeMap<>();
        private final List<Instant> streamed = new ArrayList<>();

        Planner(BucketSequences sequences) {
            this.sequences = sequences;
        }

        void moves(Partition partition, long nextOffset) {
            progress.put(partition, new Progress(partition, nextOffset, java.util.Optional.empty(), false));
        }

        void takes(Delivery delivery) {
            tableOf.putIfAbsent(delivery.partition(), delivery.event().schema().table());
            delivery.event()
                    .foldEvent(
                            change -> takes(delivery, change),
                            mark -> takes(delivery, mark),
                            chunk -> takes(delivery, chunk));
        }

        private Boolean takes(Delivery delivery, CanonicalMark mark) {
            progress.computeIfPresent(delivery.partition(), (partition, known) -> known.with(mark));
            return true;
        }

        /** Its rows are in the target already, and were new there. */
        private Boolean takes(Delivery delivery, CanonicalChunk chunk) {
            count(delivery, Counts.arrived(chunk.rows(), chunk.rows()).plus(Counts.of(Effect.INSERTED, chunk.rows())));
            chunk.buckets().forEach(state -> advance(delivery, chunk.schema().table(), state));
            return true;
        }

        private Boolean takes(Delivery delivery, CanonicalChange change) {
            Lineage lineage = change.provenance().lineage();
            count(delivery, Counts.arrived(1, lineage.origin() == Origin.LOAD ? 1 : 0));
            if (lineage.origin() == Origin.STREAM) {
                streamed.add(lineage.committedAt());
            }
            advance(delivery, change.schema().table(), change.bucket());
            Map<RowKey, Delivery> keys =
                    newest.computeIfAbsent(change.schema().table(), table -> new LinkedHashMap<>());
            Delivery known = keys.get(change.key());
            if (known == null) {
                keys.put(change.key(), delivery);
            } else if (supersedes(change, change(known))) {
                keys.put(change.key(), delivery);
                count(known, Counts.of(Effect.STALE, 1));
            } else {
                count(delivery, Counts.of(Effect.STALE, 1));
            }
            return true;
        }

        private void advance(Delivery delivery, TableId table, BucketState state) {
            TableBucket bucket = new TableBucket(table, state.bucket().number());
            BucketState before = buckets.get(bucket);
            long last = before == null ? sequences.last(table, bucket.bucket()) : before.sequence();
            if (state.sequence() != last + 1) {
                throw gap(delivery, bucket, last, state.sequence());
            }
            buckets.put(bucket, state);
            partitionOf.put(bucket, delivery.partition());
        }

        private void count(Delivery delivery, Counts more) {
            counts.merge(delivery.partition(), more, Counts::plus);
        }

        BatchPlan plan() {
            Map<TableSchema, Sides> sides = new LinkedHashMap<>();
            newest.values().forEach(keys -> keys.values().forEach(delivery -> sides.computeIfAbsent(
                            delivery.event().schema(), schema -> new Sides(new ArrayList<>(), new ArrayList<>()))
                    .add(delivery)));
            List<TableWork> tables = new ArrayList<>();
            sides.forEach((schema, side) -> tables.add(new TableWork(schema, side.upserts(), side.deletes())));
            return new BatchPlan(tables, buckets, partitionOf, progress, counts, tableOf, streamed);
        }
    }

    private record Sides(List<Delivery> upserts, List<Delivery> deletes) {
        void add(Delivery delivery) {
            change(delivery)
                    .<List<Delivery>>fold(upsert -> upserts, delete -> deletes)
                    .add(delivery);
        }
    }

    private static boolean supersedes(CanonicalChange change, CanonicalChange known) {
        int order = change.position().compareTo(known.position());
        return order > 0
                || order == 0
                        && change.provenance().mappingVersion()
                                > known.provenance().mappingVersion();
    }

    private static CanonicalChange change(Delivery delivery) {
        return delivery.event()
                .<CanonicalChange>foldEvent(
                        change -> change,
                        mark -> {
                            throw new IllegalStateException("a mark has no key");
                        },
                        chunk -> {
                            throw new IllegalStateException("a chunk has no key");
                        });
    }

    private static Fault gap(Delivery delivery, TableBucket bucket, long last, long found) {
        return Fault.of(
                ExitCode.FAILED,
                "bucket-gap",
                "bucket " + bucket.bucket() + " of table " + bucket.table().shortText() + ": change " + found
                        + " follows change " + last + " at " + delivery.at().text(),
                found > last + 1
                        ? "Changes are missing from the canonical topic: it was cut, or the target was restored to an "
                                + "older state. Load the table again."
                        : "The canonical topic repeats changes: it or the transform's state was made anew under a target "
                                + "that is older. Load the table again.");
    }
}
