package dev.handover.sink.postgres;

import dev.handover.change.Finding;
import dev.handover.row.TableId;
import dev.handover.sink.batch.Filtered;
import dev.handover.sink.batch.FindingTotal;
import dev.handover.sink.batch.Findings;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the control schema says of the findings of mappings so far.
 *
 * @param entries by table, source, column, kind and version
 * @param filtered changes whose row a rule leaves out
 */
public record FindingLedger(List<Entry> entries, SortedMap<Filtered, Long> filtered) {
    /** Where nothing was found yet. */
    public static final FindingLedger EMPTY = new FindingLedger(List.of(), new TreeMap<>());

    public FindingLedger {
        entries = List.copyOf(entries);
        filtered = new TreeMap<>(filtered);
    }

    /**
     * One kind of finding in one column under one version of the mapping.
     *
     * @param examples shapes of values
     * @param firstPosition as text, as {@link dev.handover.position.SourcePosition#text()}
     * @param firstAt by the source's clock
     */
    public record Entry(
            FindingTotal total,
            List<String> examples,
            String firstPosition,
            Instant firstAt,
            String lastPosition,
            Instant lastAt) {
        public Entry {
            Objects.requireNonNull(total, "total");
            examples = List.copyOf(examples);
            Objects.requireNonNull(firstPosition, "firstPosition");
            Objects.requireNonNull(firstAt, "firstAt");
            Objects.requireNonNull(lastPosition, "lastPosition");
            Objects.requireNonNull(lastAt, "lastAt");
        }
    }

    private static final String ENTRIES =
            "SELECT f.table_name, f.source_table, f.column_name, f.kind, f.mapping_version,"
                    + " f.count, COALESCE(m.rows, 0), f.examples, f.first_position_text, f.first_at, f.last_position_text,"
                    + " f.last_at FROM handover.finding f LEFT JOIN (SELECT table_name, source_table, mapping_version,"
                    + " sum(rows) AS rows FROM handover.mapped GROUP BY 1, 2, 3) m"
                    + " USING (table_name, source_table, mapping_version) ORDER BY 1, 2, 3, 4, 5";

    /** Reads it, in one snapshot. @throws dev.handover.fault.Fault when the target does not answer */
    public static FindingLedger read(TargetDatabase target) {
        try (Connection connection = target.open()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            FindingLedger ledger = new FindingLedger(entries(connection), filtered(connection));
            connection.rollback();
            return ledger;
        } catch (SQLException e) {
            throw target.fault(e);
        }
    }

    private static List<Entry> entries(Connection connection) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ENTRIES)) {
            while (row.next()) {
                Array examples = row.getArray(8);
                entries.add(new Entry(
                        total(row),
                        List.of((String[]) examples.getArray()),
                        row.getString(9),
                        row.getObject(10, OffsetDateTime.class).toInstant(),
                        row.getString(11),
                        row.getObject(12, OffsetDateTime.class).toInstant()));
            }
        }
        return entries;
    }

    private static SortedMap<Filtered, Long> filtered(Connection connection) throws SQLException {
        SortedMap<Filtered, Long> filtered = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT table_name, source_table, rule, mapping_version, changes"
                        + " FROM handover.filtered")) {
            while (row.next()) {
                filtered.put(
                        new Filtered(
                                table(row.getString(1)),
                                TableId.parse(row.getString(2)),
                                row.getString(3),
                                row.getInt(4)),
                        row.getLong(5));
            }
        }
        return filtered;
    }

    /** Of a row that begins with table, source, column, kind, version, count and rows. */
    static FindingTotal total(ResultSet row) throws SQLException {
        return new FindingTotal(
                new Findings.Of(
                        table(row.getString(1)),
                        TableId.parse(row.getString(2)),
                        row.getString(3),
                        Finding.Kind.valueOf(
                                row.getString(4).toUpperCase(Locale.ROOT).replace('-', '_')),
                        row.getInt(5)),
                row.getLong(6),
                row.getLong(7));
    }

    private static TableId table(String shortText) {
        int dot = shortText.indexOf('.');
        return TableId.target(shortText.substring(0, dot), shortText.substring(dot + 1));
    }

    /** The sums alone. */
    public List<FindingTotal> totals() {
        return entries.stream().map(Entry::total).toList();
    }
}
