package dev.handover.digest;

import java.util.Objects;

/**
 * What a bucket holds after a change, as it travels in band with the change: the number of changes so far, from 1
 * without a gap, and the digest of the rows that exist after it.
 */
public record BucketState(Bucket bucket, long sequence, Digest digest) {
    public BucketState {
        Objects.requireNonNull(bucket, "bucket");
        Objects.requireNonNull(digest, "digest");
        if (sequence < 0) {
            throw new IllegalArgumentException("a bucket's sequence is not negative: " + sequence);
        }
    }

    /** A bucket that no change has reached. */
    public static BucketState empty(Bucket bucket) {
        return new BucketState(bucket, 0, Digest.EMPTY);
    }

    /** After one more change, which left this digest. */
    public BucketState next(Digest after) {
        return new BucketState(bucket, sequence + 1, after);
    }
}
