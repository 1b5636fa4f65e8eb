package dev.handover.transform.state;

import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import java.nio.ByteBuffer;

/** The bytes of a {@link BucketState} without its number, which is in the key: version, sequence, rows, sum. */
public final class BucketStateCodec {
    private static final byte VERSION = 1;

    private BucketStateCodec() {}

    public static byte[] encode(BucketState state) {
        return new StateWriter()
                .raw(VERSION)
                .fixed(state.sequence())
                .fixed(state.digest().rows())
                .fixed(state.digest().sum())
                .toBytes();
    }

    /** @throws IllegalArgumentException when the bytes are of another version, or damaged */
    public static BucketState decode(Bucket bucket, byte[] bytes) {
        StateReader in = new StateReader(ByteBuffer.wrap(bytes));
        in.expectVersion(VERSION);
        long sequence = in.fixedLong();
        long rows = in.fixedLong();
        byte[] sum = in.fixed(Fingerprint.BYTES);
        in.expectEnd();
        return new BucketState(bucket, sequence, Digest.of(rows, sum));
    }
}
