package dev.handover.capture.engine;

import dev.handover.digest.ChunkAccounts;
import dev.handover.row.RowKey;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/** Remembers keys by 128 bits of their hash, so that a great many fit into memory. Used by one thread at a time. */
final class ChangedKeys {
    private final int most;
    private final Set<Hash> hashes = new HashSet<>();
    private boolean full;

    private record Hash(long high, long low) {
        static Hash of(RowKey key) {
            ByteBuffer bytes = ByteBuffer.wrap(ChunkAccounts.hash(key));
            return new Hash(bytes.getLong(), bytes.getLong());
        }
    }

    /** @param most keys that are remembered */
    ChangedKeys(int most) {
        this.most = most;
    }

    void add(RowKey key) {
        if (hashes.size() < most) {
            hashes.add(Hash.of(key));
        } else {
            full |= !contains(key);
        }
    }

    boolean contains(RowKey key) {
        return !hashes.isEmpty() && hashes.contains(Hash.of(key));
    }

    /** Whether there was a key more than can be remembered. */
    boolean full() {
        return full;
    }
}
