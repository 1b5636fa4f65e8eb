package dev.handover.sink.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the control schema knows of dead letters, and how they were settled. */
public final class DeadLetterIndex {
    private static final String ENTRY = "SELECT id, stage, reason, place, topic, partition, record_offset, table_name,"
            + " position_text, mapping_version, coalesce(length(key), -1), coalesce(length(value), -1), rejected_at, state,"
            + " settled_at, settled_why FROM handover.dead_letter";

    private static final String KEPT = ENTRY.replace(
            " FROM handover.dead_letter",
            ", target_name, key, value FROM (SELECT *, sum(octet_length(coalesce(value, ''))) OVER (ORDER BY id) AS so_far,"
                    + " row_number() OVER (ORDER BY id) AS number FROM (SELECT * FROM handover.dead_letter");

    /** Letters of a selection; what is empty selects all. */
    private static final String SELECTED =
            " WHERE state = 'open' AND id > ? AND (cardinality(?::bigint[]) = 0 OR id = ANY (?))"
                    + " AND ? IN ('', reason) AND (? = '' OR ? IN (table_name, target_name)) AND ? IN (0, mapping_version)"
                    + " ORDER BY id LIMIT ?";

    /** Of these, as many as may be held in memory; at least one. */
    private static final String HELD =
            ") AS some_of_them) AS page WHERE so_far <= " + (32 << 20) + " OR number = 1 ORDER BY id";

    private final TargetDatabase target;

    public DeadLetterIndex(TargetDatabase target) {
        this.target = target;
    }

    /**
     * Dead letters with one cause.
     *
     * @param count of all states
     * @param open of these, those that nobody has dealt with
     */
    public record Group(
            String reason, String table, int mappingVersion, long count, long open, Instant first, Instant last) {}

    /**
     * One dead letter.
     *
     * @param stage where it was rejected: {@code decode}, {@code map} or {@code apply}
     * @param place a column or constraint; never a value
     * @param offset negative where the record has no place of its own
     * @param position of the source, empty where it could not be told
     * @param keyBytes size of the original key; negative where there was none
     * @param valueBytes size of the original value; negative where there was none
     * @param state {@code open}, or how it was settled
     * @param settledWhy in the words of who settled it; empty where nobody said
     */
    public record Entry(
            long id,
            String stage,
            String reason,
            String place,
            String topic,
            int partition,
            long offset,
            String table,
            String position,
            int mappingVersion,
            int keyBytes,
            int valueBytes,
            Instant rejectedAt,
            String state,
            Optional<Instant> settledAt,
            String settledWhy) {}

    /**
     * One dead letter and the record that it keeps, which is a patient's data.
     *
     * @param target the table that it was on its way to; empty where it never came so far
     */
    public record Kept(Entry entry, String target, Optional<byte[]> key, Optional<byte[]> value) {}

    /**
     * Which letters.
     *
     * @param ids empty for any
     * @param reason empty for any
     * @param table of the source or of the target, empty for any
     * @param mappingVersion 0 for any
     */
    public record Selection(List<Long> ids, String reason, String table, int mappingVersion) {
        public Selection {
            ids = List.copyOf(ids);
        }

        /** Every letter. */
        public static Selection all() {
            return new Selection(List.of(), "", "", 0);
        }

        /** These letters. */
        public static Selection of(List<Long> ids) {
            return new Selection(ids, "", "", 0);
        }
    }

    /** How a letter was settled. */
    public enum Settlement {
        /** Its change was tried again, and is at the target. */
        REPLAYED,
        /** The target holds this change or a later one of the same row. */
        SUPERSEDED,
        /** Its change was tried again and rejected again: a newer letter stands for it. */
        REPEATED,
        /** Somebody decided that it need not go on. */
        DISCARDED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Open letters after one, in their order, at most so many, and no more than 32 MiB of them.
     *
     * @throws dev.handover.fault.Fault when the target does not answer
     */
    public List<Kept> open(Selection selection, long after, int lettersMax) {
        return read(KEPT + SELECTED + HELD, DeadLetterIndex::kept, selected(selection, after, lettersMax));
    }

    /** The numbers of open letters. @throws dev.handover.fault.Fault when the target does not answer */
    public List<Long> numbers(Selection selection) {
        return read(
                "SELECT id FROM handover.dead_letter" + SELECTED,
                row -> row.getLong(1),
                selected(selection, 0, Integer.MAX_VALUE));
    }

    private static Binding selected(Selection selection, long after, int lettersMax) {
        return statement -> {
            Array ids = statement
                    .getConnection()
                    .createArrayOf("bigint", selection.ids().toArray());
            statement.setLong(1, after);
            statement.setArray(2, ids);
            statement.setArray(3, ids);
            statement.setString(4, selection.reason());
            statement.setString(5, selection.table());
            statement.setString(6, selection.table());
            statement.setInt(7, selection.mappingVersion());
            statement.setInt(8, lettersMax);
        };
    }

    /** The number of the newest letter; 0 where there is none. */
    public long last() {
        return read("SELECT coalesce(max(id), 0) FROM handover.dead_letter", row -> row.getLong(1), statement -> {})
                .get(0);
    }

    /** A change that was rejected, by where it came from and where it was going. */
    public record Rejected(String table, String target, String position) {}

    /** What was rejected after a letter. @throws dev.handover.fault.Fault when the target does not answer */
    public Set<Rejected> rejectedAfter(long letter) {
        return Set.copyOf(read(
                "SELECT DISTINCT table_name, target_name, position_text FROM handover.dead_letter WHERE id > ?",
                row -> new Rejected(row.getString(1), row.getString(2), row.getString(3)),
                statement -> statement.setLong(1, letter)));
    }

    /** Letters of such changes after a letter, at most 1,000 of them. */
    public List<Kept> rejectedAfter(long letter, Rejected like) {
        return read(
                KEPT
                        + " WHERE id > ? AND table_name = ? AND target_name = ? AND position_text = ? ORDER BY id LIMIT 1000"
                        + HELD,
                DeadLetterIndex::kept,
                statement -> {
                    statement.setLong(1, letter);
                    statement.setString(2, like.table());
                    statement.setString(3, like.target());
                    statement.setString(4, like.position());
                });
    }

    /**
     * Settles open letters; those that somebody else settled stay as they are.
     *
     * @param why in the words of who decided; may be empty
     * @return how many were settled now
     */
    public int settle(Collection<Long> ids, Settlement how, String why, Instant now) {
        try (Connection connection = target.open();
                PreparedStatement statement =
                        connection.prepareStatement("UPDATE handover.dead_letter SET state = ?, settled_at = ?,"
                                + " settled_why = ? WHERE state = 'open' AND id = ANY (?)")) {
            statement.setString(1, how.word());
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            statement.setString(3, why);
            statement.setArray(4, connection.createArrayOf("bigint", ids.toArray()));
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw target.fault(e);
        }
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(
                entry(row),
                row.getString(17),
                Optional.ofNullable(row.getBytes(18)),
                Optional.ofNullable(row.getBytes(19)));
    }

    /**
     * By cause, those with most open letters first. @throws dev.handover.fault.Fault when the target does not answer
     */
    public List<Group> groups() {
        return read(
                "SELECT reason, table_name, mapping_version, count(*), count(*) FILTER (WHERE state = 'open'),"
                        + " min(rejected_at), max(rejected_at) FROM handover.dead_letter"
                        + " GROUP BY reason, table_name, mapping_version ORDER BY 5 DESC, 4 DESC, 1, 2, 3",
                row -> new Group(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getLong(4),
                        row.getLong(5),
                        instant(row, 6),
                        instant(row, 7)),
                statement -> {});
    }

    /** The newest, at most so many. @throws dev.handover.fault.Fault when the target does not answer */
    public List<Entry> newest(int entriesMax) {
        return read(
                ENTRY + " ORDER BY id DESC LIMIT ?",
                DeadLetterIndex::entry,
                statement -> statement.setInt(1, entriesMax));
    }

    /** One of them. @throws dev.handover.fault.Fault when the target does not answer */
    public Optional<Entry> find(long id) {
        return read(ENTRY + " WHERE id = ?", DeadLetterIndex::entry, statement -> statement.setLong(1, id)).stream()
                .findFirst();
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getInt(6),
                row.getLong(7),
                row.getString(8),
                row.getString(9),
                row.getInt(10),
                row.getInt(11),
                row.getInt(12),
                instant(row, 13),
                row.getString(14),
                Optional.ofNullable(row.getObject(15, OffsetDateTime.class)).map(OffsetDateTime::toInstant),
                row.getString(16));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private interface Binding {
        void to(PreparedStatement statement) throws SQLException;
    }

    private <T> List<T> read(String sql, Reading<T> reading, Binding parameters) {
        List<T> found = new ArrayList<>();
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            parameters.to(statement);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(reading.of(row));
                }
            }
            return found;
        } catch (SQLException e) {
            throw target.fault(e);
        }
    }
}
