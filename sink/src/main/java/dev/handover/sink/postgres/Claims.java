package dev.handover.sink.postgres;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.sink.batch.Partition;
import dev.handover.sink.batch.Progress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The partitions that this sink holds, and the table {@code handover.applied} in which it holds them.
 *
 * <p>A claim raises the partition's epoch. Every batch locks the rows of its partitions first and finds its own epoch
 * there, or is fenced: so of two sinks that believe they hold a partition, only the later one writes. The row also says
 * how far the partition is applied. A batch whose commit was answered by silence is tried again, and finds there
 * whether it had been committed.
 */
final class Claims {
    private record Claim(long epoch, long nextOffset) {}

    private final Map<Partition, Claim> held = new HashMap<>(); // sink thread only

    SortedMap<Partition, Long> claim(Connection connection, Set<Partition> partitions, Instant now)
            throws SQLException {
        Map<Partition, Claim> claims = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO handover.applied AS a (topic, partition, epoch, next_offset, updated_at)"
                        + " VALUES (?, ?, 1, 0, ?) ON CONFLICT (topic, partition) DO UPDATE SET epoch = a.epoch + 1,"
                        + " updated_at = excluded.updated_at RETURNING epoch, next_offset")) {
            for (Partition partition : new TreeSet<>(partitions)) {
                statement.setString(1, partition.topic());
                statement.setInt(2, partition.number());
                statement.setObject(3, now.atOffset(ZoneOffset.UTC));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    claims.put(partition, new Claim(row.getLong(1), row.getLong(2)));
                }
            }
        }
        connection.commit();
        held.putAll(claims);
        SortedMap<Partition, Long> offsets = new TreeMap<>();
        claims.forEach((partition, claim) -> offsets.put(partition, claim.nextOffset()));
        return offsets;
    }

    void release(Set<Partition> partitions) {
        held.keySet().removeAll(partitions);
    }

    /**
     * Locks the partitions of a batch for this transaction.
     *
     * @return whether the batch is still to be applied; false where an earlier try of it was committed after all
     * @throws Fault {@code fenced}
     */
    boolean lock(Connection connection, SortedMap<Partition, Long> nextOffsets) throws SQLException {
        SortedSet<Partition> missing = new TreeSet<>(nextOffsets.keySet());
        int done = 0;
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT a.topic, a.partition, a.epoch, a.next_offset FROM handover.applied a JOIN unnest(?::text[],"
                        + " ?::integer[]) AS u(topic, partition) ON a.topic = u.topic AND a.partition = u.partition"
                        + " ORDER BY a.topic, a.partition FOR UPDATE OF a")) {
            bind(connection, statement, 1, nextOffsets.keySet());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Partition partition = new Partition(rows.getString(1), rows.getInt(2));
                    missing.remove(partition);
                    Claim claim = held.get(partition);
                    if (claim == null || claim.epoch() != rows.getLong(3)) {
                        throw fenced(partition);
                    }
                    long next = rows.getLong(4);
                    if (next != claim.nextOffset()) {
                        if (!Long.valueOf(next).equals(nextOffsets.get(partition))) {
                            throw fenced(partition);
                        }
                        done++;
                    }
                }
            }
        }
        if (!missing.isEmpty()) {
            throw fenced(missing.first());
        }
        return done == 0;
    }

    private static void bind(
            Connection connection, PreparedStatement statement, int first, Collection<Partition> partitions)
            throws SQLException {
        statement.setArray(
                first,
                connection.createArrayOf(
                        "text", partitions.stream().map(Partition::topic).toArray()));
        statement.setArray(
                first + 1,
                connection.createArrayOf(
                        "integer", partitions.stream().map(Partition::number).toArray()));
    }

    /** Writes how far the batch brings its partitions; positions only move forward. */
    void advance(Connection connection, Collection<Progress> progress, Instant now) throws SQLException {
        int size = progress.size();
        Long[] next = new Long[size];
        TextArrays marks = new TextArrays(4, size);
        Boolean[] loaded = new Boolean[size];
        int row = 0;
        for (Progress step : progress) {
            next[row] = step.nextOffset();
            loaded[row] = step.loaded();
            int index = row++;
            step.mark().ifPresent(mark -> {
                marks.set(0, index, mark.position().source().name());
                marks.set(1, index, RowText.bytea(mark.position().bytes()));
                marks.set(2, index, mark.position().text());
                marks.set(3, index, mark.provenance().lineage().committedAt().toString());
            });
        }
        try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
            statement.setObject(1, now.atOffset(ZoneOffset.UTC));
            bind(
                    connection,
                    statement,
                    2,
                    progress.stream().map(Progress::partition).toList());
            statement.setArray(4, connection.createArrayOf("bigint", next));
            marks.bind(connection, statement, 5);
            statement.setArray(9, connection.createArrayOf("boolean", loaded));
            if (statement.executeUpdate() != size) {
                throw new IllegalStateException("locked rows of handover.applied are gone");
            }
        }
    }

    private static final String ADVANCE = "UPDATE handover.applied a SET next_offset = u.next_offset,"
            + " source = COALESCE(u.source, a.source),"
            + " position = CASE WHEN u.position IS NOT NULL AND (a.position IS NULL OR a.position < u.position::bytea) THEN u.position::bytea ELSE a.position END,"
            + " position_text = CASE WHEN u.position IS NOT NULL AND (a.position IS NULL OR a.position < u.position::bytea) THEN u.position_text ELSE a.position_text END,"
            + " committed_at = CASE WHEN u.position IS NOT NULL AND (a.position IS NULL OR a.position < u.position::bytea) THEN u.committed_at::timestamptz ELSE a.committed_at END,"
            + " loaded = a.loaded OR u.loaded, updated_at = ? FROM"
            + " unnest(?::text[], ?::integer[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[])"
            + " AS u(topic, partition, next_offset, source, position, position_text, committed_at, loaded)"
            + " WHERE a.topic = u.topic AND a.partition = u.partition";

    /** The batch is committed: reading goes on from here. */
    void committed(SortedMap<Partition, Long> nextOffsets) {
        nextOffsets.forEach(
                (partition, next) -> held.computeIfPresent(partition, (same, claim) -> new Claim(claim.epoch(), next)));
    }

    private static Fault fenced(Partition partition) {
        return Fault.of(
                ExitCode.CONFLICT,
                "fenced",
                "another sink has claimed partition " + partition,
                "Nothing was written. Start this sink again if it is still wanted; it will claim what is then its own.");
    }
}
