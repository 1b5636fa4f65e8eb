package dev.handover.deploy.capture;

import dev.handover.deploy.capture.TypeZoo.Animal;
import java.util.List;

/**
 * Every kind of MariaDB's columns, with its extremes, as literals of SQL. The first value is loaded, others streamed.
 */
final class MariaDbZoo {
    private MariaDbZoo() {}

    static final List<Animal> ANIMALS = List.of(
            of("tinyint", "0", "-128", "127", "null"),
            of("tinyint unsigned", "0", "255"),
            of("tinyint(1)", "0", "1", "-1"),
            of("smallint", "0", "-32768", "32767"),
            of("smallint unsigned", "0", "65535"),
            of("mediumint", "0", "-8388608", "8388607"),
            of("mediumint unsigned", "0", "16777215"),
            of("int", "0", "-2147483648", "2147483647"),
            of("int(5) unsigned zerofill", "7", "4294967295"),
            of("bigint", "0", "-9223372036854775808", "9223372036854775807"),
            of("bigint unsigned", "0", "18446744073709551615", "9223372036854775808"),
            of("decimal(20,6)", "0", "-12345678901234.567891", "1"),
            of("decimal(65,30)", "0", "-99999999999999999999999999999999999.999999999999999999999999999999"),
            of("decimal(10,0) unsigned", "0", "9999999999"),
            of("float", "0", "1.17549e-38", "3.40282e38", "0.1", "-123456.789"),
            of("float(5,2)", "0.00", "999.99", "1.1"),
            of("double", "0", "2.2250738585072014e-308", "1.7976931348623157e308", "0.1", "-0.0"),
            of("bit(1)", "b'0'", "b'1'", "null"),
            of("bit(10)", "b'0000000001'", "b'1000000000'", "b'1010101011'"),
            of("bit(64)", "b'1'", "18446744073709551615"),
            of(
                    "varchar(20) character set utf8mb4",
                    "''",
                    "' x '",
                    "'\u03bc \u00b5 \ud83d\ude00'",
                    "null",
                    "'a\\\\b\\'c'"),
            of("varchar(20) character set latin1", "'M\u00c3\u00bcllerian'", "'\u20ac'", "x'818d8f909d'", "'\u00ef'"),
            of("varchar(20) character set utf8mb3", "'\u00e9'"),
            of("varchar(20) character set ucs2", "'\u00e9\u03bc'"),
            of("varchar(20) character set greek", "'\u03bc'"),
            of("char(10)", "'x'", "'x   '", "''", "' y'"),
            of("char(1)", "'\\0'", "'a'"),
            of("text", "''", "repeat('x', 65535)", "'> 7000 (HIGH)'"),
            of("longtext", "repeat('\u00e9', 100000)"),
            of("tinytext character set latin1", "'\u00e9'"),
            of("binary(5)", "x'00'", "x'ff'", "x'0102030405'", "x''"),
            of("varbinary(10)", "x''", "x'00ff00'"),
            of("tinyblob", "x'00'", "x'ff00'"),
            of("blob", "x''", "x'00ff00'", "repeat(x'00', 70)"),
            of("longblob", "repeat(x'ff', 100000)"),
            of("enum('0','1','a b','it''s','b,c')", "'0'", "'1'", "'it''s'", "'nope'", "'b,c'", "null"),
            of("set('x','y','it''s','0')", "''", "'x'", "'x,y'", "'it''s,0'", "'x,y,it''s,0'"),
            of(
                    "date",
                    "'2024-02-29'",
                    "'0000-00-00'",
                    "'2020-00-00'",
                    "'2020-05-00'",
                    "'0001-01-01'",
                    "'9999-12-31'",
                    "null"),
            of("date not null", "'2024-02-29'", "'0000-00-00'"),
            of(
                    "datetime",
                    "'2024-02-29 23:59:59'",
                    "'0000-00-00 00:00:00'",
                    "'9999-12-31 23:59:59'",
                    "'2020-00-00 10:00:00'",
                    "'1000-01-01 00:00:00'",
                    "null"),
            of("datetime not null", "'0000-00-00 00:00:00'", "'0000-00-00 00:00:00'"),
            of("datetime(1)", "'2024-02-29 23:59:59.1'", "'2024-02-29 23:59:59.9'"),
            of("datetime(3)", "'2024-02-29 23:59:59.120'", "'2024-02-29 23:59:59.001'"),
            of("datetime(6)", "'2024-02-29 23:59:59.123456'", "'0000-00-00 00:00:00'", "'9999-12-31 23:59:59.999999'"),
            of(
                    "timestamp null",
                    "'2024-02-29 23:59:59'",
                    "'0000-00-00 00:00:00'",
                    "'1970-01-01 00:00:01'",
                    "'2038-01-19 03:14:07'",
                    "null"),
            of("timestamp(6) null", "'2024-02-29 23:59:59.000001'", "'2038-01-19 03:14:07.999999'"),
            of("time", "'10:00:00'", "'-838:59:59'", "'838:59:59'", "'-00:00:01'", "'24:00:00'", "'00:00:00'"),
            of("time(2)", "'10:00:00.12'", "'-838:59:59.99'", "'-00:00:00.01'"),
            of("time(6)", "'10:00:00.123456'", "'-00:00:00.000001'", "'838:59:59.999999'", "'-01:00:00.5'"),
            of("year", "2024", "1901", "2155", "0", "null"),
            of("json", "'{\"b\": 1,  \"a\": 2}'", "'[]'", "'null'", "'\"\u00e9\"'"),
            of(
                    "uuid",
                    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
                    "'00000000-0000-0000-0000-000000000000'",
                    "'6ccd780c-baba-1026-9564-5b8c656024db'",
                    "'6ccd780c-baba-1026-9564-0000000000db'",
                    "'ffffffff-ffff-ffff-ffff-ffffffffff00'",
                    "'6ccd780c-ba00-4026-9564-000000000000'"));

    private static Animal of(String type, String... literals) {
        return new Animal(type, List.of(literals));
    }
}
