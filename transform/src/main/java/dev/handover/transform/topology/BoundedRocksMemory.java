package dev.handover.transform.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One bound on the native memory of all stores of the process: by default every store of every partition has its own.
 * Kafka Streams makes an instance a store by reflection, so what they share is static.
 */
public final class BoundedRocksMemory implements RocksDBConfigSetter {
    /** The key of the bound, in bytes, among the Streams properties. */
    public static final String BYTES_MAX = "handover.rocksdb.bytes.max";

    private static final int SHARD_BITS = 2;
    private static final int WRITE_BUFFER_PARTS = 2;
    private static final int WRITE_BUFFERS_A_STORE = 16;
    private static final long WRITE_BUFFER_BYTES_LEAST = 1 << 20;

    private static @Nullable Shared shared;

    private record Shared(Cache cache, WriteBufferManager buffers, long writeBufferBytes) {}

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        Shared memory = shared(Long.parseLong(String.valueOf(configs.get(BYTES_MAX))));
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(memory.cache());
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setWriteBufferManager(memory.buffers());
        options.setWriteBufferSize(memory.writeBufferBytes());
        options.setTableFormatConfig(table);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    /** The first store of the process decides; there is one transform in a process. */
    private static synchronized Shared shared(long bytesMax) {
        Shared known = shared;
        if (known == null) {
            Cache cache = new LRUCache(bytesMax, SHARD_BITS, false);
            // Write buffers are charged to the same cache, so that the bound holds for both together.
            known = new Shared(
                    cache,
                    new WriteBufferManager(bytesMax / WRITE_BUFFER_PARTS, cache),
                    Math.max(WRITE_BUFFER_BYTES_LEAST, bytesMax / WRITE_BUFFERS_A_STORE));
            shared = known;
        }
        return known;
    }

    /** The shared memory outlives any one store. */
    @Override
    public void close(String store, Options options) {}
}
