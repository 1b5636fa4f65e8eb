package dev.handover.reconciler;

import dev.handover.reconciler.compare.RowDigest;
import dev.handover.reconciler.compare.RowDigest.KeyHash;
import dev.handover.reconciler.spill.KeyCodec;
import dev.handover.row.Keyless;
import dev.handover.row.RowKey;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Numbers the rows of a shard of a table without a key: of equal rows, one is the first copy, one the second,
 * whichever, for they are equal. All copies of a row are in one shard, because their hashes differ in the last bits
 * only, which say the number.
 */
final class CopyNumbers implements Consumer<RowDigest> {
    private final Map<KeyHash, Integer> seen = new HashMap<>();
    private final TableWork table;
    private final Consumer<RowDigest> rows;

    CopyNumbers(TableWork table, Consumer<RowDigest> rows) {
        this.table = table;
        this.rows = rows;
    }

    @Override
    public void accept(RowDigest row) {
        int copy = seen.merge(row.keyHash(), 1, Math::addExact);
        RowKey source = table.sourceKey(KeyCodec.decode(row.key()));
        byte[] key = KeyCodec.encode(table.targetKey(Keyless.key(source, copy)));
        rows.accept(new RowDigest(row.key1(), row.key2() + copy, row.row1(), row.row2(), row.mark(), key));
    }
}
