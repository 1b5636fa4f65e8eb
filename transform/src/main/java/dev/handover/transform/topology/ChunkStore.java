package dev.handover.transform.topology;

import dev.handover.change.SourceChunk;
import dev.handover.digest.Bucket;
import dev.handover.digest.ChunkAccounts;
import dev.handover.position.SourceId;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.transform.state.ChunkGroupCodec;
import dev.handover.transform.state.RowState;
import dev.handover.transform.state.StateKeys;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Rows that loads brought to the target past the log, as their chunks told of them: in groups, because a row by itself
 * would cost a write to the store and a record of its changelog each, and most rows never change. The first change of a
 * row looks through the groups of its bucket and slot, one of each chunk; from then on the row has a state of its own.
 *
 * <p>A key is the target table, the bucket, the slot, the chunk. That a chunk is here at all is under a bucket that no
 * row has.
 */
final class ChunkStore {
    private final KeyValueStore<byte[], byte[]> store;
    private final ByteArraySerializer prefixes = new ByteArraySerializer();
    /** Tables of which this task holds chunks; what was found stays true. */
    private final Set<TableId> present = new HashSet<>();

    private final Set<TableId> absent = new HashSet<>();

    ChunkStore(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /**
     * Keeps a chunk; false where it is kept already: change logs may be sent again.
     *
     * @param losses of its log partition, so far
     */
    boolean put(SourceChunk chunk, long losses) {
        ChunkAccounts accounts = chunk.accounts();
        TableId target = accounts.target();
        byte[] itself = StateKeys.chunk(target, accounts.number());
        if (store.get(itself) != null) {
            return false;
        }
        byte[] head = ChunkGroupCodec.head(chunk, losses);
        store.put(itself, head);
        for (ChunkAccounts.Group group : accounts.groups()) {
            store.put(
                    StateKeys.group(target, group.bucket(), group.slot(), accounts.number()),
                    ChunkGroupCodec.encode(head, group));
        }
        present.add(target);
        return true;
    }

    /** What is known of a row, if a chunk brought it. */
    Optional<RowState> find(TableId target, Bucket bucket, RowKey key, SourceId source) {
        if (!holds(target)) {
            return Optional.empty();
        }
        byte[] hash = ChunkAccounts.hash(key);
        byte[] prefix = StateKeys.groups(target, bucket, ChunkAccounts.slot(hash));
        try (KeyValueIterator<byte[], byte[]> groups = store.prefixScan(prefix, prefixes)) {
            while (groups.hasNext()) {
                KeyValue<byte[], byte[]> group = groups.next();
                Optional<RowState> found = ChunkGroupCodec.find(group.value, hash, source);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private boolean holds(TableId target) {
        if (present.contains(target)) {
            return true;
        }
        if (absent.contains(target)) {
            return false;
        }
        byte[] prefix = StateKeys.chunks(target);
        try (KeyValueIterator<byte[], byte[]> chunks = store.prefixScan(prefix, prefixes)) {
            boolean holds = chunks.hasNext();
            (holds ? present : absent).add(target);
            return holds;
        }
    }
}
