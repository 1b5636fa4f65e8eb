package dev.handover.reconciler.read;

import dev.handover.control.Bookkeeping;
import dev.handover.digest.Bucket;
import dev.handover.digest.CanonicalBytes;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.wire.SchemaText;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** One repeatable read of the target: rows, tombstones, sums of buckets and applied positions of the same moment. */
public final class TargetSnapshot implements Answering, AutoCloseable {
    /** Of a statement that adds up rows: 64 MiB. */
    private static final long SUM_PAGES = 8_192;

    private final Connection connection;
    private final Connections connections;
    private final int fetchRows;

    TargetSnapshot(Connection connection, Connections connections, int fetchRows) {
        this.connection = connection;
        this.connections = connections;
        this.fetchRows = fetchRows;
    }

    /** How far a topic's partitions are applied, by partition; only those whose load is complete have a position. */
    public Map<Integer, Optional<SourcePosition>> applied(String topic, SourceId source) {
        Map<Integer, Optional<SourcePosition>> applied = new HashMap<>();
        try (PreparedStatement statement = Sql.prepared(
                        connection,
                        "SELECT partition, position, loaded, source FROM handover.applied WHERE topic = ?",
                        topic);
                ResultSet results = statement.executeQuery()) {
            while (results.next()) {
                byte[] position = results.getBytes(2);
                boolean known = position != null
                        && results.getBoolean(3)
                        && source.name().equals(results.getString(4));
                applied.put(
                        results.getInt(1),
                        known ? Optional.of(SourcePosition.decode(source, position)) : Optional.empty());
            }
        } catch (SQLException e) {
            throw fault(e);
        }
        return applied;
    }

    /** What the applied changes say each bucket of a table holds; buckets that no change reached are absent. */
    public Map<Integer, Digest> buckets(TableId table) {
        Map<Integer, Digest> buckets = new HashMap<>();
        try (PreparedStatement statement = Sql.prepared(
                        connection,
                        "SELECT bucket, rows, lane1, lane2, lane3, lane4 FROM handover.bucket_state"
                                + " WHERE table_name = ?",
                        table.shortText());
                ResultSet results = statement.executeQuery()) {
            while (results.next()) {
                buckets.put(
                        results.getInt(1),
                        new Digest(
                                results.getLong(2),
                                results.getLong(3),
                                results.getLong(4),
                                results.getLong(5),
                                results.getLong(6)));
            }
        } catch (SQLException e) {
            throw fault(e);
        }
        return buckets;
    }

    /**
     * What the rows of a table add up to by their bucket, by what they say themselves of their bucket and their
     * fingerprint; rows that say nothing are counted where {@code FirstPass} counts them. Large tables are read by
     * ranges of pages.
     *
     * @param goOn asked before each range
     * @return empty where it was not to go on
     */
    public Optional<Map<Integer, Digest>> sums(TableId table, BooleanSupplier goOn) {
        StringBuilder sql = new StringBuilder("SELECT t.")
                .append(Sql.quoted(Bookkeeping.BUCKET))
                .append(", pg_catalog.count(*)");
        for (String lane : Bookkeeping.LANES) {
            sql.append(", pg_catalog.sum(t.").append(Sql.quoted(lane)).append(')');
        }
        Map<Integer, Digest> sums = new HashMap<>();
        try {
            sql.append(" FROM ").append(PostgresSession.from(connection, table)).append(" AS t");
            long pages = pages(table);
            PageScan.Ranges ranges = new PageScan.Ranges(pages, SUM_PAGES);
            String range = pages == 0 ? "true" : ranges.next();
            while (!range.isEmpty()) {
                if (!goOn.getAsBoolean()) {
                    return Optional.empty();
                }
                add(sql + " WHERE " + range + " GROUP BY 1", sums);
                range = ranges.next();
            }
        } catch (SQLException e) {
            throw fault(e);
        }
        return Optional.of(sums);
    }

    private void add(String sql, Map<Integer, Digest> sums) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            while (results.next()) {
                int bucket = results.getInt(1);
                int place = Math.floorMod(results.wasNull() ? -1 : bucket, Bucket.PER_TABLE);
                long[] lanes = new long[Bookkeeping.LANES.size()];
                for (int i = 0; i < lanes.length; i++) {
                    BigDecimal sum = results.getBigDecimal(3 + i);
                    // modulo 2^64, as the sums are that are expected
                    lanes[i] = sum == null ? 0 : sum.toBigIntegerExact().longValue();
                }
                sums.merge(place, new Digest(results.getLong(2), lanes[0], lanes[1], lanes[2], lanes[3]), Digest::plus);
            }
        }
    }

    /** No statement of it may take longer. */
    public void limit(Duration longest) {
        try {
            Sql.execute(connection, "SET LOCAL statement_timeout = " + Math.max(1, longest.toMillis()));
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /**
     * Rows that the target itself refused, and that nobody has made good: the books count them all the same, each in
     * one bucket.
     */
    public long refused(TableId table) {
        try (PreparedStatement statement = Sql.prepared(
                        connection,
                        "SELECT count(*) FROM handover.dead_letter WHERE stage = 'apply' AND target_name = ?"
                                + " AND state IN ('open', 'discarded')",
                        table.shortText());
                ResultSet results = statement.executeQuery()) {
            results.next();
            return results.getLong(1);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** Whether the control schema is there, and can keep what a watch sees. */
    public boolean watched() {
        try {
            return !Sql.text(connection, "SELECT pg_catalog.to_regclass('handover.watch')")
                    .isEmpty();
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /**
     * Target tables whose load is complete in every partition, each with the source's time up to which all partitions
     * are applied.
     *
     * @param partitions of every topic of the pipeline
     */
    public Map<TableId, Instant> loadedTables(int partitions) {
        Map<TableId, Instant> tables = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT t.table_name, min(a.committed_at)"
                        + " FROM handover.target_table t"
                        + " JOIN handover.applied a ON a.topic = t.topic GROUP BY t.table_name"
                        + " HAVING pg_catalog.count(*) FILTER (WHERE a.loaded AND a.position IS NOT NULL) >= "
                        + partitions + " ORDER BY t.table_name")) {
            while (results.next()) {
                String name = results.getString(1);
                int dot = name.indexOf('.');
                OffsetDateTime applied = results.getObject(2, OffsetDateTime.class);
                tables.put(
                        TableId.target(name.substring(0, dot), name.substring(dot + 1)),
                        applied == null ? Instant.EPOCH : applied.toInstant());
            }
        } catch (SQLException e) {
            throw fault(e);
        }
        return tables;
    }

    /** The schema that the rows of a target table were last written under; empty where no sink has written any. */
    public Optional<TableSchema> schema(TableId table) {
        try (PreparedStatement statement = Sql.prepared(
                        connection,
                        "SELECT schema_avro FROM handover.target_table WHERE table_name = ?",
                        table.shortText());
                ResultSet results = statement.executeQuery()) {
            return results.next() ? Optional.of(SchemaText.parse(results.getString(1))) : Optional.empty();
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** Pages that {@link #altered} can read by ranges; 0 for a table that it cannot. */
    public long pages(TableId table) {
        try {
            return new PageScan(connections, table, "", fetchRows).pages(connection);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /**
     * How many rows of a range of pages have other columns than were written: what they hold now has another
     * fingerprint than the one that is beside it, or none is.
     *
     * @param from the first page
     * @param to the page after the last
     * @param fingerprint of a row that can be read
     */
    public long altered(TableSchema table, long from, long to, Function<? super Row, Fingerprint> fingerprint) {
        StringBuilder sql = new StringBuilder("SELECT ").append(PostgresSession.cells(table.columns()));
        for (String lane : Bookkeeping.LANES) {
            sql.append(", t.").append(Sql.quoted(lane));
        }
        long[] altered = {0};
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(fetchRows);
            sql.append(" FROM ")
                    .append(PostgresSession.from(connection, table.table()))
                    .append(" AS t");
            sql.append(" WHERE t.ctid >= '(")
                    .append(from)
                    .append(",0)' AND t.ctid < '(")
                    .append(to)
                    .append(",0)'");
            try (ResultSet results = statement.executeQuery(sql.toString())) {
                while (results.next()) {
                    Optional<Fingerprint> beside =
                            lanes(results, table.columns().size() + 1);
                    PostgresSession.read(table, results, (key, row) -> {
                        boolean same = row.fold(
                                found -> beside.filter(fingerprint.apply(found)::equals)
                                        .isPresent(),
                                rejection -> false);
                        altered[0] += same ? 0 : 1;
                    });
                }
            }
        } catch (SQLException e) {
            throw fault(e);
        }
        return altered[0];
    }

    /** Dead letters of a source table on its way to a target table that are open, counted by key. */
    public long openDeadLetters(TableId source, TableId target) {
        try (PreparedStatement statement = Sql.prepared(
                        connection,
                        "SELECT count(DISTINCT coalesce(key, convert_to(id::text, 'UTF8')))"
                                + " FROM handover.dead_letter WHERE state = 'open' AND table_name = ?"
                                + " AND target_name IN ('', ?)",
                        source.text(),
                        target.shortText());
                ResultSet results = statement.executeQuery()) {
            results.next();
            return results.getLong(1);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** Every row of a table, each once and to one of these, each of which is used by one thread. */
    public void scan(TableSchema table, SourceId source, List<? extends Consumer<TargetRow>> readers) {
        List<PageScan.Reader> reading = new ArrayList<>();
        for (Consumer<TargetRow> rows : readers) {
            reading.add(results -> rows.accept(read(table, source, results)));
        }
        try {
            new PageScan(connections, table.table(), select(table), fetchRows).read(connection, reading);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** The rows under these keys; rows that the database takes for equal may come as well. */
    public void rows(TableSchema table, SourceId source, List<RowKey> keys, Consumer<TargetRow> rows) {
        try {
            Map<String, String> types = PostgresSession.columns(connection, table.table());
            String sql = select(table) + PostgresSession.from(connection, table.table()) + " AS t"
                    + PostgresSession.keyed(table, types, keys.size());
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                PostgresSession.bind(statement, keys);
                try (ResultSet results = statement.executeQuery()) {
                    while (results.next()) {
                        rows.accept(read(table, source, results));
                    }
                }
            }
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** Positions of the tombstones under these keys. */
    public Map<RowKey, SourcePosition> tombstones(TableId table, SourceId source, List<RowKey> keys) {
        Map<RowKey, SourcePosition> positions = new HashMap<>();
        deletions(table, source, keys).forEach((key, deletion) -> positions.put(key, deletion.position()));
        return positions;
    }

    /** A deleted row: the change that deleted it, and the version of the mapping that it came by. */
    public record Deletion(SourcePosition position, int mappingVersion) {}

    /** The deletions of the rows under these keys; rows that are there, or never were, are absent. */
    public Map<RowKey, Deletion> deletions(TableId table, SourceId source, List<RowKey> keys) {
        Map<String, RowKey> byBytes = new LinkedHashMap<>();
        for (RowKey key : keys) {
            byBytes.put(hex(CanonicalBytes.key(key)), key);
        }
        Map<RowKey, Deletion> tombstones = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT encode(key, 'hex'), position, mapping_version FROM handover.tombstone WHERE table_name = ?"
                        + " AND key = ANY (SELECT decode(h, 'hex') FROM unnest(?::text[]) AS h)")) {
            statement.setString(1, table.shortText());
            statement.setArray(
                    2, connection.createArrayOf("text", byBytes.keySet().toArray()));
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    RowKey key = byBytes.get(results.getString(1));
                    if (key != null) {
                        tombstones.put(
                                key,
                                new Deletion(SourcePosition.decode(source, results.getBytes(2)), results.getInt(3)));
                    }
                }
            }
        } catch (SQLException e) {
            throw fault(e);
        }
        return tombstones;
    }

    /** Rows and tombstones of a table at a position or beyond it, and rows of an older version of its mapping. */
    public long newer(TableId table, SourcePosition position, int mappingVersion) {
        String sql = "SELECT (SELECT count(*) FROM " + table(table) + " AS t WHERE t."
                + Sql.quoted(Bookkeeping.POSITION) + " >= ? OR t." + Sql.quoted(Bookkeeping.MAPPING) + " > 0 AND t."
                + Sql.quoted(Bookkeeping.MAPPING) + " < ?) + (SELECT count(*) FROM handover.tombstone"
                + " WHERE table_name = ? AND position >= ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setBytes(1, position.bytes());
            statement.setInt(2, mappingVersion);
            statement.setString(3, table.shortText());
            statement.setBytes(4, position.bytes());
            try (ResultSet results = statement.executeQuery()) {
                results.next();
                return results.getLong(1);
            }
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    @Override
    public Answer ask(String sql, Duration longest) {
        return PostgresSession.ask(connection, "the target", sql, longest);
    }

    @Override
    public String table(TableId table) {
        try {
            return PostgresSession.from(connection, table);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    @Override
    public String column(String name) {
        return Sql.quoted(name);
    }

    @Override
    public void close() {
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    private static String select(TableSchema table) {
        StringBuilder sql = new StringBuilder("SELECT ").append(PostgresSession.cells(table.columns()));
        sql.append(", t.").append(Sql.quoted(Bookkeeping.POSITION));
        sql.append(", t.").append(Sql.quoted(Bookkeeping.BUCKET));
        sql.append(", t.").append(Sql.quoted(Bookkeeping.MAPPING));
        for (String lane : Bookkeeping.LANES) {
            sql.append(", t.").append(Sql.quoted(lane));
        }
        return sql.append(" FROM ").toString();
    }

    private static TargetRow read(TableSchema table, SourceId source, ResultSet results) throws SQLException {
        int place = table.columns().size() + 1;
        byte[] position = results.getBytes(place);
        int bucket = results.getInt(place + 1);
        if (results.wasNull()) {
            bucket = -1;
        }
        int mapping = results.getInt(place + 2);
        Optional<Fingerprint> lanes = lanes(results, place + 3);
        TargetRow[] row = new TargetRow[1];
        Optional<SourcePosition> at =
                position == null ? Optional.empty() : Optional.of(SourcePosition.decode(source, position));
        int written = bucket;
        PostgresSession.read(
                table, results, (key, columns) -> row[0] = new TargetRow(key, columns, at, lanes, written, mapping));
        return row[0];
    }

    private static Optional<Fingerprint> lanes(ResultSet results, int place) throws SQLException {
        long[] lanes = new long[Bookkeeping.LANES.size()];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = results.getLong(place + i);
            if (results.wasNull()) {
                return Optional.empty();
            }
        }
        return Optional.of(new Fingerprint(lanes[0], lanes[1], lanes[2], lanes[3]));
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }

    private static dev.handover.fault.Fault fault(SQLException e) {
        return Sql.fault("the target", e);
    }
}
