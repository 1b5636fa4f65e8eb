package dev.handover.sink.postgres;

import dev.handover.control.Bookkeeping;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The statements that write one table under one schema. Pure. */
final class TableStatements {
    /** The canonical bytes of the key, in the staging tables only. */
    static final String KEY = Bookkeeping.PREFIX + "key";

    /** Which deletions are counted together, in the deletions of one batch only. */
    private static final String GROUP = Bookkeeping.PREFIX + "group";

    /** Outside of names in quotes, whatever is in parentheses after a type's name. */
    private static final Pattern MODIFIER = Pattern.compile("\\([^()\"]*\\)");

    private static final Pattern FIXED_BITS = Pattern.compile("^\\s*bit(?!\\s+varying)\\b", Pattern.CASE_INSENSITIVE);
    private static final String GUARD_COLUMNS =
            "%1$s." + Identifiers.quoted(Bookkeeping.POSITION) + ", %1$s." + Identifiers.quoted(Bookkeeping.MAPPING);

    private final TableSchema schema;
    private final String table;
    private final List<String> columns;

    TableStatements(TableSchema schema) {
        this.schema = schema;
        this.table = Identifiers.quoted(schema.table());
        List<String> names =
                new ArrayList<>(schema.columns().stream().map(Column::name).toList());
        names.addAll(Identifiers.BOOKKEEPING);
        this.columns = List.copyOf(names);
    }

    /** The columns of a staged row, in the order of {@link RowText#of}. */
    List<String> stagedColumns() {
        List<String> staged = new ArrayList<>(columns);
        staged.add(KEY);
        return staged;
    }

    /** Bookkeeping columns with their types. */
    static String bookkeepingDefinitions() {
        return Identifiers.quoted(Bookkeeping.POSITION) + " bytea, " + Identifiers.quoted(Bookkeeping.MAPPING)
                + " integer, " + Identifiers.quoted(Bookkeeping.BUCKET) + " smallint, "
                + Bookkeeping.LANES.stream()
                        .map(lane -> Identifiers.quoted(lane) + " bigint, ")
                        .collect(Collectors.joining())
                + Identifiers.quoted(Bookkeeping.RAW) + " json";
    }

    String createStage(String stage) {
        String cells = schema.columns().stream()
                .map(column ->
                        Identifiers.quoted(column.name()) + " " + column.type().postgres() + ", ")
                .collect(Collectors.joining());
        return "CREATE TEMPORARY TABLE " + stage + " (" + cells + bookkeepingDefinitions() + ", "
                + Identifiers.quoted(KEY) + " bytea) ON COMMIT DELETE ROWS";
    }

    /** Takes the columns of a staged row, without the last. */
    String copyTable() {
        return "COPY " + table + " (" + Identifiers.quoted(columns) + ") FROM STDIN";
    }

    String copyStage(String stage) {
        return "COPY " + stage + " (" + Identifiers.quoted(stagedColumns()) + ") FROM STDIN";
    }

    /** Takes one array of texts for each staged column. */
    String upsertArrays() {
        List<String> staged = stagedColumns();
        List<String> casts = new ArrayList<>();
        for (Column column : schema.columns()) {
            casts.add(uncut(column.type()));
        }
        casts.add("bytea");
        casts.add("integer");
        casts.add("smallint");
        Bookkeeping.LANES.forEach(lane -> casts.add("bigint"));
        casts.add("json");
        casts.add("bytea");
        return "WITH s AS MATERIALIZED (" + unnest(staged, casts) + "), " + upsert("s");
    }

    /** From a staging table that {@link #copyStage} filled. */
    String upsertStaged(String stage) {
        return "WITH " + upsert(stage);
    }

    /**
     * Writes rows that are beyond what the table and its tombstones hold. Answers, by bucket, how many were new and how
     * many were written. A written row's tombstone is older than the row, and goes. Rows go in the order of their keys,
     * so that two sinks cannot wait for each other.
     */
    private String upsert(String from) {
        String set = columns.stream()
                .map(name -> Identifiers.quoted(name) + " = excluded." + Identifiers.quoted(name))
                .collect(Collectors.joining(", "));
        return "kept AS (INSERT INTO " + table + " AS t (" + Identifiers.quoted(columns) + ") SELECT "
                + Identifiers.quoted("s", columns) + " FROM " + from + " AS s WHERE NOT EXISTS (SELECT 1 FROM"
                + " handover.tombstone d WHERE d.table_name = ? AND d.key = s." + Identifiers.quoted(KEY)
                + " AND (d.position, d.mapping_version) >= (" + guard("s") + ")) ORDER BY "
                + Identifiers.quoted("s", schema.key()) + " ON CONFLICT (" + Identifiers.quoted(schema.key())
                + ") DO UPDATE SET " + set + " WHERE (" + guard("t") + ") < (" + guard("excluded")
                + ") RETURNING t." + Identifiers.quoted(Bookkeeping.BUCKET) + " AS bucket, t.xmax = 0 AS fresh),"
                + " raised AS (DELETE FROM handover.tombstone d USING " + from
                + " AS s WHERE d.table_name = ? AND d.key = s." + Identifiers.quoted(KEY)
                + " AND (d.position, d.mapping_version) < (" + guard("s") + "))"
                + " SELECT bucket, count(*) FILTER (WHERE fresh), count(*), 0 FROM kept GROUP BY bucket";
    }

    /**
     * Deletes rows that are older than their deletion, and keeps the deletion's position. Takes the table's name, the
     * time, and arrays of the key columns, then of position, mapping version, bucket, key bytes and the deletion's
     * group. Answers, by bucket and group, how many deletions were beyond what the table and its tombstones held.
     */
    String deleteArrays() {
        List<String> names = new ArrayList<>(schema.key());
        List<String> casts = new ArrayList<>();
        schema.keyColumns().forEach(column -> casts.add(uncut(column.type())));
        names.addAll(List.of(Bookkeeping.POSITION, Bookkeeping.MAPPING, Bookkeeping.BUCKET, KEY, GROUP));
        casts.addAll(List.of("bytea", "integer", "smallint", "bytea", "integer"));
        String same = schema.key().stream()
                .map(name -> "t." + Identifiers.quoted(name) + " = s." + Identifiers.quoted(name))
                .collect(Collectors.joining(" AND "));
        String key = "s." + Identifiers.quoted(KEY);
        return "WITH s AS MATERIALIZED (" + unnest(names, casts) + "), gone AS (DELETE FROM " + table
                + " AS t USING s WHERE " + same + " AND (" + guard("t") + ") < (" + guard("s") + ")),"
                + " kept AS (INSERT INTO handover.tombstone AS d"
                + " (table_name, key, bucket, position, mapping_version, deleted_at) SELECT ?, " + key + ", s."
                + Identifiers.quoted(Bookkeeping.BUCKET) + ", " + guard("s") + ", ? FROM s WHERE NOT EXISTS (SELECT 1"
                + " FROM " + table + " AS t WHERE " + same + " AND (" + guard("t") + ") >= (" + guard("s") + "))"
                + " ORDER BY " + key + " ON CONFLICT (table_name, key) DO UPDATE SET bucket = excluded.bucket,"
                + " position = excluded.position, mapping_version = excluded.mapping_version,"
                + " deleted_at = excluded.deleted_at WHERE (d.position, d.mapping_version) <"
                + " (excluded.position, excluded.mapping_version) RETURNING d.bucket, d.key)"
                + " SELECT k.bucket, 0, count(*), s." + Identifiers.quoted(GROUP) + " FROM kept AS k JOIN s ON " + key
                + " = k.key GROUP BY k.bucket, s." + Identifiers.quoted(GROUP);
    }

    private static String guard(String alias) {
        return String.format(GUARD_COLUMNS, alias);
    }

    private static String unnest(List<String> names, List<String> casts) {
        List<String> cells = new ArrayList<>();
        List<String> aliases = new ArrayList<>();
        List<String> arrays = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            aliases.add("c" + i);
            arrays.add("?::text[]");
            cells.add("CAST(u.c" + i + " AS " + casts.get(i) + ") AS " + Identifiers.quoted(names.get(i)));
        }
        return "SELECT " + String.join(", ", cells) + " FROM unnest(" + String.join(", ", arrays) + ") AS u("
                + String.join(", ", aliases) + ")";
    }

    /**
     * The type that a text is cast to on its way into a column, without length or precision: a cast to
     * {@code varchar(3)} cuts silently, while the assignment to such a column refuses what does not fit.
     */
    static String uncut(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN, INT16, INT32, INT64, FLOAT32, FLOAT64, BYTES, DATE, DURATION, INTERVAL, UUID, JSON, JSONB ->
                type.postgres();
            case UINT64, DECIMAL -> "numeric";
            case TEXT, CHAR -> "text";
            case BITS, VARBITS -> "bit varying";
            case TIME -> "time without time zone";
            case TIMETZ -> "time with time zone";
            case TIMESTAMP -> "timestamp without time zone";
            case TIMESTAMPTZ -> "timestamp with time zone";
            case NATIVE -> uncutNative(type.postgres());
        };
    }

    private static String uncutNative(String name) {
        String bare = name.indexOf('"') >= 0
                ? name
                : MODIFIER.matcher(name).replaceAll("").strip();
        String bits = FIXED_BITS.matcher(bare).replaceFirst("bit varying");
        return bits.startsWith("character") && !bits.startsWith("character varying")
                ? "text" + bits.substring("character".length())
                : bits;
    }
}
