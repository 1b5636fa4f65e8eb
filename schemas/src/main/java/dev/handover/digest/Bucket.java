package dev.handover.digest;

import dev.handover.row.RowKey;
import java.util.zip.CRC32C;

/**
 * The part of a table that a row's digest is summed in. A bucket lives in one Kafka partition, so one task owns its
 * sum.
 *
 * @param number 0 to {@link #PER_TABLE} - 1
 */
public record Bucket(int number) {
    /** Buckets of a table; a power of two. */
    public static final int PER_TABLE = 1024;

    public Bucket {
        if (number < 0 || number >= PER_TABLE) {
            throw new IllegalArgumentException("a table has buckets 0 to 1023, not " + number);
        }
    }

    /** The bucket of a key: CRC-32C of its canonical bytes, by its low bits. */
    public static Bucket of(RowKey key) {
        CRC32C crc = new CRC32C();
        crc.update(CanonicalBytes.key(key));
        return new Bucket((int) (crc.getValue() & (PER_TABLE - 1)));
    }

    /** The partition, of {@code partitions}, that holds every row of this bucket. */
    public int partition(int partitions) {
        return number % partitions;
    }
}
