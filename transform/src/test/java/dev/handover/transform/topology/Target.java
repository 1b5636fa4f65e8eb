package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalChunk;
import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a sink makes of canonical changes, in a few lines: the guard, tombstones, and its own sums, which it checks
 * against the change's in-band state after every change.
 */
final class Target {
    private final Map<Place, Held> rows = new HashMap<>();
    private final Map<TableBucket, Long> sequences = new HashMap<>();

    private record Place(TableId table, RowKey key) {}

    private record TableBucket(TableId table, Bucket bucket) {}

    private record Held(
            Bucket bucket,
            SourcePosition position,
            int version,
            Optional<Row> row,
            Optional<Fingerprint> fingerprint) {}

    void apply(CanonicalChange change) {
        TableId table = change.schema().table();
        TableBucket bucket = follow(table, change.bucket());
        Place place = new Place(table, change.key());
        Held held = rows.get(place);
        int version = change.provenance().mappingVersion();
        int order = held == null ? 1 : change.position().compareTo(held.position());
        if (held == null || order > 0 || order == 0 && version > held.version()) {
            rows.put(
                    place,
                    change.fold(
                            upsert -> new Held(
                                    bucket.bucket(),
                                    upsert.position(),
                                    version,
                                    Optional.of(upsert.row()),
                                    Optional.of(upsert.fingerprint())),
                            delete -> new Held(
                                    bucket.bucket(), delete.position(), version, Optional.empty(), Optional.empty())));
        }
        assertThat(change.bucket().digest()).as("digest of %s", bucket).isEqualTo(digest(bucket));
    }

    /** Rows of a load that nobody guards, and what the log then says of them: each of their buckets moves once. */
    void apply(CanonicalChunk chunk, List<CanonicalChange.Upsert> brought) {
        TableId table = chunk.schema().table();
        Set<Bucket> buckets = new HashSet<>();
        for (CanonicalChange.Upsert row : brought) {
            Held before = rows.put(
                    new Place(table, row.key()),
                    new Held(
                            row.bucket().bucket(),
                            row.position(),
                            row.provenance().mappingVersion(),
                            Optional.of(row.row()),
                            Optional.of(row.fingerprint())));
            assertThat(before).as("a chunk is of new rows only").isNull();
            buckets.add(row.bucket().bucket());
        }
        assertThat(chunk.rows()).isEqualTo(brought.size());
        assertThat(chunk.buckets()).extracting(BucketState::bucket).containsExactlyInAnyOrderElementsOf(buckets);
        for (BucketState state : chunk.buckets()) {
            TableBucket bucket = follow(table, state);
            assertThat(state.digest()).as("digest of %s", bucket).isEqualTo(digest(bucket));
        }
    }

    private TableBucket follow(TableId table, BucketState state) {
        TableBucket bucket = new TableBucket(table, state.bucket());
        assertThat(state.sequence()).as("sequence of %s", bucket).isEqualTo(sequence(bucket) + 1);
        sequences.put(bucket, state.sequence());
        return bucket;
    }

    Optional<Row> row(TableId table, RowKey key) {
        return Optional.ofNullable(rows.get(new Place(table, key))).flatMap(Held::row);
    }

    /** The mapping versions of the rows of a table. */
    Set<Integer> versions(TableId table) {
        Set<Integer> versions = new HashSet<>();
        rows.forEach((place, held) -> {
            if (place.table().equals(table) && held.row().isPresent()) {
                versions.add(held.version());
            }
        });
        return versions;
    }

    /** All rows that exist, by table and key. */
    Map<String, Row> existing() {
        Map<String, Row> existing = new HashMap<>();
        rows.forEach((place, held) -> held.row()
                .ifPresent(row ->
                        existing.put(place.table() + "/" + place.key().values().hashCode(), row)));
        return existing;
    }

    /** The sums of the rows of a table's buckets, as far as a bucket was ever written to. */
    Map<Bucket, Digest> digests(TableId table) {
        Map<Bucket, Digest> digests = new HashMap<>();
        for (TableBucket bucket : sequences.keySet()) {
            if (bucket.table().equals(table)) {
                digests.put(bucket.bucket(), digest(bucket));
            }
        }
        return digests;
    }

    private long sequence(TableBucket bucket) {
        return sequences.getOrDefault(bucket, 0L);
    }

    private Digest digest(TableBucket bucket) {
        Digest digest = Digest.EMPTY;
        for (Map.Entry<Place, Held> entry : rows.entrySet()) {
            if (entry.getKey().table().equals(bucket.table())
                    && entry.getValue().bucket().equals(bucket.bucket())
                    && entry.getValue().fingerprint().isPresent()) {
                digest = digest.plus(entry.getValue().fingerprint().get());
            }
        }
        return digest;
    }
}
