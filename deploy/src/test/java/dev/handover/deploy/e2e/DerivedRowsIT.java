package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.stack.Service;
import dev.handover.reconciler.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows that are filtered, translated, converted and derived, by load and by stream, are those that SQL makes of the
 * source's; rows that a rule leaves out are not there; and what was not understood is counted.
 */
class DerivedRowsIT {
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);
    private static final int ROWS = 420;

    private static final String MAPPING = """
            maps:
              icd:
                csv: icd.csv
                key: [{column: code}, {column: version}]
                target: icd10
                relation: relation
                several: choice
              units: {units: units.csv}
            tables:
              - from: pas.public.result
                to: clinical.observation
                where: {rule: no-tests, keep: "row.status != 'test'"}
                columns:
                  value:
                    from: value
                    unit: {column: uom, map: units, to: kg, rounding: {scale: 2}}
                    onInvalid: null-with-raw
                    onUnmapped: null-with-raw
                  unit: {part: value.unit}
                  unit_status: {part: value.unitStatus}
                  code: {from: dx, codes: {map: icd, columns: [dx_version], onMany: first, onNoMap: null-with-raw}}
                  relation: {part: code.relation}
                  heavy: {cel: "row.value > 100"}
                  label:
                    cel: |
                      row.mrn.upperAscii()
                        + (has(row.uom) ? '/' + row.uom : '')
                    type: varchar(40)
                  seen_year: {cel: "int(row.seen.substring(0, 4))", type: smallint}
                  "*": {from: "*"}
            """;

    /** What the mapping ought to make, in the source's own SQL. */
    private static final String EXPECTED = """
            SELECT id, mrn,
              CASE uom WHEN 'kg' THEN round(value, 2) WHEN 'lb' THEN round(value * 0.45359237, 2)
                       WHEN 'g' THEN round(value / 1000, 2) END,
              CASE WHEN uom IN ('kg', 'lb', 'g') THEN 'kg' END,
              CASE dx || dx_version WHEN '78029' THEN 'R55' WHEN '250009' THEN 'E119' WHEN 'V1229' THEN 'Z862'
                       WHEN 'V12210' THEN 'V122' END,
              CASE dx || dx_version WHEN '78029' THEN 'equivalent' WHEN '250009' THEN 'wider'
                       WHEN 'V1229' THEN 'equivalent' WHEN 'V12210' THEN 'equivalent' ELSE 'no-map' END,
              value > 100, upper(mrn) || coalesce('/' || uom, ''), extract(year FROM seen), seen, status
            FROM result WHERE status <> 'test' ORDER BY id
            """;

    private static final String MADE = """
            SELECT id, mrn, value, unit, code, relation, heavy, label, seen_year, seen, status
            FROM clinical.observation ORDER BY id
            """;

    @Test
    void rowsAreThoseThatSqlMakesOfTheSourcesByLoadAndByStream(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE);
                Connection source = pipeline.source("")) {
            install(source);
            maps(directory);
            pipeline.describe(pipeline.endpoints().source().database(), "", MAPPING);
            pipeline.run();
            pipeline.awaitLoaded(1);
            try (Connection target = pipeline.target()) {
                pipeline.until("the load", WAIT_MAX, () -> lines(target, MADE).equals(lines(source, EXPECTED)));
                assertThat(lines(target, MADE)).hasSizeGreaterThan(ROWS / 2);
                change(source);
                pipeline.until("the stream", WAIT_MAX, () -> lines(target, MADE).equals(lines(source, EXPECTED)));

                assertThat(lines(target, "SELECT DISTINCT unit_status FROM clinical.observation ORDER BY 1"))
                        .containsExactly("as-written", "inconvertible", "rounded", "unmapped");
                assertRawOnlyWhereItIsNeeded(target);
                assertThat(findings(target))
                        .containsKeys(
                                "code approximate",
                                "code no-map",
                                "code one-to-many",
                                "value invalid",
                                "value unknown-unit");
                assertThat(findings(target).get("code no-map"))
                        .as("once for every row that was applied, and some were applied twice")
                        .isGreaterThanOrEqualTo(count(source, "dx = 'E8500' AND status <> 'test'"));
                assertThat(lines(target, "SELECT rule FROM handover.filtered WHERE changes > 0"))
                        .containsExactly("no-tests");
            }

            RunReport report = pipeline.compare();

            Reports.assertConverged(report, 1);
        }
    }

    private static void maps(Path directory) throws Exception {
        Files.writeString(directory.resolve("icd.csv"), """
                code,version,icd10,relation
                7802,9,R55,equivalent
                25000,9,E119,wider
                V122,9,Z862,equivalent
                V122,9,Z8632,equivalent
                V122,10,V122,equivalent
                E8500,9,,no-map
                """);
        Files.writeString(directory.resolve("units.csv"), "local,ucum\nkg,kg\ng,g\nlb,[lb_av]\nC,Cel\n");
    }

    private static void install(Connection source) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute(
                    "CREATE TABLE result (id int PRIMARY KEY, mrn text NOT NULL, value numeric(10,3) NOT NULL,"
                            + " uom text, dx text NOT NULL, dx_version text NOT NULL, seen date NOT NULL, status text NOT NULL)");
            statement.execute(rows(1, ROWS));
        }
    }

    private static String rows(int first, int last) {
        return "INSERT INTO result SELECT n, 'm' || n, n * 1.237,"
                + " (ARRAY['kg', 'lb', 'g', 'C', 'bushel', NULL])[n % 6 + 1],"
                + " (ARRAY['7802', '25000', 'V122', 'V122', 'E8500'])[n % 5 + 1],"
                + " (ARRAY['9', '9', '9', '10', '9'])[n % 5 + 1],"
                + " date '1990-01-01' + n * 40, CASE WHEN n % 7 = 0 THEN 'test' ELSE 'final' END"
                + " FROM generate_series(" + first + ", " + last + ") AS n";
    }

    /** Rows come, go, leave by the rule, come back by it, and change what is derived from them. */
    private static void change(Connection source) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute(rows(ROWS + 1, ROWS + 80));
            statement.execute("UPDATE result SET status = 'test' WHERE id % 11 = 1");
            statement.execute("UPDATE result SET status = 'final' WHERE id % 14 = 0");
            statement.execute("UPDATE result SET uom = 'lb' WHERE uom = 'bushel' AND id % 4 = 0");
            statement.execute("UPDATE result SET dx = 'V122', dx_version = '9' WHERE id % 13 = 0");
            statement.execute("UPDATE result SET value = value + 1000, seen = seen + 400 WHERE id % 17 = 0");
            statement.execute("DELETE FROM result WHERE id % 9 = 0");
        }
    }

    /** A unit that one string means, and a code that one code means, come back without a raw copy. */
    private static void assertRawOnlyWhereItIsNeeded(Connection target) {
        String raw = "SELECT DISTINCT %s FROM (SELECT *, coalesce(_handover_raw::jsonb, '{}') AS raw"
                + " FROM clinical.observation) AS made WHERE %s ORDER BY 1";
        assertThat(lines(target, raw.formatted("raw ? 'uom'", "label LIKE '%/kg'")))
                .containsExactly("false");
        assertThat(lines(target, raw.formatted("raw ->> 'uom'", "label LIKE '%/lb'")))
                .containsExactly("lb");
        assertThat(lines(target, raw.formatted("code", "NOT raw ? 'dx'"))).containsExactly("R55", "V122");
        assertThat(lines(target, raw.formatted("raw ? 'dx_version'", "true"))).containsExactly("true");
    }

    private static Map<String, Long> findings(Connection target) throws SQLException {
        Map<String, Long> findings = new TreeMap<>();
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT column_name || ' ' || lower(replace(kind, '_', '-')), count FROM handover.finding")) {
            while (rows.next()) {
                findings.put(rows.getString(1), rows.getLong(2));
            }
        }
        return findings;
    }

    private static long count(Connection source, String where) {
        return Long.parseLong(
                lines(source, "SELECT count(*) FROM result WHERE " + where).get(0));
    }

    /** Rows as text, numbers without the zeros at their end. */
    private static List<String> lines(Connection connection, String sql) {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    Object cell = rows.getObject(i);
                    cells.add(
                            cell instanceof java.math.BigDecimal number
                                    ? number.stripTrailingZeros().toPlainString()
                                    : String.valueOf(cell));
                }
                lines.add(String.join("|", cells));
            }
        } catch (SQLException e) {
            throw new AssertionError("the server does not answer", e);
        }
        return lines;
    }
}
