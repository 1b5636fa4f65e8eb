package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.stack.Service;
import dev.handover.reconciler.Divergence;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that are hard to follow: without a key and with equal rows, with keys that change, that are swapped or that
 * the source folds, with values stored out of line, with more columns than anybody should have, and with names that
 * need quotes. They change while they are loaded, and roles are killed meanwhile; then plain SQL says whether all is
 * there.
 */
class HardTablesIT {
    private static final Duration STEP_MAX = Duration.ofMinutes(2);
    private static final int ROUNDS = 3;
    private static final int POSTGRES_COLUMNS = 1_200;
    private static final int MARIADB_COLUMNS = 1_000;
    private static final Map<String, List<String>> KEYLESS =
            Map.of("click", List.of("who"), "patient_data", List.of("fname"));

    @Test
    void hardTablesOfPostgresArrive(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            try (Connection target = pipeline.target()) {
                run(target, "CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public");
            }
            try (Connection source = pipeline.source("")) {
                run(source, POSTGRES);
                run(
                        source,
                        wide(POSTGRES_COLUMNS, "\"", "text"),
                        wideRows(POSTGRES_COLUMNS, "generate_series(1, 3) g", "g"));
            }
            pipeline.describe(pipeline.endpoints().source().database(), "    postgres: {heartbeat: 1s}\n", "");
            pipeline.run();
            pipeline.until("the slot", STEP_MAX, () -> answers(pipeline, "SELECT 1 FROM pg_replication_slots"));
            pipeline.roles().kill(RoleName.CAPTURE);
            try (Connection source = pipeline.source("")) {
                run(source, round(POSTGRES_ROUND, 0));
            }
            pipeline.awaitLoaded(POSTGRES_TABLES);
            for (int round = 1; round <= ROUNDS; round++) {
                try (Connection source = pipeline.source("")) {
                    run(source, round(POSTGRES_ROUND, round));
                    inOneTransaction(source, round(POSTGRES_MOVES, round));
                }
                if (round < ROUNDS) {
                    pipeline.roles().kill(round == 1 ? RoleName.TRANSFORM : RoleName.CAPTURE);
                }
            }

            Reports.assertConverged(pipeline.compare(), POSTGRES_TABLES);
            try (Connection source = pipeline.source("");
                    Connection target = pipeline.target()) {
                Map<String, CatalogTable> tables = CatalogTable.all(source, null, "public", KEYLESS);
                assertThat(tables).hasSize(POSTGRES_TABLES);
                PostgresOracle oracle = new PostgresOracle(source, target);
                for (CatalogTable table : tables.values()) {
                    oracle.requireEqual(
                            PostgresOracle.copy("public", table.name(), table.columnNames()),
                            PostgresOracle.copy("clinical", table.name(), table.columnNames()));
                }
                aCopyTooFewAndOneTooManyAreNamed(pipeline, target);
            }
        }
    }

    @Test
    void hardTablesOfMariaDbArrive(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.MARIADB)) {
            try (Connection source = pipeline.source("")) {
                run(source, "CREATE DATABASE clinic CHARACTER SET utf8mb4");
            }
            try (Connection source = pipeline.source("clinic")) {
                run(source, MARIADB);
                run(source, wide(MARIADB_COLUMNS, "`", "varchar(1)"), wideRows(MARIADB_COLUMNS, "seq_1_to_3", "seq"));
            }
            pipeline.describe("clinic", "    mariadb: {serverId: 4711}\n", "");
            pipeline.run();
            pipeline.awaitLoaded(MARIADB_TABLES);
            for (int round = 1; round <= ROUNDS; round++) {
                try (Connection source = pipeline.source("clinic")) {
                    run(source, round(MARIADB_ROUND, round));
                    inOneTransaction(source, round(MARIADB_MOVES, round));
                }
                if (round < ROUNDS) {
                    pipeline.roles().kill(round == 1 ? RoleName.CAPTURE : RoleName.TRANSFORM);
                }
            }

            Reports.assertConverged(pipeline.compare(), MARIADB_TABLES);
            try (Connection source = pipeline.source("clinic");
                    Connection target = pipeline.target()) {
                run(source, "SET SESSION sql_mode = 'ANSI_QUOTES'");
                Map<String, CatalogTable> tables = CatalogTable.all(source, "clinic", null, KEYLESS);
                assertThat(tables).hasSize(MARIADB_TABLES);
                assertThat(new MariaDbOracle(source, target).differences(tables.values()))
                        .isEmpty();
                assertThat(column(target, "SELECT code || '|' FROM clinical.codes ORDER BY code COLLATE \"C\""))
                        .containsExactly("Resume|", "XYZ|", "abc|", "dEF|", "pad |");
                aKeyOfOtherCaseIsAnotherKey(pipeline, target);
            }
        }
    }

    private static final int POSTGRES_TABLES = 8;
    private static final String[] POSTGRES = {
        "CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public",
        "CREATE TABLE click (who text, what integer, at timestamptz, amount numeric, tags text[], long text)",
        "ALTER TABLE click REPLICA IDENTITY FULL",
        "ALTER TABLE click ALTER long SET STORAGE EXTERNAL",
        "INSERT INTO click SELECT 'w' || g % 40, g % 3, '2024-01-01', 2.50, ARRAY['a', NULL], NULL"
                + " FROM generate_series(1, 20000) g",
        "INSERT INTO click SELECT 'long', g % 2, NULL, NULL, NULL, repeat('x', 5000) FROM generate_series(1, 6) g",
        "INSERT INTO click SELECT NULL, NULL, NULL, NULL, NULL, NULL FROM generate_series(1, 4)",
        "CREATE TABLE \"Order\" (\"Select\" integer, \"From\" text, \"a.b\" text, \"with\"\"quote\" text,"
                + " \"Group\" timestamptz, PRIMARY KEY (\"Select\", \"a.b\"))",
        "INSERT INTO \"Order\" SELECT g, 'f' || g, 'A' || g, '\"', now() FROM generate_series(1, 50) g",
        "CREATE TABLE \"v1.Visits\" (\"userId\" integer PRIMARY KEY, \"UserName\" text, \"from\" text)",
        "INSERT INTO \"v1.Visits\" SELECT g, 'U', 'u' FROM generate_series(1, 50) g",
        "CREATE TABLE toast_default (id integer PRIMARY KEY, n integer, doc text, arr text[], bin bytea, j jsonb)",
        "CREATE TABLE toast_full (LIKE toast_default INCLUDING ALL)",
        "ALTER TABLE toast_full REPLICA IDENTITY FULL",
        "ALTER TABLE toast_default ALTER doc SET STORAGE EXTERNAL, ALTER arr SET STORAGE EXTERNAL,"
                + " ALTER bin SET STORAGE EXTERNAL, ALTER j SET STORAGE EXTERNAL",
        "ALTER TABLE toast_full ALTER doc SET STORAGE EXTERNAL, ALTER arr SET STORAGE EXTERNAL,"
                + " ALTER bin SET STORAGE EXTERNAL, ALTER j SET STORAGE EXTERNAL",
        "INSERT INTO toast_default SELECT g, 0, repeat('d' || g, 3000), array_fill('e' || g, ARRAY[2000]),"
                + " decode(repeat(md5(g::text), 200), 'hex'), jsonb_build_object('k', repeat('j' || g, 3000))"
                + " FROM generate_series(1, 12) g",
        "INSERT INTO toast_full SELECT * FROM toast_default",
        "CREATE TABLE moves (id integer PRIMARY KEY, v text, doc text)",
        "ALTER TABLE moves ALTER doc SET STORAGE EXTERNAL",
        "INSERT INTO moves SELECT g, 'v' || g, repeat('m' || g, 3000) FROM generate_series(1, 40) g",
        "CREATE TABLE folded (code citext PRIMARY KEY, v integer)",
        "INSERT INTO folded VALUES ('ABC', 1), ('Def', 2), ('XYZ', 3)",
    };
    private static final String[] POSTGRES_ROUND = {
        "INSERT INTO click SELECT 'w' || g % 5, g % 3, '2024-01-01', 2.50, ARRAY['a', NULL], NULL"
                + " FROM generate_series(1, 30) g",
        "DELETE FROM click WHERE ctid IN (SELECT ctid FROM click WHERE who = 'w1' LIMIT 7)",
        "UPDATE click SET what = what + 1 WHERE ctid IN (SELECT ctid FROM click WHERE who = 'w2' LIMIT 9)",
        "UPDATE click SET what = what + 1 WHERE ctid IN (SELECT ctid FROM click WHERE who = 'long' LIMIT 2)",
        "UPDATE click SET what = what WHERE who = 'w3'",
        "DELETE FROM click WHERE ctid IN (SELECT ctid FROM click WHERE who IS NULL LIMIT 1)",
        "UPDATE click SET amount = 2.5 WHERE who = 'w4'",
        "UPDATE \"Order\" SET \"From\" = 'r%d' WHERE \"Select\" % 3 = 0",
        "UPDATE \"Order\" SET \"a.b\" = lower(\"a.b\") || '%d' WHERE \"Select\" = 10 + %d",
        "UPDATE \"v1.Visits\" SET \"UserName\" = \"from\", \"from\" = \"UserName\" WHERE \"userId\" % 2 = 0",
        "UPDATE wide SET \"C7\" = \"C7\" + 1",
        "UPDATE toast_default SET n = n + 1",
        "UPDATE toast_full SET n = n + 1",
        "UPDATE toast_default SET doc = doc || 'x', bin = bin || bin WHERE id = 1 + %d",
        "UPDATE toast_full SET arr = arr || 'x'::text, j = '{}' WHERE id = 1 + %d",
        "UPDATE toast_default SET id = id + 100 WHERE id = 5 + %d",
        "UPDATE toast_full SET id = id + 100 WHERE id = 5 + %d",
        "UPDATE moves SET id = id + 1000 WHERE id = 20 + %d",
        "UPDATE moves SET id = id + 1000 WHERE id = 1020 + %d",
        "UPDATE moves SET id = 3000 + %d, doc = doc || '!' WHERE id = 2020 + %d",
        "DELETE FROM folded WHERE code = 'def'",
        "INSERT INTO folded VALUES ('dEF', %d)",
        "UPDATE folded SET code = lower(code::text)::citext WHERE code = 'abc'",
    };
    /** A chain A to B to C, a swap, and a key that is left and taken again. */
    private static final String[] POSTGRES_MOVES = {
        "UPDATE moves SET id = 103 WHERE id = 3",
        "UPDATE moves SET id = 3 WHERE id = 2",
        "UPDATE moves SET id = 2 WHERE id = 1",
        "UPDATE moves SET id = 1 WHERE id = 103",
        "UPDATE moves SET id = -id WHERE id = 7",
        "UPDATE moves SET id = 7 WHERE id = 8",
        "UPDATE moves SET id = 8 WHERE id = -7",
        "DELETE FROM moves WHERE id = 9",
        "INSERT INTO moves VALUES (9, 'again %d', NULL)",
        "UPDATE click SET who = 'moved' WHERE who = 'w6'",
        "UPDATE click SET who = 'w6' WHERE who = 'moved'",
    };

    private static final int MARIADB_TABLES = 7;
    private static final String[] MARIADB = {
        "CREATE TABLE click (who varchar(20) COLLATE utf8mb4_general_ci, what integer, at datetime,"
                + " amount decimal(10, 2), f float, note mediumtext)",
        "INSERT INTO click SELECT concat(if(seq % 2, 'w', 'W'), seq % 40), seq % 3, '2024-01-01', 2.50, 0.1, NULL"
                + " FROM seq_1_to_10000",
        "INSERT INTO click SELECT NULL, NULL, NULL, NULL, NULL, repeat('x', 100000) FROM seq_1_to_4",
        "CREATE TABLE patient_data (pid bigint, fname varchar(50), UNIQUE (pid))",
        "INSERT INTO patient_data SELECT nullif(seq, seq DIV 2 * 2), concat('n', seq % 4) FROM seq_1_to_100",
        "CREATE TABLE `order` (`select` integer, `Group` varchar(10), `a.b` varchar(20), `with\"quote` integer,"
                + " PRIMARY KEY (`select`, `a.b`))",
        "INSERT INTO `order` SELECT seq, 'g', concat('A', seq), 1 FROM seq_1_to_50",
        "CREATE TABLE codes (code varchar(20) COLLATE utf8mb4_general_ci PRIMARY KEY, v integer)",
        "INSERT INTO codes VALUES ('ABC', 1), ('Def', 2), ('XYZ', 3), ('R\u00e9sum\u00e9', 4), ('pad', 5)",
        "CREATE TABLE sites (site char(3), code varchar(20) COLLATE utf8mb4_unicode_ci, v integer,"
                + " PRIMARY KEY (code, site))",
        "INSERT INTO sites SELECT 'A', concat('Code', seq), seq FROM seq_1_to_40",
        "CREATE TABLE moves (id integer PRIMARY KEY, v text)",
        "INSERT INTO moves SELECT seq, concat('v', seq) FROM seq_1_to_40",
    };
    private static final String[] MARIADB_ROUND = {
        "INSERT INTO click SELECT concat('w', seq % 5), seq % 3, '2024-01-01', 2.50, 0.1, NULL FROM seq_1_to_30",
        "DELETE FROM click WHERE who = 'w1' LIMIT 7",
        "UPDATE click SET what = what + 1 WHERE who = 'w2' LIMIT 9",
        "UPDATE click SET who = upper(who) WHERE who = 'w3' LIMIT 11",
        "UPDATE click SET what = %d WHERE who IS NULL LIMIT 2",
        "DELETE FROM click WHERE who IS NULL LIMIT 1",
        "DELETE FROM patient_data WHERE pid IS NULL LIMIT 3",
        "UPDATE patient_data SET pid = 1000 + %d WHERE pid IS NULL LIMIT 1",
        "INSERT INTO patient_data VALUES (NULL, 'n1'), (NULL, 'n1')",
        "UPDATE `order` SET `a.b` = lower(`a.b`) WHERE `select` %% 3 = 0",
        "UPDATE wide SET `C7` = `C7` + 1",
        "UPDATE codes SET code = 'abc' WHERE code = 'ABC'",
        "DELETE FROM codes WHERE code = 'def'",
        "INSERT INTO codes VALUES ('dEF', %d)",
        "UPDATE codes SET code = 'Resume' WHERE code = 'resume'",
        "UPDATE codes SET code = 'pad ' WHERE code = 'pad'",
        "UPDATE sites SET code = upper(code) WHERE v = 3 + %d",
        "UPDATE sites SET site = 'B', code = concat(code, ' ') WHERE v = 10 + %d",
    };
    private static final String[] MARIADB_MOVES = {
        "UPDATE moves SET id = 103 WHERE id = 3",
        "UPDATE moves SET id = 3 WHERE id = 2",
        "UPDATE moves SET id = 2 WHERE id = 1",
        "UPDATE moves SET id = 1 WHERE id = 103",
        "UPDATE moves SET id = -id WHERE id = 7",
        "UPDATE moves SET id = 7 WHERE id = 8",
        "UPDATE moves SET id = 8 WHERE id = -7",
        "DELETE FROM moves WHERE id = 9",
        "INSERT INTO moves VALUES (9, 'again %d')",
        "UPDATE click SET who = 'moved' WHERE who = 'w6'",
        "UPDATE click SET who = 'w6' WHERE who = 'moved'",
    };

    private static String wide(int columns, String quote, String text) {
        return "CREATE TABLE wide (id integer PRIMARY KEY, "
                + IntStream.range(1, columns)
                        .mapToObj(i -> quote + "C" + i + quote + (i % 10 == 0 ? " " + text : " smallint"))
                        .collect(Collectors.joining(", "))
                + ")";
    }

    private static String wideRows(int columns, String from, String number) {
        return "INSERT INTO wide SELECT " + number + ", "
                + IntStream.range(1, columns)
                        .mapToObj(i -> i % 10 == 0 ? "'" + i / 10 % 10 + "'" : number + " + " + i)
                        .collect(Collectors.joining(", "))
                + " FROM " + from;
    }

    /** Both are seen although nothing is lost or added in sum. */
    private static void aCopyTooFewAndOneTooManyAreNamed(LivePipeline pipeline, Connection target) throws SQLException {
        target.setAutoCommit(true);
        run(
                target,
                "UPDATE clinical.click SET _handover_copy = 1000000 WHERE who = 'w5' AND _handover_copy = 2 AND what = 1",
                "DELETE FROM clinical.click WHERE ctid = (SELECT ctid FROM clinical.click WHERE who LIKE '_8' AND _handover_copy"
                        + " = 1 LIMIT 1)");
        assertThat(diverged(pipeline, "clinical.click"))
                .isEqualTo(Map.of(Divergence.Kind.MISSING, 2L, Divergence.Kind.EXTRANEOUS, 1L));
    }

    /** The source answers a question for either spelling with the one that it has. */
    private static void aKeyOfOtherCaseIsAnotherKey(LivePipeline pipeline, Connection target) throws SQLException {
        run(target, "UPDATE clinical.codes SET code = 'xyz' WHERE code = 'XYZ'");
        assertThat(diverged(pipeline, "clinical.codes"))
                .isEqualTo(Map.of(Divergence.Kind.MISSING, 1L, Divergence.Kind.EXTRANEOUS, 1L));
    }

    private static Map<Divergence.Kind, Long> diverged(LivePipeline pipeline, String table) {
        RunReport report = pipeline.compare();
        assertThat(report.verdict()).isEqualTo(Verdict.DIVERGED);
        TableReport only = report.tables().stream()
                .filter(each -> each.verdict() != Verdict.CONVERGED)
                .collect(Collectors.collectingAndThen(Collectors.toList(), list -> {
                    assertThat(list).hasSize(1);
                    return list.get(0);
                }));
        assertThat(only.targetTable()).isEqualTo(table);
        return only.divergences().stream()
                .collect(Collectors.groupingBy(Divergence::kind, TreeMap::new, Collectors.counting()));
    }

    private static String[] round(String[] statements, int round) {
        return java.util.Arrays.stream(statements)
                .map(sql -> sql.replace("%d", Integer.toString(round)).replace("%%", "%"))
                .toArray(String[]::new);
    }

    private static boolean answers(LivePipeline pipeline, String sql) {
        try (Connection source = pipeline.source("")) {
            return !column(source, sql).isEmpty();
        } catch (SQLException e) {
            throw new AssertionError("the source does not answer", e);
        }
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
        List<String> values = new java.util.ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        }
        return values;
    }

    private static void inOneTransaction(Connection connection, String... statements) throws SQLException {
        connection.setAutoCommit(false);
        run(connection, statements);
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    throw new SQLException(sql.substring(0, Math.min(200, sql.length())), e);
                }
            }
        }
    }
}
