package dev.handover.capture;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;

/**
 * Types beside which the log's decoder cannot start, whether or not a table uses them: PostgreSQL puts a domain over an
 * enum into the category of enums, an enum without labels is of it too, and Debezium 3.5 asks every type of that
 * category for its labels when it reads the catalog.
 */
public final class UnreadableTypes {
    /** Answers one row with their names, or none. */
    public static final String QUERY = "SELECT string_agg(t.oid::regtype::text, ', ' ORDER BY t.oid::regtype::text)"
            + " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
            + " WHERE t.typcategory = 'E' AND n.nspname <> 'pg_toast' AND NOT EXISTS"
            + " (SELECT 1 FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) HAVING count(*) > 0";

    /** What to do about them. */
    public static final String REMEDY = "use the enum itself, or a domain over text with a CHECK, and drop the type";

    private UnreadableTypes() {}

    /** What is wrong, for people. */
    public static String fact(String names) {
        return names + ": beside a domain over an enum, or an enum without labels, the log cannot be read";
    }

    /** The fault that they are. */
    public static Fault fault(SourceConfig config, String names) {
        return Fault.of(ExitCode.CONFLICT, "type-unreadable", config + " has " + fact(names), REMEDY);
    }
}
