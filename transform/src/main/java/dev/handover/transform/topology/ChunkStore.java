package dev.handover.transform.topology;

import dev.handover.change.SourceChunk;
import dev.handover.digest.Bucket;
import dev.handover.digest.ChunkAccounts;
import dev.handover.position.SourceId;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.transform.state.ChunkGroupCodec;
import dev.handover.transform.state.ChunkPage;
import dev.handover.transform.state.RowState;
import dev.handover.transform.state.StateKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Rows that loads brought to the target past the log, as their chunks told of them: in groups, because a row by itself
 * would cost a write to the store and a record of its changelog each, and most rows never change. When the first change
 * comes of a row of a bucket and slot, the groups of all chunks there become pages; this change and the next ones look
 * into one page each, however many chunks there are. From then on the row has a state of its own.
 *
 * <p>The key of a group is the target table, the bucket, the slot, the chunk; of a page, the number of chunks that it
 * was made of and its own number. What all rows of a chunk share is under a bucket that no row has, which also says
 * that the chunk is here.
 */
final class ChunkStore {
    private final KeyValueStore<byte[], byte[]> store;
    private final ByteArraySerializer prefixes = new ByteArraySerializer();
    /** By target table, what this task knows of its chunks; made from the store, and dropped when a chunk comes. */
    private final Map<TableId, Chunks> known = new HashMap<>();

    ChunkStore(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /**
     * The chunks of a table: what the rows of each share, and how many pages each slot has; 0 where that is not known.
     */
    private static final class Chunks {
        final Map<Integer, byte[]> heads = new HashMap<>();
        private final Map<Integer, Integer> pages = new HashMap<>();

        int pages(int slot) {
            return pages.getOrDefault(slot, 0);
        }
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
        store.put(itself, ChunkGroupCodec.head(chunk, losses));
        for (ChunkAccounts.Group group : accounts.groups()) {
            store.put(
                    StateKeys.group(target, group.bucket(), group.slot(), accounts.number()),
                    ChunkGroupCodec.encode(group));
        }
        known.remove(target);
        return true;
    }

    /** What is known of a row, if a chunk brought it. */
    Optional<RowState> find(TableId target, Bucket bucket, RowKey key, SourceId source) {
        Chunks chunks = known.computeIfAbsent(target, this::chunks);
        if (chunks.heads.isEmpty()) {
            return Optional.empty();
        }
        byte[] hash = ChunkAccounts.hash(key);
        return page(chunks, target, bucket, hash)
                .flatMap(page -> ChunkPage.find(page, hash))
                .map(row -> ChunkGroupCodec.state(head(chunks, row), row.fingerprint(), row.image(), source));
    }

    private static byte[] head(Chunks chunks, ChunkPage.Found row) {
        byte[] head = chunks.heads.get(row.chunk());
        if (head == null) {
            throw new IllegalStateException("a page with a row of a chunk that is not here");
        }
        return head;
    }

    private Chunks chunks(TableId target) {
        Chunks chunks = new Chunks();
        byte[] prefix = StateKeys.chunks(target);
        each(prefix, (key, head) -> chunks.heads.put(StateKeys.number(key, prefix.length), head));
        return chunks;
    }

    /** The page that has the row of this hash, if any has. */
    private Optional<byte[]> page(Chunks chunks, TableId target, Bucket bucket, byte[] hash) {
        int slot = ChunkAccounts.slot(hash);
        int place = bucket.number() * ChunkAccounts.SLOTS + slot;
        int made = chunks.heads.size();
        int pages = chunks.pages(place);
        if (pages == 0) {
            byte[] first = store.get(StateKeys.page(target, bucket, slot, made, 0));
            pages = first == null ? make(target, bucket, slot, made) : ChunkPage.pages(first);
            chunks.pages.put(place, pages);
        }
        return Optional.ofNullable(
                store.get(StateKeys.page(target, bucket, slot, made, ChunkPage.number(hash, pages))));
    }

    /** Makes the pages of a slot, in place of those of fewer chunks. @return how many */
    private int make(TableId target, Bucket bucket, int slot, int made) {
        List<byte[]> old = new ArrayList<>();
        each(StateKeys.pages(target, bucket, slot), (key, page) -> old.add(key));
        old.forEach(store::delete);
        Map<Integer, byte[]> groups = new TreeMap<>();
        byte[] prefix = StateKeys.groups(target, bucket, slot);
        each(prefix, (key, group) -> groups.put(StateKeys.number(key, prefix.length), group));
        List<byte[]> pages = ChunkPage.of(groups);
        for (int number = 0; number < pages.size(); number++) {
            store.put(StateKeys.page(target, bucket, slot, made, number), pages.get(number));
        }
        return pages.size();
    }

    private interface Entry {
        void take(byte[] key, byte[] value);
    }

    private void each(byte[] prefix, Entry taker) {
        try (KeyValueIterator<byte[], byte[]> entries = store.prefixScan(prefix, prefixes)) {
            while (entries.hasNext()) {
                KeyValue<byte[], byte[]> entry = entries.next();
                taker.take(entry.key, entry.value);
            }
        }
    }
}
