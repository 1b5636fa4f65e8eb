package dev.handover.transform.state;

import dev.handover.digest.Bucket;
import dev.handover.digest.CanonicalBytes;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import java.nio.ByteBuffer;

/** The keys of the stores: the target table, then what is unique within it. */
public final class StateKeys {
    private static final int NO_BUCKET = 0xFFFF;

    /** In the place of the slot, beside it: no slot has this bit. */
    private static final int PAGED = 0x40;

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

    /** That a chunk is kept at all: under a bucket that no row has. */
    public static byte[] chunk(TableId target, int number) {
        return group(target, NO_BUCKET, 0).number(number).toBytes();
    }

    /** What the keys of all chunks of a table begin with. */
    public static byte[] chunks(TableId target) {
        return group(target, NO_BUCKET, 0).toBytes();
    }

    /** A group of rows of a chunk. */
    public static byte[] group(TableId target, Bucket bucket, int slot, int number) {
        return group(target, bucket.number(), slot).number(number).toBytes();
    }

    /** What the keys of these groups of all chunks of a table begin with. */
    public static byte[] groups(TableId target, Bucket bucket, int slot) {
        return group(target, bucket.number(), slot).toBytes();
    }

    /**
     * A page of the rows of a bucket and slot.
     *
     * @param chunks how many chunks of the table it was made of
     */
    public static byte[] page(TableId target, Bucket bucket, int slot, int chunks, int number) {
        return group(target, bucket.number(), slot | PAGED)
                .number(chunks)
                .number(number)
                .toBytes();
    }

    /** What the keys of all these pages begin with, of however many chunks. */
    public static byte[] pages(TableId target, Bucket bucket, int slot) {
        return group(target, bucket.number(), slot | PAGED).toBytes();
    }

    /** The number that a key ends with, after so many bytes. @throws IllegalArgumentException when it has none */
    public static int number(byte[] key, int after) {
        StateReader in = new StateReader(ByteBuffer.wrap(key, after, key.length - after));
        int number = Math.toIntExact(in.number());
        in.expectEnd();
        return number;
    }

    private static StateWriter group(TableId target, int bucket, int slot) {
        return new StateWriter()
                .text(target.shortText())
                .raw((byte) (bucket >>> Byte.SIZE))
                .raw((byte) bucket)
                .raw((byte) slot);
    }
}
