package dev.handover.sink.batch;

import dev.handover.change.CanonicalChange;
import dev.handover.change.Effect;
import dev.handover.change.Outcome;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A sink that keeps its target in memory. Sinks that share a {@link Target} fence each other. */
public final class InMemorySink implements Sink {
    private final Target target;
    private final Map<Partition, Long> epochs = new HashMap<>();

    public InMemorySink(Target target) {
        this.target = target;
    }

    /** What a database would hold. */
    public static final class Target {
        private final Map<Partition, Long> epochs = new HashMap<>();
        private final Map<Partition, Long> nextOffsets = new HashMap<>();
        private final Map<BatchPlan.TableBucket, Long> sequences = new HashMap<>();
        private final Map<TableId, Map<RowKey, Kept>> rows = new HashMap<>();
        private final Map<Findings.Of, Findings.Sum> found = new TreeMap<>();
        private final Map<Findings.Source, Long> mapped = new TreeMap<>();
        private final Map<Filtered, Long> filtered = new TreeMap<>();

        /** What was found in a table's rows so far. */
        public Map<Findings.Of, Findings.Sum> found(TableId table) {
            Map<Findings.Of, Findings.Sum> sums = new TreeMap<>(found);
            sums.keySet().removeIf(of -> !of.table().equals(table));
            return sums;
        }

        /** Changes of a table that rules left out. */
        public Map<Filtered, Long> filtered(TableId table) {
            Map<Filtered, Long> changes = new TreeMap<>(filtered);
            changes.keySet().removeIf(rule -> !rule.table().equals(table));
            return changes;
        }

        private FindingTotal total(Findings.Of of, Findings.Sum sum) {
            long rows = mapped.entrySet().stream()
                    .filter(entry -> entry.getKey().table().equals(of.table())
                            && entry.getKey().source().equals(of.source())
                            && entry.getKey().mappingVersion() == of.mappingVersion())
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            return new FindingTotal(of, sum.count(), rows);
        }

        /** The rows of a table; deleted ones are not among them. */
        public Map<RowKey, Row> rows(TableId table) {
            Map<RowKey, Row> live = new HashMap<>();
            rows.getOrDefault(table, Map.of()).forEach((key, kept) -> kept.row().ifPresent(row -> live.put(key, row)));
            return live;
        }

        /** How many deleted keys of a table are remembered. */
        public int tombstones(TableId table) {
            return rows.getOrDefault(table, Map.of()).size() - rows(table).size();
        }
    }

    private record Kept(SourcePosition position, int mapping, Optional<Row> row) {
        boolean isBehind(CanonicalChange change) {
            int order = position.compareTo(change.position());
            return order < 0 || order == 0 && mapping < change.provenance().mappingVersion();
        }
    }

    @Override
    public SortedMap<Partition, Long> claim(Set<Partition> partitions) {
        SortedMap<Partition, Long> offsets = new TreeMap<>();
        for (Partition partition : partitions) {
            epochs.put(partition, target.epochs.merge(partition, 1L, Long::sum));
            offsets.put(partition, target.nextOffsets.getOrDefault(partition, 0L));
        }
        return offsets;
    }

    @Override
    public void release(Set<Partition> partitions) {
        epochs.keySet().removeAll(partitions);
    }

    @Override
    public Receipt apply(Batch batch) {
        for (Partition partition : batch.nextOffsets().keySet()) {
            if (!Optional.ofNullable(epochs.get(partition)).equals(Optional.ofNullable(target.epochs.get(partition)))) {
                throw Fault.of(ExitCode.CONFLICT, "fenced", "another sink has claimed " + partition, "");
            }
        }
        BatchPlan plan = BatchPlan.of(
                batch, (table, bucket) -> target.sequences.getOrDefault(new BatchPlan.TableBucket(table, bucket), 0L));
        SortedMap<Partition, Counts> counts = new TreeMap<>(plan.arrived());
        for (TableWork work : plan.tables()) {
            work.deletes().forEach(delivery -> put(delivery, counts));
            work.upserts().forEach(delivery -> put(delivery, counts));
        }
        plan.buckets().forEach((bucket, state) -> target.sequences.put(bucket, state.sequence()));
        target.nextOffsets.putAll(batch.nextOffsets());
        Findings findings = Findings.of(batch);
        findings.rows().forEach((source, rows) -> target.mapped.merge(source, rows, Long::sum));
        List<FindingTotal> totals = new ArrayList<>();
        findings.sums()
                .forEach((of, sum) -> totals.add(target.total(of, target.found.merge(of, sum, Findings.Sum::plus))));
        return new Receipt(counts, totals);
    }

    private void put(Delivery delivery, SortedMap<Partition, Counts> counts) {
        Outcome<CanonicalChange> event = delivery.event()
                .foldEvent(
                        Outcome::accepted,
                        mark -> Outcome.rejected(dev.handover.change.Reason.UNDECODABLE, "mark"),
                        chunk -> Outcome.rejected(dev.handover.change.Reason.UNDECODABLE, "chunk"));
        CanonicalChange change = event.fold(same -> same, why -> {
            throw new IllegalStateException("marks and chunks are not written");
        });
        Map<RowKey, Kept> table = target.rows.computeIfAbsent(change.schema().table(), id -> new HashMap<>());
        Optional<Kept> before = Optional.ofNullable(table.get(change.key()));
        Effect effect = Effect.STALE;
        if (before.map(kept -> kept.isBehind(change)).orElse(true)) {
            Optional<Row> row = change.fold(upsert -> Optional.of(upsert.row()), delete -> Optional.empty());
            table.put(
                    change.key(),
                    new Kept(change.position(), change.provenance().mappingVersion(), row));
            effect = row.isEmpty()
                    ? Effect.DELETED
                    : before.flatMap(Kept::row).isPresent() ? Effect.UPDATED : Effect.INSERTED;
            Filtered.of(change).ifPresent(rule -> target.filtered.merge(rule, 1L, Long::sum));
        }
        counts.merge(delivery.partition(), Counts.of(effect, 1), Counts::plus);
    }

    @Override
    public void close() {
        epochs.clear();
    }
}
