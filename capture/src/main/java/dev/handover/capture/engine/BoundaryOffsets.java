package dev.handover.capture.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The offset store that the engine is given: it answers with the last transaction boundary, and takes nothing. What the
 * engine would store points into the middle of transactions, which loses rows when a transaction is cut by a crash; the
 * boundary is stored by our own producer, in the transaction of the events before it. Made by the engine, by its name.
 */
public final class BoundaryOffsets extends MemoryOffsetBackingStore {
    /** Property: the partition of the source in Connect's words, as JSON. */
    static final String KEY = "offset.storage.handover.key";

    /** Property: the boundary in Connect's words, as JSON. */
    static final String VALUE = "offset.storage.handover.value";

    @Override
    public void configure(WorkerConfig config) {
        super.configure(config);
        data.put(bytes(config, KEY), bytes(config, VALUE));
    }

    private static ByteBuffer bytes(WorkerConfig config, String property) {
        return ByteBuffer.wrap(String.valueOf(config.originals().get(property)).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, @Nullable Callback<Void> callback) {
        if (callback != null) {
            callback.onCompletion(null, null);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connector) {
        return Set.of();
    }
}
