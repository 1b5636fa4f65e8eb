package dev.handover.deploy.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.e2e.LivePipeline;
import dev.handover.deploy.stack.Service;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Verdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cases from real clinical databases that need a real MariaDB and PostgreSQL, in tables of our own: each is loaded and
 * streamed through the whole pipeline. Names carry the case.
 */
@SuppressWarnings("NullAway.Init") // by start
class NastyCasesIT {
    private static LivePipeline pipeline;
    private static RunReport report;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        pipeline = LivePipeline.on(directory, Service.MARIADB);
        source("", List.of("CREATE DATABASE nasty CHARACTER SET utf8mb4"));
        source("nasty", NastyTables.DDL);
        source("nasty", rows(0));
        source("nasty", NastyTables.LOADED);
        pipeline.describe("nasty", "    mariadb: {serverId: 4711}\n", NastyTables.mapping());
        pipeline.run();
        pipeline.awaitLoaded(NastyTables.DDL.size());
        source("nasty", rows(1000));
        source("nasty", List.of("ALTER TABLE ward ENGINE = InnoDB", "INSERT INTO ward VALUES (2000, 'C')"));
        report = pipeline.compare();
    }

    @AfterAll
    static void stop() {
        pipeline.close();
    }

    private static List<String> rows(int first) {
        return NastyTables.ROWS.stream()
                .map(sql -> sql.replace(":n", Integer.toString(first)))
                .toList();
    }

    private static void source(String database, List<String> statements) throws SQLException {
        try (Connection connection = pipeline.source(database);
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES', time_zone = '+00:00'");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> ask(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        rows.sort(null);
        return rows;
    }

    private static List<String> atTarget(String sql) throws SQLException {
        try (Connection target = pipeline.target()) {
            return ask(target, sql);
        }
    }

    /** Sees that the bytes of these texts, as UTF-8, are equal in all rows, of which there are so many. */
    private static void assertCopied(int count, String table, String... columns) throws SQLException {
        String here = List.of(columns).stream()
                .map(column -> "COALESCE(HEX(CONVERT(`" + column + "` USING utf8mb4)), 'null')")
                .collect(Collectors.joining(", ", "SELECT CONCAT_WS(' ', ", ") FROM `" + table + "`"));
        String there = List.of(columns).stream()
                .map(column -> "COALESCE(upper(encode(convert_to(\"" + column + "\"::text, 'UTF8'), 'hex')), 'null')")
                .collect(Collectors.joining(", ", "SELECT concat_ws(' ', ", ") FROM clinical.\"" + table + "\""));
        try (Connection source = pipeline.source("nasty")) {
            assertThat(atTarget(there)).as(table).hasSize(count).isEqualTo(ask(source, here));
        }
    }

    @Test
    void everyRowIsThereOrADeadLetter() throws SQLException {
        assertThat(report.tables())
                .filteredOn(table -> table.verdict() != Verdict.CONVERGED)
                .isEmpty();
        assertThat(report.tables()).hasSize(NastyTables.DDL.size());
        assertThat(atTarget("SELECT place FROM handover.dead_letter")).containsExactly("date", "date");
    }

    @Test
    void case01NulBytesAreRawAndNeitherNullNorEmpty() throws SQLException {
        assertThat(atTarget("SELECT id % 1000 || ' ' || COALESCE(education, 'null') || ' ' ||"
                        + " COALESCE(_handover_raw::text, 'none') FROM clinical.patient"))
                .containsExactly(
                        "1 null {\"education\":\"\\u0000\"}",
                        "1 null {\"education\":\"\\u0000\"}",
                        "2 P none",
                        "2 P none",
                        "3 null none",
                        "3 null none",
                        "4  none",
                        "4  none");
    }

    @Test
    void case04BackslashesStay() throws SQLException {
        assertCopied(8, "patient", "id", "phone");
        assertThat(atTarget("SELECT phone FROM clinical.patient WHERE id IN (1, 1001)"))
                .containsExactly("+3451231\\234", "+3451231\\234");
    }

    @Test
    void case08MyIsamIsLoadedStreamedAndConverted() throws SQLException {
        assertCopied(5, "ward", "id", "name");
    }

    @Test
    void case09MoneyInDoublesKeepsEveryBit() throws SQLException {
        assertThat(atTarget("SELECT amount::text FROM clinical.bill WHERE id < 1000"))
                .containsExactly("-0", "0.30000000000000004", "1.0000000000000002e+15", "19.99");
        assertThat(atTarget("SELECT 1 FROM clinical.bill a JOIN clinical.bill b ON b.id = a.id + 1000"
                        + " WHERE float8send(a.amount) = float8send(b.amount)"))
                .hasSize(4);
    }

    @Test
    void case10RowsWithoutAPrimaryKeyAreKnownByTheirUniqueKeyOrByAllThatTheyHold() throws SQLException {
        assertCopied(6, "patient_data", "id", "pid", "lname");
        assertCopied(10, "comments", "comment", "author");
        assertThat(atTarget(
                        "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)"
                                + " WHERE indisprimary AND indrelid = 'clinical.patient_data'::regclass"))
                .as("not id, which two patients share")
                .containsExactly("pid");

        source(
                "nasty",
                List.of(
                        "UPDATE patient_data SET lname = 'changed' WHERE pid = 1001",
                        "DELETE FROM patient_data WHERE pid = 1",
                        "DELETE FROM comments WHERE comment = 'seen' AND author = 'a' LIMIT 1",
                        "UPDATE comments SET author = 'c' WHERE comment = 'seen' AND author IS NULL LIMIT 1"));

        assertThat(pipeline.compare().verdict()).isEqualTo(Verdict.CONVERGED);
        assertThat(atTarget("SELECT pid || lname FROM clinical.patient_data WHERE id IN (7, 1007)"))
                .as("the other row of the same id stays")
                .containsExactly("1001changed", "1002second", "2second");
        assertThat(atTarget("SELECT count(*) || COALESCE(author, 'null') FROM clinical.comments WHERE comment = 'seen'"
                        + " GROUP BY author"))
                .containsExactly("1c", "1null", "3a");
    }

    @Test
    void case11AZeroDateInAUniqueKeyIsNullWithRawAndOneInTheKeyIsADeadLetter() throws SQLException {
        assertThat(atTarget("SELECT id % 1000 || ' ' || COALESCE(date::text, 'null') || ' ' ||"
                        + " COALESCE(_handover_raw->>'date', 'none') FROM clinical.insurance"))
                .containsExactly(
                        "1 null 0000-00-00",
                        "1 null 0000-00-00",
                        "2 null 0000-00-00",
                        "2 null 0000-00-00",
                        "3 2020-01-31 none",
                        "3 2020-01-31 none");
        assertThat(atTarget("SELECT plan FROM clinical.coverage")).containsExactly("dated", "dated");
        assertThat(atTarget("SELECT reason FROM handover.dead_letter WHERE topic LIKE '%.coverage'"))
                .containsExactly("unrepresentable", "unrepresentable");
    }

    @Test
    void case12AZeroDatetimeDiffersFromNull() throws SQLException {
        assertThat(atTarget("SELECT id % 1000 || ' ' || COALESCE(financial_review::text, 'null') || ' ' ||"
                        + " COALESCE(_handover_raw->>'financial_review', 'none') FROM clinical.review WHERE id < 1000"))
                .containsExactly("1 null 0000-00-00 00:00:00", "2 null none", "3 2020-01-31 10:00:00 none");
    }

    @Test
    void case15LabelZeroIsNotIndexZero() throws SQLException {
        assertCopied(8, "erx", "id", "source", "history");
        assertThat(atTarget("SELECT source || COALESCE(history, '-') FROM clinical.erx WHERE id > 1000"))
                .containsExactly("0-", "01", "01", "10");
    }

    @Test
    void case16LengthsInsideSerialisedTextStayTrue() throws SQLException {
        assertCopied(2, "calendar", "id", "recurrence");
        assertThat(atTarget("SELECT octet_length(substring(recurrence from 's:4:\"([^\"]+)\"'))::text || ' ' ||"
                        + " char_length(recurrence) FROM clinical.calendar"))
                .hasSize(2)
                .allMatch(text -> text.startsWith("5 "));
    }

    @Test
    void case17ReservedWordsAreNames() throws SQLException {
        assertCopied(2, "array", "range", "interval", "read");
    }

    @Test
    void case18TwelveHundredColumnsArrive() throws SQLException {
        String last = "c" + (NastyTables.WIDE - 1);
        assertCopied(2, "wide", "id", "c1", "c2", "c3", last);
        assertThat(atTarget("SELECT count(*)::text FROM information_schema.columns WHERE table_schema = 'clinical'"
                        + " AND table_name = 'wide' AND column_name NOT LIKE '\\_handover%'"))
                .containsExactly(String.valueOf(NastyTables.WIDE));
    }

    @Test
    void case20AKeyThatIsZeroByDefaultIsAKey() throws SQLException {
        assertCopied(3, "documents", "id", "url");
        assertThat(atTarget("SELECT id::text FROM clinical.documents")).containsExactly("0", "1", "1001");
    }

    @Test
    void case21LeadingZerosAndRegularExpressionsStay() throws SQLException {
        assertCopied(4, "codes", "id", "code", "notes");
        assertThat(atTarget("SELECT code || notes FROM clinical.codes WHERE id < 1000"))
                .containsExactly("024001", "03.022{\"re\": \"^\\\\d+\\.\\d$\"}");
    }

    @Test
    void case22WhatTheSourceClampedIsWhatItHolds() throws SQLException {
        assertThat(atTarget("SELECT ordering::text FROM clinical.prefs"))
                .containsExactly("-128", "-128", "12", "12", "127", "127");
    }

    @Test
    void case23AZeroTimestampIsNullWithRawAndNever1970() throws SQLException {
        assertThat(atTarget("SELECT id % 1000 || ' ' || COALESCE(to_char(create_time AT TIME ZONE 'UTC',"
                        + " 'YYYY-MM-DD HH24'), 'null') || ' ' || COALESCE(_handover_raw->>'create_time', 'none')"
                        + " FROM clinical.test_param WHERE id > 1000"))
                .containsExactly("1 null 0000-00-00 00:00:00+00", "2 null none", "3 2020-01-31 10 none");
    }

    @Test
    void case25ASpaceIsNeitherNullNorEmpty() throws SQLException {
        assertCopied(6, "test_param", "id", "unit", "median");
        assertThat(atTarget("SELECT id % 1000 || '[' || COALESCE(unit, 'null') || '][' || median || ']'"
                        + " FROM clinical.test_param WHERE id < 1000"))
                .containsExactly("1[ ][]", "2[null][ ]", "3[mg][5]");
    }

    @Test
    void case26ACompositeKeyWithALatin1TextFindsItsRows() throws SQLException {
        assertCopied(6, "findings", "batch", "encounter", "job_id", "serial_value");
        source("nasty", List.of("UPDATE findings SET serial_value = 'changed' WHERE job_id = x'C4'"));
        assertThat(pipeline.compare().verdict()).isEqualTo(Verdict.CONVERGED);
        assertThat(atTarget("SELECT job_id || serial_value FROM clinical.findings WHERE serial_value = 'changed'"))
                .containsExactly("\u00c4changed", "\u00c4changed");
    }

    @Test
    void case27And28DamagedTextStaysAsItIsAndItsBytesCanBeHadBack() throws SQLException {
        assertCopied(4, "icd10", "id", "description");
        try (Connection source = pipeline.source("nasty")) {
            assertThat(atTarget("SELECT encode(convert_to(description, 'WIN1252'), 'hex') FROM clinical.icd10"))
                    .isEqualTo(ask(source, "SELECT HEX(description) FROM icd10").stream()
                            .map(text -> text.toLowerCase(Locale.ROOT))
                            .toList());
        }
        assertThat(atTarget("SELECT description FROM clinical.icd10 WHERE id < 1000"))
                .containsExactly("C\u00efTE D IVOIRE", "M\u00c3\u00bcllerian");
    }

    @Test
    void case32ThirtySixCharactersInCharOf38AreNotPadded() throws SQLException {
        assertCopied(4, "person_name", "id", "uuid", "middle_name");
        assertThat(atTarget("SELECT char_length(uuid) || '[' || middle_name || ']' FROM clinical.person_name"))
                .containsExactly("36[ ]", "36[ ]", "36[]", "36[]");
    }
}
