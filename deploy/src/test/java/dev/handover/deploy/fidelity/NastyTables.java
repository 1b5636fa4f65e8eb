package dev.handover.deploy.fidelity;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small tables of our own, each with a case that was seen in a real clinical database. */
final class NastyTables {
    /** Columns of the widest form. */
    static final int WIDE = 1_227;

    private NastyTables() {}

    /** In a session whose {@code sql_mode} is {@code NO_BACKSLASH_ESCAPES}. */
    static final List<String> DDL = List.of(
            "CREATE TABLE patient (id int PRIMARY KEY, education char(1), phone varchar(50))",
            "CREATE TABLE ward (id int PRIMARY KEY, name varchar(20)) ENGINE = MyISAM",
            "CREATE TABLE bill (id int PRIMARY KEY, amount double NOT NULL)",
            "CREATE TABLE patient_data (id int NOT NULL AUTO_INCREMENT, pid int NOT NULL, lname varchar(20),"
                    + " KEY (id), UNIQUE KEY (pid))",
            "CREATE TABLE comments (comment varchar(40), author varchar(20))",
            "CREATE TABLE insurance (id int PRIMARY KEY, pid int NOT NULL, type varchar(9) NOT NULL,"
                    + " `date` date NOT NULL DEFAULT '0000-00-00', UNIQUE (pid, type, `date`))",
            "CREATE TABLE coverage (pid int NOT NULL, type varchar(9) NOT NULL,"
                    + " `date` date NOT NULL DEFAULT '0000-00-00', plan varchar(20), PRIMARY KEY (pid, type, `date`))",
            "CREATE TABLE review (id int PRIMARY KEY, financial_review datetime NULL)",
            "CREATE TABLE erx (id int PRIMARY KEY, source enum('0','1') NOT NULL DEFAULT '0', history enum('0','1'))",
            "CREATE TABLE calendar (id int PRIMARY KEY, recurrence text) CHARACTER SET utf8mb4",
            "CREATE TABLE `array` (`range` int PRIMARY KEY, `interval` varchar(20), `read` tinyint)",
            "CREATE TABLE wide (id int PRIMARY KEY, "
                    + IntStream.range(1, WIDE)
                            .mapToObj(i -> "c" + i + (i % 2 == 0 ? " tinyint(1)" : " varchar(10)"))
                            .collect(Collectors.joining(", "))
                    + ") ENGINE = MyISAM CHARACTER SET latin1",
            "CREATE TABLE sequences (id int NOT NULL PRIMARY KEY)",
            "CREATE TABLE documents (id int NOT NULL DEFAULT 0 PRIMARY KEY, url varchar(255))",
            "CREATE TABLE codes (id int PRIMARY KEY, code varchar(25), notes text)",
            "CREATE TABLE prefs (id int PRIMARY KEY, ordering tinyint)",
            "CREATE TABLE test_param (id int PRIMARY KEY, unit varchar(20), median varchar(20),"
                    + " create_time timestamp NULL)",
            "CREATE TABLE findings (batch int, encounter int, job_id varchar(25) CHARACTER SET latin1, serial_value text,"
                    + " PRIMARY KEY (batch, encounter, job_id)) CHARACTER SET utf8mb4",
            "CREATE TABLE icd10 (id int PRIMARY KEY, description varchar(60)) CHARACTER SET latin1",
            "CREATE TABLE person_name (id int PRIMARY KEY, uuid char(38) NOT NULL UNIQUE, middle_name varchar(50))");

    /** Rows; {@code :n} is 0 in those that are loaded, and 1000 in those that are streamed. */
    static final List<String> ROWS = List.of(
            "INSERT INTO patient VALUES (:n + 1, x'00', '+3451231\\234'), (:n + 2, 'P', '\\N'), (:n + 3, NULL, ''),"
                    + " (:n + 4, '', 'a\\')",
            "INSERT INTO ward VALUES (:n + 1, 'A'), (:n + 2, 'B')",
            "INSERT INTO bill VALUES (:n + 1, 0.1e0 + 0.2e0), (:n + 2, 19.99), (:n + 3, 1e15 + 0.3), (:n + 4, -0e0)",
            "INSERT INTO patient_data VALUES (:n + 7, :n + 1, 'first'), (:n + 7, :n + 2, 'second')",
            "INSERT INTO patient_data (pid, lname) VALUES (:n + 3, 'third')",
            "INSERT INTO comments VALUES ('seen', 'a'), ('seen', 'a'), ('seen', NULL), (NULL, NULL), ('of :n', 'b')",
            "INSERT INTO insurance (id, pid, type) VALUES (:n + 1, :n + 1, 'primary'), (:n + 2, :n + 1, 'secondary')",
            "INSERT INTO insurance VALUES (:n + 3, :n + 1, 'primary', '2020-01-31')",
            "INSERT INTO coverage VALUES (:n + 1, 'primary', '2020-01-31', 'dated'), (:n + 1, 'primary', '0000-00-00', 'undated')",
            "INSERT INTO review VALUES (:n + 1, '0000-00-00 00:00:00'), (:n + 2, NULL), (:n + 3, '2020-01-31 10:00:00')",
            "INSERT INTO erx VALUES (:n + 1, '0', '1'), (:n + 2, '1', '0'), (:n + 3, 1, 2), (:n + 4, '0', NULL)",
            "INSERT INTO calendar VALUES (:n + 1, 'a:2:{s:17:\"event_repeat_freq\";s:1:\"0\";s:4:\"caf\u00e9\";b:0;}')",
            "INSERT INTO `array` VALUES (:n + 1, 'select', 1)",
            "INSERT INTO wide (id, c1, c2, c" + (WIDE - 1) + ") VALUES (:n + 1, 'first', 1, -1)",
            "INSERT INTO sequences VALUES (:n + 1)",
            "INSERT INTO documents (id, url) SELECT max(id), 'file:///1' FROM sequences",
            "INSERT INTO codes VALUES (:n + 1, '024', '001'), (:n + 2, '03.022', '{\"re\": \"^\\\\d+\\.\\d$\"}')",
            "INSERT INTO prefs VALUES (:n + 1, 300), (:n + 2, -300), (:n + 3, 12)",
            "INSERT INTO test_param VALUES (:n + 1, ' ', '', '0000-00-00 00:00:00'), (:n + 2, NULL, ' ', NULL),"
                    + " (:n + 3, 'mg', '5', '2020-01-31 10:00:00')",
            "INSERT INTO findings VALUES (:n + 1, 2, x'C4', 'a:1:{i:0;s:2:\"\u00e9\";}'), (:n + 1, 2, 'a', ''), (:n + 1, 3, 'a ', NULL)",
            "INSERT INTO icd10 VALUES (:n + 1, x'4DC3BC6C6C657269616E'), (:n + 2, x'43EF544520442049564F495245')",
            "INSERT INTO person_name VALUES (:n + 1, concat('a0eebc99-9c0b-4ef8-bb6d-', lpad(:n + 1, 12, '0')), ' '),"
                    + " (:n + 2, concat('a0eebc99-9c0b-4ef8-bb6d-', lpad(:n + 2, 12, '0')), '')");

    /** Rows without a sequence, which are loaded only. */
    static final List<String> LOADED = List.of("INSERT INTO documents (url) VALUES ('file:///0')");

    /** By table, the column whose raw text is kept where PostgreSQL cannot hold its value. */
    static final List<List<String>> KEPT = List.of(
            List.of("patient", "education"),
            List.of("insurance", "date"),
            List.of("review", "financial_review"),
            List.of("test_param", "create_time"));

    /** The section of the pipeline's file. */
    static String mapping() {
        return KEPT.stream()
                .map(each ->
                        "  - {from: pas.nasty.%1$s, to: clinical.%1$s, columns: {%2$s: {from: %2$s, onInvalid: null-with-raw}, \"*\": {from: \"*\"}}}\n"
                                .formatted(each.get(0), each.get(1)))
                .collect(Collectors.joining("", "tables:\n", ""));
    }
}
