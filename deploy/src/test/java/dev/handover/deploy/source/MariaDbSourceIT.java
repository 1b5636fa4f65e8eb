package dev.handover.deploy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.capture.SourceTable;
import dev.handover.capture.catalog.Inventory;
import dev.handover.capture.catalog.NotTaken;
import dev.handover.change.SourceChange;
import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.MariaDbServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ForeignKey;
import dev.handover.row.Index;
import dev.handover.row.PostgresText;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.Value;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MariaDbSourceIT {
    private static StateDirectory state;
    private static ServerProcess<Endpoints.MariaDb> server;
    private static LiveSource source;

    /** A column, a value as SQL writes it, and what is to arrive: target type, and text as PostgreSQL reads it. */
    private record Case(String column, String sql, String target, String text) {}

    private static final List<Case> ZOO = List.of(
            new Case("tinyint(1)", "-128", "smallint", "-128"),
            new Case("tinyint unsigned", "255", "smallint", "255"),
            new Case("smallint", "-32768", "smallint", "-32768"),
            new Case("smallint unsigned", "65535", "integer", "65535"),
            new Case("mediumint", "-8388608", "integer", "-8388608"),
            new Case("mediumint unsigned", "16777215", "integer", "16777215"),
            new Case("int", "-2147483648", "integer", "-2147483648"),
            new Case("int unsigned", "4294967295", "bigint", "4294967295"),
            new Case("int(5) zerofill", "42", "bigint", "42"),
            new Case("bigint", "-9223372036854775808", "bigint", "-9223372036854775808"),
            new Case("bigint unsigned", "18446744073709551615", "numeric(20,0)", "18446744073709551615"),
            new Case("decimal(10,2)", "-12345678.90", "numeric(10,2)", "-12345678.90"),
            new Case("decimal(5,1) unsigned zerofill", "2.0", "numeric(5,1)", "2.0"),
            new Case(
                    "decimal(65,30)",
                    "0.000000000000000000000000000001",
                    "numeric(65,30)",
                    "0.000000000000000000000000000001"),
            new Case("float", "16777217", "real", "1.6777216E7"),
            new Case("float", "1.1", "real", "1.100000023841858"),
            new Case("float", "3.4028235e38", "real", "3.4028234663852886E38"),
            new Case("float(5,2)", "123.456", "real", "123.45999908447266"),
            new Case("double", "0.1", "double precision", "0.1"),
            new Case("double", "1.7976931348623157e308", "double precision", "1.7976931348623157E308"),
            new Case("double", "5e-324", "double precision", "4.9E-324"),
            new Case("double", "2.0000001043081284", "double precision", "2.0000001043081284"),
            new Case("double(9,2)", "1234.567", "double precision", "1234.57"),
            new Case("bit(1)", "b'1'", "boolean", "t"),
            new Case("bit(10)", "b'1010101'", "bit(10)", "0001010101"),
            new Case("bit(64)", "0x8000000000000001", "bit(64)", "1" + "0".repeat(62) + "1"),
            new Case("char(38)", "'3a4b  '", "character varying(38)", "3a4b"),
            new Case("varchar(20)", "'a  '", "character varying(20)", "a  "),
            new Case("varchar(20)", "' '", "character varying(20)", " "),
            new Case("varchar(20)", "'+3451231\\\\234'", "character varying(20)", "+3451231\\234"),
            new Case("varchar(20) character set latin1", "_latin1 x'4DC3BC6C80'", "character varying(20)", "MÃ¼l€"),
            new Case("varchar(20) character set utf8mb3", "'Müll'", "character varying(20)", "Müll"),
            new Case("varchar(20) character set utf16", "'𝄞'", "character varying(20)", "𝄞"),
            new Case("text", "'e\u0301 \t\n𝄞'", "text", "e\u0301 \t\n𝄞"),
            new Case("longtext", "repeat('ä', 70000)", "text", "ä".repeat(70_000)),
            new Case("enum('0','1')", "'0'", "text", "0"),
            new Case("enum('a','b')", "'zzz'", "text", ""),
            new Case("set('x','y','z')", "'z,x'", "text", "x,z"),
            new Case("binary(4)", "x'01'", "bytea", "\\x01000000"),
            new Case("varbinary(4)", "x'0100'", "bytea", "\\x0100"),
            new Case("blob", "x'00ff5c27'", "bytea", "\\x00ff5c27"),
            new Case("blob", "''", "bytea", "\\x"),
            new Case("date", "'0000-00-00'", "date", "0000-00-00"),
            new Case("date", "'2024-00-00'", "date", "2024-00-00"),
            new Case("date", "'9999-12-31'", "date", "9999-12-31"),
            new Case("time", "'-838:59:59'", "interval", "-838:59:59"),
            new Case("time(6)", "'838:59:59.999999'", "interval", "838:59:59.999999"),
            new Case("time(2)", "'01:02:03.50'", "interval", "01:02:03.5"),
            new Case("datetime", "'0000-00-00 00:00:00'", "timestamp(0) without time zone", "0000-00-00 00:00:00"),
            new Case(
                    "datetime(6)",
                    "'9999-12-31 23:59:59.999999'",
                    "timestamp(6) without time zone",
                    "9999-12-31 23:59:59.999999"),
            new Case(
                    "datetime(3)",
                    "'2024-03-31 02:30:00.120'",
                    "timestamp(3) without time zone",
                    "2024-03-31 02:30:00.12"),
            new Case(
                    "timestamp null", "'1970-01-01 00:00:01'", "timestamp(0) with time zone", "1970-01-01 00:00:01+00"),
            new Case(
                    "timestamp(6) null",
                    "'2038-01-19 03:14:07.999999'",
                    "timestamp(6) with time zone",
                    "2038-01-19 03:14:07.999999+00"),
            new Case(
                    "timestamp null", "'0000-00-00 00:00:00'", "timestamp(0) with time zone", "0000-00-00 00:00:00+00"),
            new Case("year", "1901", "smallint", "1901"),
            new Case("year", "0", "smallint", "0"),
            new Case("json", "'{\"b\": 1,  \"a\": 2.0}'", "text", "{\"b\": 1,  \"a\": 2.0}"),
            new Case("uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"));

    @BeforeAll
    static void start(@TempDir Path directory) throws SQLException {
        state = StateDirectory.open(directory);
        server = MariaDbServer.start(state, Artifacts.in(Artifacts.sharedCache(System.getenv()), line -> {}));
        LiveSource.of(server.endpoint(), "mysql")
                .execute(
                        "CREATE DATABASE clinic",
                        "CREATE DATABASE other",
                        "SET GLOBAL time_zone = '+05:45'",
                        "SET GLOBAL sql_mode = 'PAD_CHAR_TO_FULL_LENGTH,ANSI_QUOTES,STRICT_ALL_TABLES'",
                        "SET GLOBAL max_statement_time = 5");
        source = LiveSource.of(server.endpoint(), "clinic");
    }

    @AfterAll
    static void stop() {
        server.close();
        state.close();
    }

    @Test
    void everyTypeArrivesWithoutLoss() throws SQLException {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        List<String> nulls = new ArrayList<>();
        for (int i = 0; i < ZOO.size(); i++) {
            columns.add("c" + i + " " + ZOO.get(i).column());
            values.add(ZOO.get(i).sql());
            nulls.add("NULL");
        }
        source.execute(
                "CREATE TABLE zoo (id int PRIMARY KEY, " + String.join(", ", columns) + ") CHARACTER SET utf8mb4",
                "INSERT INTO zoo VALUES (1, " + String.join(", ", values) + ")",
                "INSERT INTO zoo VALUES (2, " + String.join(", ", nulls) + ")");

        SourceTable table = source.table("clinic", "zoo");
        assertThat(table.problem()).isEmpty();
        List<SourceChange.Upsert> rows = source.rows(table);

        assertThat(rows).hasSize(2);
        List<Column> described = table.schema().orElseThrow().columns();
        for (int i = 0; i < ZOO.size(); i++) {
            Case zoo = ZOO.get(i);
            assertThat(described.get(i + 1).type().postgres()).as(zoo.column()).isEqualTo(zoo.target());
            assertThat(PostgresText.format((Value) rows.get(0).after().cells().get(i + 1)))
                    .as(zoo.column())
                    .isEqualTo(zoo.text());
            assertThat(rows.get(1).after().cells().get(i + 1)).as(zoo.column()).isEqualTo(Cell.NULL);
        }
    }

    @Test
    void keysAndConstraintsAreFound() throws SQLException {
        source.execute(
                "CREATE TABLE `Mixed Case` (`Order` varchar(20), `select` int, x int, PRIMARY KEY (`select`, `Order`))",
                "INSERT INTO `Mixed Case` VALUES ('b', 1, NULL), ('a', 1, 2)",
                "CREATE TABLE no_key (a int NOT NULL, b int, UNIQUE (b), KEY (a))",
                "CREATE TABLE no_key_no_snapshot (a int) ENGINE = MyISAM",
                "CREATE TABLE two_keys (a int NOT NULL, b int NOT NULL, c int NOT NULL, UNIQUE w (a, b), UNIQUE n (c))",
                "CREATE TABLE prefix_key (a varchar(50) NOT NULL, UNIQUE (a(10)))",
                "CREATE TABLE parent (id int PRIMARY KEY, code char(3) UNIQUE, born date DEFAULT '0000-00-00',"
                        + " note varchar(20) DEFAULT 'it''s', n decimal(5,2) DEFAULT -1.50, flag bit(1) DEFAULT b'1',"
                        + " at timestamp DEFAULT current_timestamp(), seen datetime DEFAULT current_timestamp(),"
                        + " odd int DEFAULT (length('abc')), INDEX by_note (note, born))",
                "CREATE TABLE child (id int PRIMARY KEY, parent int, CONSTRAINT c FOREIGN KEY (parent) REFERENCES parent (id))");

        SourceTable mixed = source.table("clinic", "Mixed Case");
        assertThat(mixed.schema().orElseThrow().key()).containsExactly("select", "Order");
        assertThat(source.rows(mixed).stream().map(SourceChange.Upsert::key))
                .containsExactly(
                        RowKey.of(new Value.Int(1), new Value.Text("a")),
                        RowKey.of(new Value.Int(1), new Value.Text("b")));
        assertThat(source.table("clinic", "no_key").schema().orElseThrow().keyless())
                .isTrue();
        assertThat(source.problem("clinic", "no_key_no_snapshot")).isEqualTo("keyless-engine");
        assertThat(source.table("clinic", "two_keys").schema().orElseThrow().key())
                .containsExactly("c");
        assertThat(source.table("clinic", "prefix_key").schema().orElseThrow().keyless())
                .isTrue();
        TableId loose = new TableId("pas", "clinic", "no_key");
        assertThat(source.table("clinic", "no_key", Map.of(loose, List.of("a")))
                        .schema()
                        .orElseThrow()
                        .key())
                .containsExactly("a");

        SourceTable parent = source.table("clinic", "parent");
        assertThat(parent.constraints().indexes())
                .containsExactlyInAnyOrder(
                        new Index("code", List.of("code"), true), new Index("by_note", List.of("note", "born"), false));
        assertThat(parent.constraints().defaults())
                .isEqualTo(Map.of(
                        "note",
                        "'it''s'",
                        "n",
                        "-1.50",
                        "flag",
                        "true",
                        "at",
                        "CURRENT_TIMESTAMP",
                        "seen",
                        "LOCALTIMESTAMP"));
        assertThat(source.table("clinic", "child").constraints().foreignKeys())
                .containsExactly(
                        new ForeignKey("c", List.of("parent"), new TableId("pas", "clinic", "parent"), List.of("id")));
    }

    @Test
    void whatCannotTravelIsNamed() throws SQLException {
        LiveSource.of(server.endpoint(), "mysql").execute("CREATE DATABASE odd");
        LiveSource odd = LiveSource.of(server.endpoint(), "odd");
        odd.execute(
                "CREATE TABLE places (id int PRIMARY KEY, p point)",
                "CREATE TABLE hosts (id int PRIMARY KEY, h inet6)",
                "CREATE TABLE squeezed (id int PRIMARY KEY, t text COMPRESSED)",
                "CREATE TABLE kept (id int PRIMARY KEY, v int) WITH SYSTEM VERSIONING",
                "CREATE TABLE made (id int PRIMARY KEY, a int, b int AS (a * 2) PERSISTENT, c int AS (a * 3) VIRTUAL)",
                "INSERT INTO made (id, a) VALUES (1, 5)",
                "CREATE TABLE handover_heartbeat (id int PRIMARY KEY)",
                "CREATE VIEW v AS SELECT 1 AS x",
                "CREATE SEQUENCE s");

        for (String table : List.of("places", "hosts", "squeezed")) {
            assertThat(odd.problem("odd", table)).as(table).isEqualTo("type-unsupported");
        }
        assertThat(odd.problem("odd", "kept")).isEqualTo("table-versioned");
        SourceTable made = odd.table("odd", "made");
        assertThat(made.schema().orElseThrow().columns().stream().map(Column::name))
                .containsExactly("id", "a", "b");
        assertThat(odd.rows(made).get(0).after().cell("b")).isEqualTo(new Value.Int(10));
        assertThat(Inventory.of(odd.config(), Map.of()).notTaken())
                .containsExactlyInAnyOrder(
                        new NotTaken(new TableId("pas", "odd", "v"), "view"),
                        new NotTaken(new TableId("pas", "odd", "s"), "sequence"),
                        new NotTaken(new TableId("pas", "odd", "made"), "generated column \"c\""));
        assertThat(odd.tables()).noneMatch(table -> table.table().name().equals("handover_heartbeat"));
    }

    /** 256 MB of text; the whole class runs in a heap of 64 MB. */
    @Test
    void aTableLargerThanTheHeapPassesThrough() throws SQLException {
        source.execute(
                "SET SESSION max_statement_time = 0",
                "CREATE TABLE empty_one (id int PRIMARY KEY, note text)",
                "CREATE TABLE wide (id int PRIMARY KEY, note text) AS SELECT seq AS id, repeat(md5(seq), 40) AS note"
                        + " FROM seq_1_to_200000");

        assertThat(source.rows(source.table("clinic", "empty_one"))).isEmpty();
        long[] seen = new long[2];
        source.load(source.table("clinic", "wide"), row -> {
            seen[0]++;
            seen[1] += ((Value.Text) row.after().cell("note")).value().length();
        });
        assertThat(seen).containsExactly(200_000, 200_000L * 1_280);
        IllegalStateException full = new IllegalStateException("the log is full");
        assertThatThrownBy(() -> source.load(source.table("clinic", "wide"), row -> {
                    throw full;
                }))
                .isSameAs(full);
    }

    @Test
    void checksNameWhatIsWrongAndWhatIsHazardous() throws SQLException {
        LiveSource.of(server.endpoint(), "mysql").execute("CREATE DATABASE hazards");
        LiveSource hazards = LiveSource.of(server.endpoint(), "hazards");
        hazards.execute(
                "CREATE TABLE visit (code varchar(10) CHARACTER SET latin1 PRIMARY KEY, at date)",
                "INSERT INTO visit VALUES ('a', '0000-00-00'), ('b', '2024-01-01')",
                "CREATE TABLE old (id int PRIMARY KEY) ENGINE = MyISAM",
                "CREATE TABLE loose (name varchar(10) NOT NULL) CHARACTER SET utf8mb4",
                "INSERT INTO loose VALUES ('a'), ('A'), ('a ')");
        TableId loose = new TableId("pas", "hazards", "loose");

        List<String> fine = hazards.checks(Map.of(loose, List.of("name")));
        assertThat(fine).noneMatch(line -> line.startsWith("FAIL"));
        assertThat(fine)
                .anyMatch(line -> line.startsWith("WARN table pas.hazards.visit zero dates in at"))
                .anyMatch(line -> line.startsWith("WARN table pas.hazards.visit key column \"code\" has collation"))
                .anyMatch(line -> line.startsWith("WARN character sets 1 columns are in latin1"))
                .anyMatch(line -> line.startsWith("WARN storage engines without transactions: hazards.old (MyISAM)"));

        hazards.execute(
                "INSERT INTO loose VALUES ('a')",
                "SET GLOBAL binlog_format = 'STATEMENT'",
                "SET GLOBAL binlog_row_image = 'MINIMAL'",
                "CREATE USER reader IDENTIFIED BY 'reader'",
                "GRANT SELECT ON hazards.* TO reader");
        try {
            assertThat(hazards.as("reader", "reader").checks(Map.of(loose, List.of("name"))))
                    .filteredOn(line -> line.startsWith("FAIL"))
                    .containsExactly(
                            "FAIL binlog_format STATEMENT: the log holds statements, not rows",
                            "FAIL binlog_row_image MINIMAL: the log holds parts of rows",
                            "FAIL log position user \"reader\" may not ask where the log ends",
                            "FAIL privilege user \"reader\" lacks REPLICATION SLAVE",
                            "FAIL privilege user \"reader\" lacks RELOAD",
                            "FAIL table pas.hazards.loose the declared key [name] is not unique: rows would be lost");
        } finally {
            hazards.execute("SET GLOBAL binlog_format = 'ROW'", "SET GLOBAL binlog_row_image = 'FULL'");
        }
    }

    @Test
    void aSourceThatCannotBeAskedIsAFaultThatNamesIt() throws SQLException {
        source.execute("CREATE USER nobody IDENTIFIED BY 'nobody'");
        assertThat(source.as("absent", "wrong").fault()).isEqualTo("DENIED source-denied");
        assertThat(source.as("nobody", "nobody").fault()).isEqualTo("DENIED source-denied");
        assertThat(LiveSource.of(server.endpoint(), "absent").fault()).isEqualTo("USAGE source-missing");
        assertThat(source.at(1).fault()).isEqualTo("UNREACHABLE source-unreachable");
    }
}
