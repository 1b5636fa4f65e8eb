package dev.handover.row;

/**
 * The kinds of column that travel, and the canonical form of their values. Temporal values travel as PostgreSQL's ISO
 * output in UTC, because no type of {@code java.time} holds {@code infinity}, {@code 0000-00-00} or {@code 24:00:00}.
 */
public enum Kind {
    /** {@link Value.Bool}. */
    BOOLEAN,
    /** {@link Value.Int}, 16 bits. */
    INT16,
    /** {@link Value.Int}, 32 bits. */
    INT32,
    /** {@link Value.Int}, 64 bits. */
    INT64,
    /** {@link Value.Decimal} of scale 0, up to 2^64-1. */
    UINT64,
    /** {@link Value.Decimal}; length is the precision, -1 where the source sets none. */
    DECIMAL,
    /** {@link Value.Real} that is exactly a 32-bit float. */
    FLOAT32,
    /** {@link Value.Real}. */
    FLOAT64,
    /**
     * {@link Value.Text}, code points as they are; length is the greatest number of characters, -1 where none is set.
     */
    TEXT,
    /** {@link Value.Text} of PostgreSQL's {@code char(n)}, without the blanks that pad it. */
    CHAR,
    /** {@link Value.Bytes}. */
    BYTES,
    /** {@link Value.Text} of {@code 0} and {@code 1}, most significant bit first; length is the width. */
    BITS,
    /** {@link Value.Text} of {@code 0} and {@code 1}, of varying width. */
    VARBITS,
    /** {@link Value.Text}: {@code 2024-01-31}, {@code 0044-03-15 BC}, {@code infinity}, {@code 0000-00-00}. */
    DATE,
    /** {@link Value.Text}: {@code 23:59:59.5}, {@code 24:00:00}; no trailing zero in the fraction. */
    TIME,
    /** {@link Value.Text}: a time with its offset, {@code 10:00:00+02}. */
    TIMETZ,
    /** {@link Value.Text}: {@code 2024-01-31 10:00:00.25}, {@code infinity}, {@code 0000-00-00 00:00:00}. */
    TIMESTAMP,
    /** {@link Value.Text}: as {@link #TIMESTAMP} in UTC, with {@code +00} before any {@code BC}. */
    TIMESTAMPTZ,
    /** {@link Value.Text}: MariaDB's {@code TIME}, signed, {@code -838:59:59}; at least two digits of hours. */
    DURATION,
    /** {@link Value.Text}: {@code 14 mons 3 days 5000000 us}. */
    INTERVAL,
    /** {@link Value.Text}, lower case with hyphens. */
    UUID,
    /** {@link Value.Text}, verbatim. */
    JSON,
    /** {@link Value.Text} as PostgreSQL prints it. */
    JSONB,
    /**
     * {@link Value.Text} as PostgreSQL prints the type that the column names: arrays, ranges, hstore, geometric, ...
     */
    NATIVE
}
