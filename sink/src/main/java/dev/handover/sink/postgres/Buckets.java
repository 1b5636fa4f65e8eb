package dev.handover.sink.postgres;

import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.row.TableId;
import dev.handover.sink.batch.BatchPlan.TableBucket;
import dev.handover.sink.batch.BucketSequences;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table {@code handover.bucket_state}, and the sequence numbers in it as this sink last saw them. What is
 * remembered holds as long as the sink's epochs do, because a bucket lives in one partition and only the partition's
 * holder moves it; it is forgotten with every claim and every failure.
 */
final class Buckets implements BucketSequences {
    private static final Comparator<TableBucket> ORDER =
            Comparator.comparing(TableBucket::table).thenComparingInt(TableBucket::bucket);
    private static final String STORE = "INSERT INTO handover.bucket_state AS b (table_name, bucket, sequence, rows,"
            + " lane1, lane2, lane3, lane4) SELECT * FROM unnest(?::text[], ?::smallint[], ?::bigint[], ?::bigint[],"
            + " ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]) ON CONFLICT (table_name, bucket) DO UPDATE SET"
            + " sequence = excluded.sequence, rows = excluded.rows, lane1 = excluded.lane1, lane2 = excluded.lane2,"
            + " lane3 = excluded.lane3, lane4 = excluded.lane4 WHERE b.sequence < excluded.sequence";

    private final Map<TableId, long[]> sequences = new HashMap<>(); // sink thread only

    @Override
    public long last(TableId table, int bucket) {
        long[] known = sequences.get(table);
        if (known == null) {
            throw new IllegalStateException("the buckets of " + table + " are not loaded");
        }
        return known[bucket];
    }

    void load(Connection connection, TableId table) throws SQLException {
        if (sequences.containsKey(table)) {
            return;
        }
        long[] known = new long[Bucket.PER_TABLE];
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT bucket, sequence FROM handover.bucket_state WHERE table_name = ?")) {
            statement.setString(1, table.shortText());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    known[rows.getInt(1)] = rows.getLong(2);
                }
            }
        }
        sequences.put(table, known);
    }

    void store(Connection connection, Map<TableBucket, BucketState> states) throws SQLException {
        if (states.isEmpty()) {
            return;
        }
        List<TableBucket> order = new ArrayList<>(states.keySet());
        order.sort(ORDER);
        List<BucketState> sorted =
                order.stream().map(states::get).filter(state -> state != null).toList();
        try (PreparedStatement statement = connection.prepareStatement(STORE)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            order.stream()
                                    .map(bucket -> bucket.table().shortText())
                                    .toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "smallint",
                            order.stream()
                                    .map(bucket -> (short) bucket.bucket())
                                    .toArray()));
            Longs longs = new Longs(connection, statement, sorted);
            longs.bind(3, BucketState::sequence);
            longs.bind(4, state -> state.digest().rows());
            longs.bind(5, state -> state.digest().lane1());
            longs.bind(6, state -> state.digest().lane2());
            longs.bind(7, state -> state.digest().lane3());
            longs.bind(8, state -> state.digest().lane4());
            if (statement.executeUpdate() != sorted.size()) {
                throw new IllegalStateException("a bucket moved although its partition is locked");
            }
        }
    }

    private record Longs(Connection connection, PreparedStatement statement, List<BucketState> states) {
        void bind(int parameter, java.util.function.ToLongFunction<BucketState> part) throws SQLException {
            statement.setArray(
                    parameter,
                    connection.createArrayOf(
                            "bigint", states.stream().mapToLong(part).boxed().toArray()));
        }
    }

    void committed(Map<TableBucket, BucketState> states) {
        states.forEach((bucket, state) -> {
            long[] known = sequences.get(bucket.table());
            if (known != null) {
                known[bucket.bucket()] = state.sequence();
            }
        });
    }

    void forget() {
        sequences.clear();
    }
}
