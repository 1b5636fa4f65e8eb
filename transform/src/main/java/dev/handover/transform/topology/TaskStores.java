package dev.handover.transform.topology;

import dev.handover.change.SourceChunk;
import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.transform.decide.Copies;
import dev.handover.transform.state.BucketStateCodec;
import dev.handover.transform.state.CopyCount;
import dev.handover.transform.state.CopyCountCodec;
import dev.handover.transform.state.RowState;
import dev.handover.transform.state.RowStateCodec;
import dev.handover.transform.state.StateKeys;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The stores of one task, in the terms of what they hold. */
final class TaskStores {
    /** Of rows, in RocksDB. */
    static final String ROWS = "rows";

    /** Of buckets, in RocksDB behind a cache, because few buckets change often. */
    static final String BUCKETS = "buckets";

    /** Of rows of tables without a key, how often each is there; in RocksDB. */
    static final String COPIES = "copies";

    /** Of records that could not be read, by topic; in memory. */
    static final String LOSSES = "losses";

    /** Of the progress of each source table that becomes a target table together with others; in memory. */
    static final String MARKS = "marks";

    /** Of rows that a load brought to the target past the log, by chunk; in RocksDB. */
    static final String CHUNKS = "chunks";

    private final KeyValueStore<byte[], byte[]> rows;
    private final KeyValueStore<byte[], byte[]> buckets;
    private final KeyValueStore<byte[], byte[]> copies;
    private final KeyValueStore<String, byte[]> losses;
    private final KeyValueStore<String, byte[]> marks;
    private final ChunkStore chunks;
    private final Map<String, Long> lossesRead = new HashMap<>();

    TaskStores(
            KeyValueStore<byte[], byte[]> rows,
            KeyValueStore<byte[], byte[]> buckets,
            KeyValueStore<byte[], byte[]> copies,
            KeyValueStore<String, byte[]> losses,
            KeyValueStore<String, byte[]> marks,
            KeyValueStore<byte[], byte[]> chunks) {
        this.rows = rows;
        this.buckets = buckets;
        this.copies = copies;
        this.losses = losses;
        this.marks = marks;
        this.chunks = new ChunkStore(chunks);
    }

    Optional<RowState> row(byte[] storeKey) {
        return Optional.ofNullable(rows.get(storeKey)).map(RowStateCodec::decode);
    }

    void putRow(byte[] storeKey, RowState state) {
        rows.put(storeKey, RowStateCodec.encode(state));
    }

    /** Keeps a chunk; false where it is kept already. */
    boolean putChunk(SourceChunk chunk, String topic) {
        return chunks.put(chunk, losses(topic));
    }

    /** The state of a row that a load brought past the log, and that no change was about yet. */
    Optional<RowState> loaded(TableId target, Bucket bucket, RowKey key, SourcePosition asked) {
        return chunks.find(target, bucket, key, asked.source());
    }

    /** What there is to know of the row of a table without a key that a change is about, so as to number it. */
    Copies copies(TableId target, RowKey unnumbered, UnaryOperator<RowKey> targetKey) {
        Optional<CopyCount> count =
                Optional.ofNullable(copies.get(rowKey(target, unnumbered))).map(CopyCountCodec::decode);
        return new Copies(count, copy -> row(rowKey(target, copy))
                .map(state -> state.image().position()));
    }

    void putCopies(TableId target, RowKey unnumbered, CopyCount count) {
        copies.put(rowKey(target, unnumbered), CopyCountCodec.encode(count));
    }

    BucketState bucket(TableId target, Bucket bucket) {
        byte[] bytes = buckets.get(StateKeys.bucket(target, bucket));
        return bytes == null ? BucketState.empty(bucket) : BucketStateCodec.decode(bucket, bytes);
    }

    void putBucket(TableId target, BucketState state) {
        buckets.put(StateKeys.bucket(target, state.bucket()), BucketStateCodec.encode(state));
    }

    static byte[] rowKey(TableId target, RowKey key) {
        return StateKeys.row(target, key);
    }

    Optional<Progress> progress(TableId target, TableId source, SourceId id) {
        return Optional.ofNullable(marks.get(progressKey(target, source))).map(bytes -> Progress.decode(id, bytes));
    }

    void putProgress(TableId target, TableId source, Progress progress) {
        marks.put(progressKey(target, source), progress.encode());
    }

    private static String progressKey(TableId target, TableId source) {
        return target.shortText() + '\n' + source.text();
    }

    /** Asked for every record; the store is this task's alone, so what was read once stays right. */
    long losses(String topic) {
        return lossesRead.computeIfAbsent(topic, unread -> {
            byte[] count = losses.get(unread);
            return count == null ? 0 : ByteBuffer.wrap(count).getLong();
        });
    }

    void countLoss(String topic) {
        long count = losses(topic) + 1;
        losses.put(topic, ByteBuffer.allocate(Long.BYTES).putLong(count).array());
        lossesRead.put(topic, count);
    }
}
