package dev.handover.control;

import java.util.List;

/** The columns that Handover adds to a target table, and removes when the migration is finished. */
public final class Bookkeeping {
    /** Prefix of every added column; a source column with this prefix cannot be migrated. */
    public static final String PREFIX = "_handover_";

    /** {@code bytea}: the bytes of the position of the change that wrote the row. */
    public static final String POSITION = PREFIX + "position";

    /** {@code integer}: the version of the mapping that made the row. */
    public static final String MAPPING = PREFIX + "mapping";

    /** {@code smallint}: the row's bucket. */
    public static final String BUCKET = PREFIX + "bucket";

    /** {@code bigint}, four of them: the fingerprint of the row as it was meant to be written. */
    public static final List<String> LANES =
            List.of(PREFIX + "lane1", PREFIX + "lane2", PREFIX + "lane3", PREFIX + "lane4");

    /**
     * {@code json} (not {@code jsonb}, which refuses U+0000), may be null: by source column, the raw text of what was
     * changed.
     */
    public static final String RAW = PREFIX + "raw";

    /**
     * In the place of a source column's name among raw values: the values are in the archive, and the text beside it
     * says in which object, and where in it.
     */
    public static final String ARCHIVED = PREFIX + "archive";

    private Bookkeeping() {}
}
