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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the control schema says of the findings of mappings so far.
 *
 * @param entries by table, source, column, kind and version
 * @param rows that the mappings made, by mapping
 * @param filtered changes whose row a rule leaves out
 */
public record FindingLedger(List<Entry> entries, SortedMap<Mapping, Long> rows, SortedMap<Filtered, Long> filtered) {
    /** Where nothing was found yet. */
    public static final FindingLedger EMPTY = new FindingLedger(List.of(), new TreeMap<>(), new TreeMap<>());

    public FindingLedger {
        entries = List.copyOf(entries);
        rows = new TreeMap<>(rows);
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

    /** One version of the mapping of one source table to one target table. */
    public record Mapping(TableId table, TableId source, int version) implements Comparable<Mapping> {
        private static final Comparator<Mapping> ORDER = Comparator.comparing(Mapping::table)
                .thenComparing(Mapping::source)
                .thenComparingInt(Mapping::version);

        public Mapping {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(source, "source");
        }

        @Override
        public int compareTo(Mapping other) {
            return ORDER.compare(this, other);
        }
    }

    /** The entries of the highest version of each mapping that made rows: what is wrong now, not what was before. */
    public List<Entry> newest() {
        return entries.stream()
                .filter(entry -> {
                    Findings.Of of = entry.total().of();
                    // no higher version of the same mapping: the next key of the order is of another one
                    return rows.tailMap(new Mapping(of.table(), of.source(), of.mappingVersion() + 1)).keySet().stream()
                            .findFirst()
                            .filter(next -> next.table().equals(of.table())
                                    && next.source().equals(of.source()))
                            .isEmpty();
                })
                .toList();
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
            FindingLedger ledger = new FindingLedger(entries(connection), rows(connection), filtered(connection));
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

    private static SortedMap<Mapping, Long> rows(Connection connection) throws SQLException {
        SortedMap<Mapping, Long> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT table_name, source_table, mapping_version, sum(rows) FROM"
                                + " handover.mapped GROUP BY 1, 2, 3")) {
            while (row.next()) {
                rows.put(
                        new Mapping(table(row.getString(1)), TableId.parse(row.getString(2)), row.getInt(3)),
                        row.getLong(4));
            }
        }
        return rows;
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
