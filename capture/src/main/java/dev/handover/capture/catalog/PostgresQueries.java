package dev.handover.capture.catalog;

/** What is asked of PostgreSQL's own catalog; every version from 12 on understands it. */
final class PostgresQueries {
    /**
     * Everything that holds or shows rows, outside of the server's own schemas; a partitioned table stands for its
     * leaves, whose sizes and identities are summed up in it.
     */
    static final String RELATIONS = """
            SELECT c.oid, n.nspname, c.relname, c.relkind::text, c.relpersistence::text, c.relreplident::text,
                   coalesce(leaf.identities, c.relreplident::text) AS identities,
                   coalesce(leaf.row_estimate, c.reltuples)::bigint AS row_estimate,
                   coalesce(leaf.byte_estimate, pg_total_relation_size(c.oid))::bigint AS byte_estimate,
                   coalesce(leaf.foreign_leaves, 0) AS foreign_leaves,
                   (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                     WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                       AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e') AS extension
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN LATERAL (
                   SELECT string_agg(DISTINCT l.relreplident::text, '') AS identities,
                          sum(greatest(l.reltuples, 0)) AS row_estimate,
                          sum(pg_total_relation_size(l.oid)) AS byte_estimate,
                          count(*) FILTER (WHERE l.relkind = 'f') AS foreign_leaves
                     FROM pg_partition_tree(c.oid) t JOIN pg_class l ON l.oid = t.relid
                    WHERE t.isleaf) leaf ON c.relkind = 'p'
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND c.relpersistence <> 't'
               AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
             ORDER BY n.nspname, c.relname""";

    /** In order within each table; the default of a generated column is its expression. */
    static final String COLUMNS = """
            SELECT a.attrelid, a.attname, a.attnotnull, a.attgenerated::text, a.attidentity::text, a.atttypid,
                   a.atttypmod, format_type(a.atttypid, a.atttypmod) AS type_text,
                   pg_get_expr(d.adbin, d.adrelid) AS default_text
              FROM pg_attribute a
              LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ANY (?)
             ORDER BY a.attrelid, a.attnum""";

    static final String TYPES = """
            SELECT t.oid, n.nspname, t.typname, t.typtype::text,
                   t.typcategory = 'A' AND t.typelem <> 0 AND t.typlen = -1 AND t.typbasetype = 0 AS is_array,
                   t.typelem, t.typbasetype, t.typtypmod,
                   CASE WHEN t.typbasetype <> 0 THEN format_type(t.typbasetype, t.typtypmod) ELSE '' END AS base_text,
                   EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid
                            AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e') AS of_extension
              FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace""";

    static final String INDEXES = """
            SELECT i.indrelid, c.relname, i.indisunique, i.indisprimary, i.indisreplident, i.indimmediate,
                   i.indpred IS NOT NULL AS partial, i.indexprs IS NOT NULL AS computed, m.amname,
                   ARRAY(SELECT a.attname::text
                           FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attribute, place)
                           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attribute
                          WHERE k.place <= i.indnkeyatts ORDER BY k.place) AS columns
              FROM pg_index i
              JOIN pg_class c ON c.oid = i.indexrelid
              JOIN pg_am m ON m.oid = c.relam
             WHERE i.indisvalid AND i.indrelid = ANY (?)
             ORDER BY i.indrelid, c.relname""";

    static final String FOREIGN_KEYS = """
            SELECT f.conrelid, f.conname, n.nspname, r.relname,
                   ARRAY(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY AS k (attribute, place)
                           JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attribute
                          ORDER BY k.place) AS columns,
                   ARRAY(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY AS k (attribute, place)
                           JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attribute
                          ORDER BY k.place) AS referenced
              FROM pg_constraint f
              JOIN pg_class r ON r.oid = f.confrelid
              JOIN pg_namespace n ON n.oid = r.relnamespace
             WHERE f.contype = 'f' AND f.conparentid = 0 AND f.conrelid = ANY (?)
             ORDER BY f.conrelid, f.conname""";

    private PostgresQueries() {}
}
