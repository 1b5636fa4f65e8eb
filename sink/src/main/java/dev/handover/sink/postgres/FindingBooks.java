package dev.handover.sink.postgres;

import dev.handover.sink.batch.Filtered;
import dev.handover.sink.batch.FindingTotal;
import dev.handover.sink.batch.Findings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The books of what mappings did not understand, and of what their rules leave out. One statement each for a batch.
 *
 * <p>Sinks share rows here, so every statement takes its rows in their order, and they come last before the commit.
 */
final class FindingBooks {
    private static final String MAPPED = "INSERT INTO handover.mapped AS m (topic, partition, table_name, source_table,"
            + " mapping_version, rows) SELECT u.topic, u.partition::integer, u.table_name, u.source_table,"
            + " u.version::integer, u.rows::bigint FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[],"
            + " ?::text[]) AS u(topic, partition, table_name, source_table, version, rows)"
            + " ON CONFLICT (topic, partition, source_table, mapping_version) DO UPDATE SET rows = m.rows + excluded.rows";

    /** Answers with the sums after it, and how many rows there were to find something in. */
    private static final String FOUND =
            "INSERT INTO handover.finding AS f (table_name, source_table, column_name, kind,"
                    + " mapping_version, count, examples, first_position, first_position_text, first_at, last_position,"
                    + " last_position_text, last_at) SELECT u.table_name, u.source_table, u.column_name, u.kind,"
                    + " u.version::integer, u.count::bigint, u.examples::text[], u.first_position::bytea, u.first_text,"
                    + " u.first_at::timestamptz, u.last_position::bytea, u.last_text, u.last_at::timestamptz FROM"
                    + " unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],"
                    + " ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) AS u(table_name, source_table, column_name,"
                    + " kind, version, count, examples, first_position, first_text, first_at, last_position, last_text, last_at)"
                    + " ORDER BY 1, 2, 3, 4, 5"
                    + " ON CONFLICT (table_name, source_table, column_name, kind, mapping_version) DO UPDATE SET"
                    + " count = f.count + excluded.count, examples = ARRAY(SELECT e.example FROM"
                    + " unnest(f.examples || excluded.examples) WITH ORDINALITY AS e(example, place) GROUP BY e.example"
                    + " ORDER BY min(e.place) LIMIT " + Findings.EXAMPLES_MAX + "),"
                    + " " + earliest("first_position") + ", " + earliest("first_position_text") + ", "
                    + earliest("first_at")
                    + ", " + latest("last_position") + ", " + latest("last_position_text") + ", " + latest("last_at")
                    + " RETURNING f.table_name, f.source_table, f.column_name, f.kind, f.mapping_version,"
                    + " f.count, (SELECT COALESCE(sum(m.rows), 0) FROM handover.mapped m WHERE m.table_name = f.table_name AND"
                    + " m.source_table = f.source_table AND m.mapping_version = f.mapping_version)";

    private static final String FILTERED = "INSERT INTO handover.filtered AS f (table_name, source_table, rule,"
            + " mapping_version, changes) SELECT u.table_name, u.source_table, u.rule, u.version::integer,"
            + " u.changes::bigint FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) AS"
            + " u(table_name, source_table, rule, version, changes) ORDER BY 1, 2, 3, 4"
            + " ON CONFLICT (table_name, source_table, rule, mapping_version) DO UPDATE SET"
            + " changes = f.changes + excluded.changes";

    private static String earliest(String column) {
        return column + " = CASE WHEN excluded.first_position < f.first_position THEN excluded." + column + " ELSE f."
                + column + " END";
    }

    private static String latest(String column) {
        return column + " = CASE WHEN excluded.last_position > f.last_position THEN excluded." + column + " ELSE f."
                + column + " END";
    }

    /**
     * Adds the findings of a batch.
     *
     * @return the sums after it of what the batch was found to hold
     */
    List<FindingTotal> write(Connection connection, Findings findings) throws SQLException {
        if (findings.rows().isEmpty()) {
            return List.of();
        }
        TextArrays mapped = new TextArrays(6, findings.rows().size());
        int row = 0;
        for (var entry : findings.rows().entrySet()) {
            Findings.Source source = entry.getKey();
            mapped.set(0, row, source.partition().topic());
            mapped.set(1, row, Integer.toString(source.partition().number()));
            mapped.set(2, row, source.table().shortText());
            mapped.set(3, row, source.source().text());
            mapped.set(4, row, Integer.toString(source.mappingVersion()));
            mapped.set(5, row++, Long.toString(entry.getValue()));
        }
        update(connection, MAPPED, mapped);
        return findings.sums().isEmpty() ? List.of() : sums(connection, findings.sums());
    }

    private static List<FindingTotal> sums(Connection connection, SortedMap<Findings.Of, Findings.Sum> sums)
            throws SQLException {
        TextArrays found = new TextArrays(13, sums.size());
        int row = 0;
        for (var entry : sums.entrySet()) {
            Findings.Of of = entry.getKey();
            Findings.Sum sum = entry.getValue();
            found.set(0, row, of.table().shortText());
            found.set(1, row, of.source().text());
            found.set(2, row, of.column());
            found.set(3, row, of.kind().code());
            found.set(4, row, Integer.toString(of.mappingVersion()));
            found.set(5, row, Long.toString(sum.count()));
            found.set(6, row, array(sum.examples()));
            found.set(7, row, RowText.bytea(sum.first().position().bytes()));
            found.set(8, row, sum.first().position().text());
            found.set(9, row, sum.first().at().toString());
            found.set(10, row, RowText.bytea(sum.last().position().bytes()));
            found.set(11, row, sum.last().position().text());
            found.set(12, row++, sum.last().at().toString());
        }
        List<FindingTotal> totals = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(FOUND)) {
            found.bind(connection, statement, 1);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    totals.add(FindingLedger.total(rows));
                }
            }
        }
        return totals;
    }

    /** Adds changes whose row a rule leaves out. */
    void write(Connection connection, SortedMap<Filtered, Long> filtered) throws SQLException {
        if (filtered.isEmpty()) {
            return;
        }
        TextArrays arrays = new TextArrays(5, filtered.size());
        int row = 0;
        for (var entry : filtered.entrySet()) {
            Filtered rule = entry.getKey();
            arrays.set(0, row, rule.table().shortText());
            arrays.set(1, row, rule.source().text());
            arrays.set(2, row, rule.rule());
            arrays.set(3, row, Integer.toString(rule.mappingVersion()));
            arrays.set(4, row++, Long.toString(entry.getValue()));
        }
        update(connection, FILTERED, arrays);
    }

    private static void update(Connection connection, String sql, TextArrays arrays) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            arrays.bind(connection, statement, 1);
            statement.executeUpdate();
        }
    }

    /** An array as PostgreSQL reads it. */
    private static String array(List<String> texts) {
        return texts.stream()
                .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }
}
