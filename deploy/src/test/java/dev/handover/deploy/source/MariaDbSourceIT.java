package dev.handover.deploy.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.SourceTable;
import dev.handover.change.SourceChange;
import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.MariaDbServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.PostgresText;
import dev.handover.row.Value;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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
    // MORE
}
