package dev.handover.transform.state;

import dev.handover.digest.Bucket;
import dev.handover.digest.CanonicalBytes;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;

/** The keys of the stores: the target table, then what is unique within it. */
public final class StateKeys {
    private StateKeys() {}

    public static byte[] row(TableId target, RowKey key) {
        return new StateWriter()
                .text(target.shortText())
                .fixed(CanonicalBytes.key(key))
                .toBytes();
    }

    public static byte[] bucket(TableId target, Bucket bucket) {
        return new StateWriter()
                .text(target.shortText())
                .raw((byte) (bucket.number() >>> Byte.SIZE))
                .raw((byte) bucket.number())
                .toBytes();
    }
}
