package dev.handover.sink.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the control schema tells of dead letters: everything but what their keys and values hold. */
public final class DeadLetterIndex {
    private static final String ENTRY = "SELECT id, stage, reason, place, topic, partition, record_offset, table_name,"
            + " position_text, mapping_version, coalesce(length(key), -1), coalesce(length(value), -1), rejected_at, state"
            + " FROM handover.dead_letter";

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
            String state) {}

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
                        instant(row, 7)));
    }

    /** The newest, at most so many. @throws dev.handover.fault.Fault when the target does not answer */
    public List<Entry> newest(int entriesMax) {
        return read(ENTRY + " ORDER BY id DESC LIMIT ?", DeadLetterIndex::entry, entriesMax);
    }

    /** One of them. @throws dev.handover.fault.Fault when the target does not answer */
    public Optional<Entry> find(long id) {
        return read(ENTRY + " WHERE id = ?", DeadLetterIndex::entry, id).stream()
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
                row.getString(14));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> read(String sql, Reading<T> reading, Number... parameters) {
        List<T> found = new ArrayList<>();
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setLong(i + 1, parameters[i].longValue());
            }
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
