package dev.handover.reconciler;

import dev.handover.change.Outcome;
import dev.handover.digest.Bucket;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.compare.RowDigest;
import dev.handover.reconciler.compare.RowDigest.Mark;
import dev.handover.reconciler.compare.ShardComparison;
import dev.handover.reconciler.judge.Stamp;
import dev.handover.reconciler.read.Scanned;
import dev.handover.reconciler.read.SourceDatabase;
import dev.handover.reconciler.read.SourceSnapshot;
import dev.handover.reconciler.read.TargetDatabase;
import dev.handover.reconciler.read.TargetRow;
import dev.handover.reconciler.read.TargetSnapshot;
import dev.handover.reconciler.spill.KeyCodec;
import dev.handover.reconciler.spill.SideRows;
import dev.handover.reconciler.spill.SpilledRows;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads every row of a table on both sides, counts those that are equal, and leaves the keys of all others as
 * candidates. In the target's own snapshot it also holds the rows against what the pipeline says it wrote: the sums of
 * the rows' stored fingerprints against {@code handover.bucket_state}, which are of one moment and so need no judging.
 */
final class FirstPass {
    private final ReconcilerConfig config;
    private final TargetDatabase target;
    private final Budget budget;

    FirstPass(ReconcilerConfig config, TargetDatabase target, Budget budget) {
        this.config = config;
        this.target = target;
        this.budget = budget;
    }

    void compare(TableWork table, SourceDatabase source) {
        try (SideRows ofSource = new SideRows(config.readers(), config.memoryBytesMax(), config.spillDirectory());
                SideRows ofTarget = new SideRows(config.readers(), config.memoryBytesMax(), config.spillDirectory())) {
            Stamp stamp = readSource(table, source, ofSource);
            table.at(stamp);
            awaitApplied(table, stamp.high());
            readTarget(table, ofTarget);
            compare(table, ofSource, ofTarget);
        }
    }

    private Stamp readSource(TableWork table, SourceDatabase source, SideRows rows) {
        try (SourceSnapshot snapshot = source.open(target.boundaries(source.id()))) {
            List<SourceReader> readers = rows.parts().stream()
                    .map(own -> new SourceReader(table, own))
                    .toList();
            snapshot.scan(table.sourceSchema(), readers);
            readers.forEach(reader -> table.sumSource(reader.sum));
            return snapshot.stamp(table.sourceSchema());
        }
    }

    /** What one thread reads of the source's rows. */
    private static final class SourceReader implements Scanned {
        private final TableWork table;
        private final SpilledRows rows;
        private Digest sum = Digest.EMPTY;

        SourceReader(TableWork table, SpilledRows rows) {
            this.table = table;
            this.rows = rows;
        }

        @Override
        public void row(RowKey key, Outcome<Row> row) {
            RowKey targetKey = table.targetKey(key);
            Fingerprint keyHash = table.keyHash(targetKey);
            byte[] keyBytes = KeyCodec.encode(targetKey);
            table.mapped(row)
                    .<Optional<RowDigest>>fold(
                            mapped -> mapped.map(made -> {
                                Fingerprint compared = table.compared(made);
                                sum = sum.plus(compared);
                                table.countSource(keyHash, made);
                                return RowDigest.of(keyHash, compared, Mark.PLAIN, keyBytes);
                            }),
                            rejection -> Optional.of(RowDigest.of(keyHash, keyHash, Mark.PARKED, keyBytes)))
                    // a row that a rule leaves out is none
                    .ifPresent(rows::add);
        }
    }

    /** Waits until the target has all of a snapshot, so that fewer keys need a second look; it proves nothing. */
    private void awaitApplied(TableWork table, SourcePosition high) {
        boolean there;
        do {
            try (TargetSnapshot snapshot = target.open()) {
                there = Partitions.of(snapshot.applied(table.topic(), table.source()), config.partitions())
                        .reached(high);
            }
        } while (!there && budget.pause());
    }

    private void readTarget(TableWork table, SideRows rows) {
        try (TargetSnapshot snapshot = target.open()) {
            Partitions applied = Partitions.of(snapshot.applied(table.topic(), table.source()), config.partitions());
            table.appliedTo(applied.least());
            Map<Integer, Digest> expected =
                    snapshot.buckets(table.targetSchema().table());
            List<TargetReader> readers = rows.parts().stream()
                    .map(own -> new TargetReader(table, own))
                    .toList();
            snapshot.scan(table.targetSchema(), table.source(), readers);
            Digest[] found = new Digest[Bucket.PER_TABLE];
            Arrays.fill(found, Digest.EMPTY);
            long outdated = 0;
            for (TargetReader reader : readers) {
                outdated += reader.outdated;
                table.sumTarget(reader.sum);
                for (int bucket = 0; bucket < found.length; bucket++) {
                    found[bucket] = found[bucket].plus(reader.found[bucket]);
                }
            }
            compareBuckets(table, expected, found);
            table.outdated(outdated);
            if (!applied.loaded()) {
                table.found(Verdict.UNDETERMINED, "not-loaded", "the load of the table is not complete at the target");
            }
        }
    }

    /** What one thread reads of the target's rows. */
    private static final class TargetReader implements Consumer<TargetRow> {
        private static final Fingerprint NONE = new Fingerprint(0, 0, 0, 0);

        private final TableWork table;
        private final SpilledRows rows;
        private final Digest[] found = new Digest[Bucket.PER_TABLE];
        private Digest sum = Digest.EMPTY;
        private long outdated;

        TargetReader(TableWork table, SpilledRows rows) {
            this.table = table;
            this.rows = rows;
            Arrays.fill(found, Digest.EMPTY);
        }

        @Override
        public void accept(TargetRow row) {
            int bucket = Math.floorMod(row.bucket(), Bucket.PER_TABLE);
            if (table.owns(row.key())) {
                bucket = table.bucket(row.key()).number();
                outdated += table.isOutdated(row) ? 1 : 0;
                Fingerprint keyHash = table.keyHash(row.key());
                rows.add(digest(keyHash, row, bucket));
                table.countTarget(keyHash, row);
            }
            found[bucket] = found[bucket].plus(row.lanes().orElse(NONE));
        }

        /** @param bucket that the row's key is in */
        private RowDigest digest(Fingerprint keyHash, TargetRow row, int bucket) {
            Optional<Fingerprint> columns =
                    row.row().fold(made -> Optional.of(table.fingerprint(made)), why -> Optional.empty());
            boolean plain = columns.isPresent() && columns.equals(row.lanes()) && row.bucket() == bucket;
            Fingerprint compared =
                    row.row().fold(made -> table.compared(made, columns.orElseThrow()), rejection -> keyHash);
            sum = sum.plus(compared);
            return RowDigest.of(keyHash, compared, plain ? Mark.PLAIN : Mark.TAMPERED, KeyCodec.encode(row.key()));
        }
    }

    private static void compareBuckets(TableWork table, Map<Integer, Digest> expected, Digest[] found) {
        for (int bucket = 0; bucket < found.length; bucket++) {
            if (!found[bucket].equals(expected.getOrDefault(bucket, Digest.EMPTY))) {
                table.dirty(bucket);
            }
        }
        int dirty = table.dirtyBuckets().cardinality();
        if (dirty > 0) {
            String numbers = table.dirtyBuckets().stream()
                    .limit(10)
                    .mapToObj(Integer::toString)
                    .reduce((left, right) -> left + ", " + right)
                    .orElse("");
            table.found(
                    Verdict.DIVERGED,
                    "rows-not-as-applied",
                    "the rows of " + dirty + " buckets are not what the applied changes add up to: " + numbers
                            + (dirty > 10 ? ", ..." : ""));
        }
    }

    private void compare(TableWork table, SideRows ofSource, SideRows ofTarget) {
        long matches = 0;
        long parked = 0;
        long repeated = 0;
        for (int shard = 0; shard < SpilledRows.SHARDS; shard++) {
            ShardComparison comparison = new ShardComparison((left, right) -> candidate(table, left, right));
            ofSource.read(
                    shard,
                    table.sourceSchema().keyless() ? new CopyNumbers(table, comparison::source) : comparison::source);
            ofTarget.read(shard, comparison::target);
            comparison.end();
            matches += comparison.matches();
            parked += comparison.parked();
            repeated += comparison.repeated();
        }
        table.compared(ofSource.rows(), ofTarget.rows(), matches, parked);
        if (repeated > 0) {
            table.found(
                    Verdict.DIVERGED,
                    "key-repeats",
                    "the key is not unique at the source: " + repeated + " rows repeat it");
        }
    }

    private void candidate(TableWork table, Optional<RowDigest> left, Optional<RowDigest> right) {
        if (table.candidates().size() >= config.candidatesMax()) {
            table.unjudged();
            return;
        }
        RowKey key = KeyCodec.decode(left.or(() -> right).orElseThrow().key());
        Candidate candidate = new Candidate(key, table.keyHash(key));
        left.filter(row -> row.mark() == Mark.PLAIN).ifPresent(row -> candidate.seen(row.row1()));
        table.candidates().put(key, candidate);
    }
}
