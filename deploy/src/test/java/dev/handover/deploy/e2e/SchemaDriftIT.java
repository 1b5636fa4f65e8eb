package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.pipeline.Plan;
import dev.handover.deploy.pipeline.Plan.Action;
import dev.handover.deploy.pipeline.Planning;
import dev.handover.deploy.stack.Service;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of DDL in mid-stream, one table for each, in one pipeline: what can be followed is followed, what cannot
 * be parks its table alone, and a table that nobody touches goes on all the while. Then the pipeline starts again.
 */
class SchemaDriftIT {
    private static final Duration SETTLE_MAX = Duration.ofSeconds(90);

    private static final List<String> TOUCHED = List.of(
            "added",
            "dropped",
            "renamed_column",
            "widened",
            "retyped",
            "lenient",
            "stopped",
            "rekeyed",
            "loosened",
            "tightened",
            "mood",
            "truncated",
            "renamed",
            "within");

    private final List<String> failures = new ArrayList<>();

    @Test
    void postgresql(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            String database = pipeline.endpoints().source().database();
            try (Connection source = pipeline.source("")) {
                run(source, "CREATE TYPE state AS ENUM ('well', 'ill')");
                create(source, "state");
                start(pipeline, source, database, "public");
                run(
                        source,
                        "ALTER TABLE added ADD COLUMN born date",
                        "UPDATE added SET born = '1815-12-10' WHERE id = 1",
                        "ALTER TABLE dropped DROP COLUMN a",
                        "ALTER TABLE renamed_column RENAME COLUMN a TO b",
                        "ALTER TABLE widened ALTER COLUMN a TYPE bigint, ALTER COLUMN note TYPE text,"
                                + " ALTER COLUMN price TYPE numeric(12,2)",
                        "UPDATE widened SET a = 5000000000, note = repeat('x', 40), price = 9876543210.12 WHERE id = 1",
                        "ALTER TABLE retyped ALTER COLUMN a TYPE text",
                        "ALTER TABLE lenient ALTER COLUMN a TYPE text USING a || ' kg'",
                        "ALTER TABLE stopped ADD COLUMN born date",
                        "ALTER TABLE rekeyed DROP CONSTRAINT rekeyed_pkey, ADD PRIMARY KEY (id, a)",
                        "ALTER TABLE loosened ALTER COLUMN note DROP NOT NULL",
                        "UPDATE loosened SET note = NULL WHERE id = 1",
                        "ALTER TABLE tightened ALTER COLUMN a SET NOT NULL",
                        "ALTER TYPE state ADD VALUE 'better'",
                        "TRUNCATE truncated",
                        "ALTER TABLE renamed RENAME TO renamed_since");
                inOneTransaction(
                        source,
                        "INSERT INTO within VALUES (3, 3, 'before', 1.00, 'ill')",
                        "ALTER TABLE within ALTER COLUMN a TYPE text",
                        "ALTER TABLE within ALTER COLUMN a TYPE bigint USING a::bigint",
                        "INSERT INTO within VALUES (4, 5000000000, 'after', 1.00, 'well')");
                goesOn(pipeline, source, database, "public");
            }
        }
    }

    @Test
    void mariadb(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.MARIADB)) {
            try (Connection admin = pipeline.source("")) {
                run(admin, "CREATE DATABASE pas CHARACTER SET utf8mb4");
            }
            try (Connection source = pipeline.source("pas")) {
                create(source, "enum('well', 'ill')");
                start(pipeline, source, "pas", "pas");
                run(
                        source,
                        "ALTER TABLE added ADD COLUMN born date",
                        "UPDATE added SET born = '1815-12-10' WHERE id = 1",
                        "ALTER TABLE dropped DROP COLUMN a",
                        "ALTER TABLE renamed_column CHANGE a b integer",
                        "ALTER TABLE widened MODIFY a INT8, MODIFY note text, MODIFY price DEC(12,2)",
                        "UPDATE widened SET a = 5000000000, note = repeat('x', 40), price = 9876543210.12 WHERE id = 1",
                        "ALTER TABLE retyped MODIFY a varchar(20)",
                        "ALTER TABLE lenient MODIFY a text",
                        "UPDATE lenient SET a = concat(a, ' kg')",
                        "ALTER TABLE stopped ADD COLUMN born date",
                        "ALTER TABLE rekeyed DROP PRIMARY KEY, ADD PRIMARY KEY (id, a)",
                        "ALTER TABLE loosened MODIFY note varchar(20) NULL",
                        "UPDATE loosened SET note = NULL WHERE id = 1",
                        "ALTER TABLE tightened MODIFY a integer NOT NULL",
                        "ALTER TABLE mood MODIFY state enum('ill', 'well', 'better')",
                        "TRUNCATE TABLE truncated",
                        "RENAME TABLE renamed TO renamed_since",
                        "INSERT INTO within VALUES (3, 3, 'before', 1.00, 'ill')",
                        "ALTER TABLE within MODIFY a text",
                        "ALTER TABLE within MODIFY a bigint",
                        "INSERT INTO within VALUES (4, 5000000000, 'after', 1.00, 'well')");
                goesOn(pipeline, source, "pas", "pas");
            }
        }
    }

    private static void create(Connection source, String state) throws SQLException {
        List<String> all = new ArrayList<>(TOUCHED);
        all.add("calm");
        for (String table : all) {
            run(
                    source,
                    "CREATE TABLE " + table + " (id integer PRIMARY KEY, a integer, note varchar(20) NOT NULL,"
                            + " price numeric(10,2), state " + state + ")",
                    "INSERT INTO " + table + " VALUES (1, 10, 'one', 1.50, 'well'), (2, 20, 'two', 2.50, 'ill')");
        }
    }

    private void start(LivePipeline pipeline, Connection source, String database, String schema) throws IOException {
        describe(pipeline, database, schema, "");
        int tables = TOUCHED.size() + 1;
        boolean mariadb = !schema.equals("public");
        Plan first = plan(pipeline);
        assertThat(first.empty()).isFalse();
        assertThat(first.count(Action.LOAD)).isEqualTo(tables);
        assertThat(lines(first))
                .contains(
                        "create heartbeat table " + schema + ".handover_heartbeat: ",
                        "create topic proof.source.pas." + schema + ".calm: 2 partitions",
                        "create topic proof.canonical.clinical.calm: 2 partitions",
                        "create topic proof.state: 1 partition",
                        "create topic proof.mappings: 1 partition",
                        "create topic proof.dead-letter: 1 partition",
                        "create mapping of pas." + schema + ".lenient to clinical.lenient: version 1 is used for the"
                                + " first time, and written down",
                        "create schema clinical: ",
                        "create schema handover: ",
                        "create table clinical.calm: ")
                .contains(
                        mariadb
                                ? "create topic proof.schema-history.pas: 1 partition"
                                : "create replication slot handover_proof_pas: capture reads the log from there");
        pipeline.run();
        pipeline.awaitLoaded(tables);
        // Then the log is read, and for MariaDB the first history of its schema is made.
        until(pipeline, source, "SELECT count(*) FROM handover_heartbeat WHERE counter > 3", "1");
        Plan loaded = plan(pipeline);
        assertThat(loaded.empty()).as(lines(loaded).toString()).isTrue();
    }

    private static Plan plan(LivePipeline pipeline) {
        return new Planning(pipeline.assembly()).read();
    }

    private static List<String> lines(Plan plan) {
        return plan.places().stream()
                .flatMap(place -> place.lines().stream())
                .map(line -> line.action().text() + " " + line.object() + ": " + line.detail())
                .toList();
    }

    /** What changed shows before a row under it arrives, with what follows from it. */
    private static void foretold(Plan plan, String schema) {
        String table = " table pas." + schema + ".";
        assertThat(lines(plan))
                .contains(
                        "change" + table + "dropped: evolve follows: column \"a\" is gone",
                        "change table clinical.renamed_column: ADD COLUMN \"b\" integer",
                        "change" + table + "tightened: evolve follows: column \"a\" may not be null any more",
                        "park" + table + "stopped: stop parks it at its next change: column \"born\" is new (date)",
                        "park" + table + "rekeyed: evolve parks it at its next change: the key was (id) and is (id, a)")
                .anyMatch(line -> line.startsWith("change" + table
                        + "renamed_column: evolve follows: column \"a\" is gone; column \"b\" is new (int"))
                .anyMatch(line -> line.startsWith("load" + table + "renamed_since: "))
                .anyMatch(line -> line.startsWith(
                        "park" + table + "retyped: evolve parks it at its next change: column \"a\" was int"))
                .anyMatch(line -> line.startsWith("park" + table + "renamed: stands still: "))
                .noneMatch(line -> line.contains("calm") && !line.contains("mapping"));
        if (schema.equals("public")) {
            assertThat(lines(plan))
                    .contains(
                            "change" + table + "lenient: lenient follows: column \"a\" was integer and is text",
                            "change table clinical.lenient: ADD COLUMN \"a__text\" text");
        }
    }

    private static void describe(LivePipeline pipeline, String database, String schema, String retyped) {
        String more = schema.equals("public")
                ? "    postgres: {heartbeat: 500ms}\n"
                : "    mariadb: {serverId: 4711}\n    postgres: {heartbeat: 500ms}\n";
        pipeline.describe(database, more, """
                tables:
                  - {from: pas.%1$s.stopped, to: clinical.stopped, drift: stop}
                  - {from: pas.%1$s.lenient, to: clinical.lenient, drift: lenient}
                  - {from: pas.%1$s.retyped, to: clinical.retyped%2$s}
                """.formatted(schema, retyped));
    }

    /** What follows is the same for both engines. */
    private void goesOn(LivePipeline pipeline, Connection source, String database, String schema) throws Exception {
        boolean mariadb = !schema.equals("public");
        foretold(plan(pipeline), schema);
        run(
                source,
                "CREATE TABLE newcomer (id integer PRIMARY KEY, a integer)",
                "INSERT INTO newcomer VALUES (1, 1)",
                "INSERT INTO added VALUES (3, 3, 'three', 1, 'well', '1906-12-09')",
                "INSERT INTO dropped VALUES (3, 'three', 1, 'well')",
                "INSERT INTO renamed_column VALUES (3, 33, 'three', 1, 'well')",
                "INSERT INTO retyped VALUES (3, 'heavy', 'three', 1, 'well')",
                "DELETE FROM retyped WHERE id = 1",
                "INSERT INTO lenient VALUES (3, 'heavy', 'three', 1, 'well')",
                "INSERT INTO stopped VALUES (3, 3, 'three', 1, 'well', NULL)",
                "INSERT INTO rekeyed VALUES (3, 3, 'three', 1, 'well')",
                "DELETE FROM rekeyed WHERE id = 1",
                "INSERT INTO loosened VALUES (3, 3, NULL, 1, 'well')",
                "INSERT INTO tightened VALUES (3, 3, 'three', 1, 'well')",
                "INSERT INTO mood VALUES (3, 3, 'three', 1, 'better')",
                "INSERT INTO truncated VALUES (3, 3, 'three', 1, 'well')",
                "INSERT INTO renamed_since VALUES (3, 3, 'three', 1, 'well')",
                "INSERT INTO calm VALUES (3, 3, 'three', 1, 'well')");
        try (Connection target = pipeline.target()) {
            until(pipeline, target, "SELECT id FROM clinical.calm ORDER BY id", "1", "2", "3");
            until(
                    pipeline,
                    target,
                    "SELECT id, born FROM clinical.added ORDER BY id",
                    "1 1815-12-10",
                    "2 null",
                    "3 1906-12-09");
            until(
                    pipeline,
                    target,
                    "SELECT id, a, note FROM clinical.dropped ORDER BY id",
                    "1 10 one",
                    "2 20 two",
                    "3 null three");
            until(
                    pipeline,
                    target,
                    "SELECT id, a, b FROM clinical.renamed_column ORDER BY id",
                    "1 10 null",
                    "2 20 null",
                    "3 null 33");
            until(
                    pipeline,
                    target,
                    "SELECT id, a, length(note), price FROM clinical.widened ORDER BY id",
                    "1 5000000000 40 9876543210.12",
                    "2 20 3 2.50");
            String[] lenient = mariadb
                    ? new String[] {"1 null 10 kg", "2 null 20 kg", "3 null heavy"}
                    : new String[] {"1 10 null", "2 20 null", "3 null heavy"};
            until(pipeline, target, "SELECT id, a, a__text FROM clinical.lenient ORDER BY id", lenient);
            until(pipeline, target, "SELECT id, note FROM clinical.loosened ORDER BY id", "1 null", "2 two", "3 null");
            until(pipeline, target, "SELECT id FROM clinical.tightened ORDER BY id", "1", "2", "3");
            until(
                    pipeline,
                    target,
                    "SELECT id, a FROM clinical.within ORDER BY id",
                    "1 10",
                    "2 20",
                    "3 3",
                    "4 5000000000");
            until(pipeline, target, "SELECT id, state FROM clinical.mood ORDER BY id", "1 well", "2 ill", "3 better");
            Set<String> parked = new TreeSet<>(Set.of("retyped", "stopped", "rekeyed", "truncated", "renamed"));
            awaitParked(pipeline, parked);
            assertThat(failures).isEmpty();
            untouched(target, parked);
            assertThat(letters(target))
                    .isEqualTo(
                            Map.of("retyped", "2", "stopped", "1", "rekeyed", "2", "truncated", "2", "renamed", "1"));
            told(pipeline);
            startAgain(pipeline, source, target, database, schema);
        }
    }

    /** A parked table holds what it held. */
    private static void untouched(Connection target, Set<String> parked) throws SQLException {
        for (String table : parked) {
            assertThat(rows(target, "SELECT id, a FROM clinical." + table + " WHERE id < 3 ORDER BY id"))
                    .as(table)
                    .containsExactly("1 10", "2 20");
        }
        assertThat(rows(
                        target,
                        "SELECT DISTINCT reason, stage, value IS NULL FROM handover.dead_letter"
                                + " WHERE stage <> 'capture' OR reason <> 'schema-mismatch'"))
                .isEmpty();
    }

    private static Map<String, String> letters(Connection target) throws SQLException {
        return rows(
                        target,
                        "SELECT split_part(table_name, '.', 3), count(*) FROM handover.dead_letter"
                                + " WHERE state = 'open' GROUP BY 1")
                .stream()
                .map(row -> row.split(" "))
                .collect(Collectors.toMap(row -> row[0], row -> row[1]));
    }

    /** The commands say which tables, why, and what to do. */
    private static void told(LivePipeline pipeline) throws Exception {
        LivePipeline.Ran diff =
                pipeline.command("schema", "diff", "-c", pipeline.file().toString(), "-o", "json");
        assertThat(diff.status()).isEqualTo(3);
        assertThat(diff.out())
                .contains("newcomer", "renamed_since", "\"new\"", "\"gone\"", "\"parked\"")
                .doesNotContain("calm", "widened");
        assertThat(pipeline.command("schema", "check", "-c", pipeline.file().toString())
                        .status())
                .isEqualTo(3);
        LivePipeline.Ran status =
                pipeline.command("status", "-c", pipeline.file().toString(), "-o", "json");
        assertThat(status.out()).contains("the key was (id) and is (id, a)", "truncated at the source");
    }

    /**
     * Under another policy one table goes on, and the new ones are loaded; the others stand as they stood, with not a
     * letter more.
     */
    private void startAgain(LivePipeline pipeline, Connection source, Connection target, String database, String schema)
            throws Exception {
        pipeline.roles().close();
        Map<String, String> before = letters(target);
        describe(pipeline, database, schema, ", drift: lenient");
        run(
                source,
                "UPDATE retyped SET a = 'light' WHERE id = 2",
                "UPDATE stopped SET note = 'again' WHERE id = 1",
                "UPDATE truncated SET note = 'again' WHERE id = 3",
                "INSERT INTO calm VALUES (4, 4, 'four', 1, 'well')");
        assertThat(lines(plan(pipeline)))
                .anyMatch(line -> line.startsWith("change table pas." + schema
                        + ".retyped: was parked, and goes on under" + " lenient: column \"a\" was int"))
                .anyMatch(line -> line.startsWith("change table clinical.retyped: ADD COLUMN \"a__text"))
                .anyMatch(line -> line.startsWith("load table pas." + schema + ".newcomer: "))
                .contains(
                        "create table clinical.newcomer: ",
                        "park table pas." + schema + ".truncated: is parked: the table was truncated at the source",
                        "park table pas." + schema + ".stopped: is parked, and stays so under stop: column \"born\" is"
                                + " new (date)");
        pipeline.run();
        String column = schema.equals("public") ? "a__text" : "a__text_20";
        until(
                pipeline,
                target,
                "SELECT to_regclass('clinical.newcomer'), to_regclass('clinical.renamed_since')",
                "clinical.newcomer clinical.renamed_since");
        until(pipeline, target, "SELECT id, a FROM clinical.newcomer", "1 1");
        until(pipeline, target, "SELECT id FROM clinical.renamed_since ORDER BY id", "1", "2", "3");
        until(pipeline, target, "SELECT id FROM clinical.calm ORDER BY id", "1", "2", "3", "4");
        until(
                pipeline,
                target,
                "SELECT count(*) FROM information_schema.columns WHERE table_name = 'retyped' AND column_name = '"
                        + column + "'",
                "1");
        until(
                pipeline,
                target,
                "SELECT id, a, " + column + " FROM clinical.retyped ORDER BY id",
                "1 10 null",
                "2 null light");
        awaitParked(pipeline, Set.of("stopped", "rekeyed", "truncated", "renamed"));
        assertThat(failures).isEmpty();
        run(source, "INSERT INTO newcomer VALUES (2, 2)", "INSERT INTO renamed_since VALUES (4, 4, 'four', 1, 'well')");
        until(pipeline, target, "SELECT id FROM clinical.newcomer ORDER BY id", "1", "2");
        until(pipeline, target, "SELECT id FROM clinical.renamed_since ORDER BY id", "1", "2", "3", "4");
        assertThat(failures).isEmpty();
        Map<String, String> after = letters(target);
        assertThat(after.get("stopped")).isEqualTo("2");
        assertThat(after.get("truncated")).isEqualTo("3");
        assertThat(after.get("retyped")).isEqualTo(before.get("retyped"));
        Set<String> whole = Set.of(
                "clinical.calm",
                "clinical.added",
                "clinical.widened",
                "clinical.loosened",
                "clinical.tightened",
                "clinical.mood",
                "clinical.within",
                "clinical.newcomer",
                "clinical.renamed_since");
        RunReport report = pipeline.compare(whole);
        assertThat(report.tables()).allSatisfy(table -> assertThat(table.verdict())
                .as(table.targetTable() + " " + table.kinds() + table.findings())
                .isEqualTo(Verdict.CONVERGED));
        assertThat(report.tables().stream().map(TableReport::targetTable)).containsExactlyInAnyOrderElementsOf(whole);
    }

    private void awaitParked(LivePipeline pipeline, Set<String> tables) {
        Set<String> found = new TreeSet<>();
        try {
            pipeline.until("parked tables", SETTLE_MAX, () -> {
                found.clear();
                found.addAll(pipeline.status().tables().stream()
                        .filter(table -> table.parked().isPresent())
                        .map(table -> table.name().replace("clinical.", ""))
                        .toList());
                return found.equals(tables);
            });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            failures.add("parked " + found + ", not " + new TreeSet<>(tables));
        }
    }

    /** Waits, and remembers what never came, so that one table's failure does not hide another's. */
    private void until(LivePipeline pipeline, Connection target, String sql, String... wanted) {
        List<String> found = new ArrayList<>();
        Duration longest = failures.isEmpty() ? SETTLE_MAX : Duration.ofSeconds(3);
        try {
            pipeline.until(sql, longest, () -> {
                found.clear();
                try {
                    found.addAll(rows(target, sql));
                } catch (SQLException e) {
                    found.add(String.valueOf(e.getMessage()));
                }
                return found.equals(List.of(wanted));
            });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            failures.add(sql + ": " + found);
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static void inOneTransaction(Connection connection, String... statements) throws SQLException {
        connection.setAutoCommit(false);
        run(connection, statements);
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    cells.add(String.valueOf(row.getString(i)));
                }
                rows.add(String.join(" ", cells));
            }
        }
        return rows;
    }
}
