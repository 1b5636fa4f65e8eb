package dev.handover.capture.load;

import dev.handover.capture.BulkLoad;
import dev.handover.capture.ChunkReader.ChunkPlan;
import dev.handover.capture.ChunkReader.Recut;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.SourceConfig;
import dev.handover.row.Column;
import dev.handover.row.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of PostgreSQL tables: ranges of pages, which {@code ctid} selects. They are of equal size whatever the keys
 * are, and read in the order of the disk.
 *
 * <p>A row has its place for as long as a snapshot sees it. A later run reads what is left with a later snapshot; a row
 * that moved meanwhile was changed, and its change is in the stream, in full where nothing is out of line. Of a table
 * that has something out of line, the change may leave a value out that was never told: its chunks are of one snapshot,
 * and a load that broke off is repeated through the log. A table that was written anew (VACUUM FULL, CLUSTER, TRUNCATE)
 * has another file, and the ranges say nothing any more.
 */
final class PostgresChunks {
    /** Rows of a chunk of a large table: with more, there would be too much to tell the log at once. */
    private static final int CHUNK_ROWS_MAX = 250_000;

    private static final int CHUNKS_WANTED = 64;
    private static final long CHUNK_BYTES_MAX = 256L << 20;

    /** Of values out of line, which are kept in memory and told to the log. */
    private static final long OUT_OF_LINE_BYTES_MAX = 16L << 20;

    private static final int ROWS_A_PAGE_UNKNOWN = 50;
    private static final int TID_RANGE_SCANS_SINCE = 140_000;

    /** The least bytes of a value that is out of line, without its header: it takes more than the pointer to it. */
    private static final int OUT_OF_LINE_BYTES_MIN = 20;

    private final SourceConfig config;

    PostgresChunks(SourceConfig config) {
        this.config = config;
    }

    /** Empty for what is no heap of its own, such as a partitioned table, and for tables without a key. */
    Optional<ChunkPlan> plan(TableSchema table, LoadSnapshot snapshot, int chunkRows) {
        if (table.keyless()) {
            return Optional.empty();
        }
        try {
            PostgresLoader.set(snapshot.connection());
            try (PreparedStatement statement = snapshot.connection()
                    .prepareStatement("SELECT c.relkind = 'r' AND (SELECT amname = 'heap' FROM pg_catalog.pg_am a WHERE"
                            + " a.oid = c.relam), pg_relation_filenode(c.oid)::text, pg_relation_size(c.oid),"
                            + " current_setting('block_size')::integer, c.reltuples, c.relpages,"
                            + " current_setting('server_version_num')::integer,"
                            + " coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) FROM pg_catalog.pg_class c"
                            + " WHERE c.oid = pg_catalog.to_regclass(?)")) {
                statement.setString(1, PostgresLoader.name(table));
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next() || !row.getBoolean(1)) {
                        return Optional.empty();
                    }
                    double rowsAPage = row.getDouble(5) > 0 && row.getInt(6) > 0
                            ? row.getDouble(5) / row.getInt(6)
                            : ROWS_A_PAGE_UNKNOWN;
                    long pages = row.getLong(3) / row.getInt(4);
                    long step = row.getInt(7) < TID_RANGE_SCANS_SINCE
                            ? Math.max(1, pages)
                            : pages(new Extent(pages, row.getInt(4), rowsAPage, row.getLong(8)), chunkRows);
                    List<String> chunks = new ArrayList<>();
                    for (long from = 0; from < Math.max(1, pages); from += step) {
                        chunks.add(Long.toString(from));
                    }
                    // That nothing is out of line now holds for the snapshot, which is older.
                    return Optional.of(new ChunkPlan(row.getString(2), row.getLong(8) > 0, chunks));
                }
            }
        } catch (SQLException e) {
            throw new LoadedRows(config, table, snapshot).fault(e);
        }
    }

    /**
     * How large a table is.
     *
     * @param outOfLineBytes of its values out of line
     */
    record Extent(long pages, int pageBytes, double rowsAPage, long outOfLineBytes) {}

    /** Pages of one chunk of such a table. Pure. */
    static long pages(Extent table, int chunkRows) {
        double rows = Math.max(chunkRows, Math.min(CHUNK_ROWS_MAX, table.pages() * table.rowsAPage() / CHUNKS_WANTED));
        double pages = Math.min(rows / table.rowsAPage(), (double) CHUNK_BYTES_MAX / table.pageBytes());
        if (table.outOfLineBytes() > 0) {
            pages = Math.min(pages, (double) OUT_OF_LINE_BYTES_MAX * table.pages() / table.outOfLineBytes());
        }
        return Math.max(1, (long) pages);
    }

    void read(TableSchema table, ChunkPlan plan, int chunk, LoadSnapshot snapshot, BulkLoad.Row rows) throws Recut {
        LoadedRows loaded = new LoadedRows(config, table, snapshot);
        Connection connection = snapshot.connection();
        try {
            PostgresLoader.set(connection);
            requireSameFile(connection, table, plan);
            Map<String, String> outOfLine = plan.oneSnapshot() ? outOfLine(connection, table) : Map.of();
            String select = "SELECT " + PostgresLoader.columns(table)
                    + (outOfLine.isEmpty() ? "" : ", " + String.join(", ", outOfLine.values())) + " FROM ONLY "
                    + PostgresLoader.name(table) + " WHERE ctid >= '("
                    + plan.chunks().get(chunk) + ",0)'::tid"
                    + (chunk + 1 < plan.chunks().size()
                            ? " AND ctid < '(" + plan.chunks().get(chunk + 1) + ",0)'::tid"
                            : "");
            int columns = table.content().size();
            List<String> flagged = List.copyOf(outOfLine.keySet());
            PostgresLoader.copy(
                    connection,
                    select,
                    columns + flagged.size(),
                    loaded,
                    texts -> rows.take(PostgresLoader.row(table, texts, loaded), flagged(flagged, texts, columns)));
        } catch (SQLException e) {
            throw loaded.fault(e);
        }
    }

    private static List<String> flagged(List<String> columns, @Nullable String[] texts, int from) {
        List<String> flagged = List.of();
        for (int i = 0; i < columns.size(); i++) {
            if ("t".equals(texts[from + i])) {
                if (flagged.isEmpty()) {
                    flagged = new ArrayList<>();
                }
                flagged.add(columns.get(i));
            }
        }
        return flagged;
    }

    /** The lock keeps it so until the transaction ends. */
    private static void requireSameFile(Connection connection, TableSchema table, ChunkPlan plan)
            throws SQLException, Recut {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE ONLY " + PostgresLoader.name(table) + " IN ACCESS SHARE MODE");
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_relation_filenode(pg_catalog.to_regclass(?))::text")) {
            statement.setString(1, PostgresLoader.name(table));
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || !plan.storage().equals(row.getString(1))) {
                    throw new Recut();
                }
            }
        }
    }

    /**
     * By column, an expression that is true where the value is, or may be, out of line. Of texts and bytes the server
     * tells it for values that are not compressed: in line they take their length and a header, out of line their
     * length alone ({@code toast_datum_size}); compressed ones may be either. Of other types every value may that is
     * larger than the pointer.
     */
    private static Map<String, String> outOfLine(Connection connection, TableSchema table) throws SQLException {
        Map<String, String> byName = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT attname, atttypid IN (25, 1043, 1042, 17) FROM pg_catalog.pg_attribute WHERE attrelid ="
                        + " pg_catalog.to_regclass(?) AND attnum > 0 AND NOT attisdropped AND attlen = -1 AND"
                        + " attstorage <> 'p'")) {
            statement.setString(1, PostgresLoader.name(table));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String column = PostgresLoader.quoted(row.getString(1));
                    String stored = "pg_column_size(" + column + ")";
                    byName.put(
                            row.getString(1),
                            row.getBoolean(2)
                                    ? stored + " <= octet_length(" + column + ") AND " + stored + " >= "
                                            + OUT_OF_LINE_BYTES_MIN
                                    : stored + " >= " + OUT_OF_LINE_BYTES_MIN);
                }
            }
        }
        Map<String, String> expressions = new LinkedHashMap<>();
        for (Column column : table.content()) {
            String expression = byName.get(column.name());
            if (expression != null) {
                expressions.put(column.name(), expression);
            }
        }
        return expressions;
    }
}
