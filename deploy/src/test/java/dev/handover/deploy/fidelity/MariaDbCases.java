package dev.handover.deploy.fidelity;

import static dev.handover.deploy.fidelity.Case.empty;
import static dev.handover.deploy.fidelity.Case.extreme;
import static dev.handover.deploy.fidelity.Case.max;
import static dev.handover.deploy.fidelity.Case.min;
import static dev.handover.deploy.fidelity.Case.odd;
import static dev.handover.deploy.fidelity.Refused.unsupported;
import static dev.handover.deploy.fidelity.TypeCases.type;

import java.util.List;
import java.util.stream.Stream;

/** Every column type of MariaDB 11, with its values. */
final class MariaDbCases {
    private static final String ZERO = "zero date";
    private static final String PARTIAL = "date without month or day";
    private static final String NUL = "NUL character";

    private MariaDbCases() {}

    private static final List<TypeCases> NUMBERS = List.of(
            type("tinyint", min("-128"), max("127"), empty("0")),
            type("tinyint unsigned", min("0"), max("255")),
            type("tinyint(1)", min("-128"), max("127"), empty("0"), odd("1")),
            type("smallint", min("-32768"), max("32767"), empty("0")),
            type("smallint unsigned", min("0"), max("65535")),
            type("mediumint", min("-8388608"), max("8388607"), empty("0")),
            type("mediumint unsigned", min("0"), max("16777215")),
            type("int", min("-2147483648"), max("2147483647"), empty("0")),
            type("int unsigned", min("0"), max("4294967295")),
            type("int(8) unsigned zerofill", min("0"), max("4294967295"), odd("42"))
                    .remark("the zeros are printed by the source's type, and do not go"),
            type(
                    "bigint",
                    min("-9223372036854775808"),
                    max("9223372036854775807"),
                    empty("0"),
                    odd("10939881000119105")),
            type("bigint unsigned", min("0"), max("18446744073709551615"), odd("9223372036854775808")),
            type(
                    "decimal(65,30)",
                    min("-99999999999999999999999999999999999.999999999999999999999999999999"),
                    max("99999999999999999999999999999999999.999999999999999999999999999999"),
                    empty("0"),
                    extreme("0.000000000000000000000000000001"),
                    odd("2.0")),
            type("decimal(38,38)", min("-0.99999999999999999999999999999999999999"), empty("0"), odd("0.1")),
            type("decimal(10,0) unsigned", min("0"), max("9999999999")),
            type("decimal(10,2) zerofill", min("0"), max("99999999.99"), odd("1.50"))
                    .remark("the zeros are printed by the source's type, and do not go"),
            type(
                    "float",
                    min("-3.40282347e38"),
                    max("3.40282347e38"),
                    empty("0"),
                    extreme("1.17549435e-38"),
                    extreme("1.4e-45"),
                    odd("-0e0"),
                    odd("0.1"),
                    odd("16777217"),
                    odd("-123456.789")),
            type("float(5,2)", min("-999.99"), max("999.99"), empty("0.00"), odd("1.1")),
            type("float unsigned", max("3.40282347e38"), empty("0"), odd("0.3")),
            type(
                    "double",
                    min("-1.7976931348623157e308"),
                    max("1.7976931348623157e308"),
                    empty("0"),
                    extreme("2.2250738585072014e-308"),
                    extreme("4.9406564584124654e-324"),
                    odd("-0e0"),
                    odd("0.1"),
                    odd("0.1e0 + 0.2e0"),
                    odd("9007199254740993")),
            type("double(10,3)", min("-9999999.999"), empty("0"), odd("1.1")),
            type("bit(1)", min("b'0'"), max("b'1'")),
            type("bit(10)", min("b'0'"), max("b'1111111111'"), odd("b'1'")),
            type("bit(64)", min("b'0'"), max("18446744073709551615"), odd("b'1'")),
            type("year", min("1901"), max("2155"), empty("0"), odd("'69'")));

    private static final List<TypeCases> TEXTS = List.of(
            type(
                    "varchar(20) character set utf8mb4",
                    min("x'01'"),
                    max("x'F48FBFBF'"),
                    empty("''"),
                    extreme("repeat(x'F09F9880', 20)"),
                    odd("' '"),
                    odd("' x '"),
                    odd("'\\t\\n\\r\\\\\\'\\\"'"),
                    odd("'\\\\N'"),
                    odd("'NULL'"),
                    odd("'e\u0301 \u00e9 \u03bc \u00b5'"),
                    odd("x'EFBBBFE2808BEFBFBFC285'"),
                    odd("'a\\0b'").notHeld(NUL)),
            type("varchar(20) character set utf8mb3", empty("''"), odd("'\u00e9'"), odd("x'EFBFBF'")),
            type(
                    "varchar(20) character set latin1",
                    min("x'01'"),
                    max("x'FF'"),
                    empty("''"),
                    odd("'M\u00c3\u00bcllerian'"),
                    odd("x'C3BC'"),
                    odd("x'80'"),
                    odd("x'818D8F909D'"),
                    odd("'C\u00efTE'")),
            type("varchar(20) character set ascii", empty("''"), odd("x'7F'")),
            type("varchar(20) character set armscii8", empty("''"), odd("x'A2B2FE'")),
            type("varchar(20) character set cp850", empty("''"), odd("x'80D5FF'")),
            type("varchar(20) character set cp852", empty("''"), odd("x'80AAFF'")),
            type("varchar(20) character set cp866", empty("''"), odd("x'80F0FCFD'")),
            type("varchar(20) character set cp1250", empty("''"), odd("x'808AE6'")),
            type("varchar(20) character set cp1251", empty("''"), odd("x'8088FF'")),
            type("varchar(20) character set cp1256", empty("''"), odd("x'8090FE'")),
            type("varchar(20) character set cp1257", empty("''"), odd("x'80DFFF'")),
            type("varchar(20) character set dec8", empty("''"), odd("x'A8D7FD'")),
            type("varchar(20) character set geostd8", empty("''"), odd("x'C0D0'")),
            type("varchar(20) character set greek", empty("''"), odd("x'A1A2AFEC'")),
            type("varchar(20) character set hebrew", empty("''"), odd("x'AFE0FA'")),
            type("varchar(20) character set hp8", empty("''"), odd("x'A1B0FE'")),
            type("varchar(20) character set keybcs2", empty("''"), odd("x'8083888C'")),
            type("varchar(20) character set koi8r", empty("''"), odd("x'A3C1FF'")),
            type("varchar(20) character set koi8u", empty("''"), odd("x'95A4A6A7ADB4'")),
            type("varchar(20) character set latin2", empty("''"), odd("x'A1F8FF'")),
            type("varchar(20) character set latin5", empty("''"), odd("x'D0FDFF'")),
            type("varchar(20) character set latin7", empty("''"), odd("x'A1F0FF'")),
            type("varchar(20) character set macce", empty("''"), odd("x'80CAFF'")),
            type("varchar(20) character set macroman", empty("''"), odd("x'80CAFF'")),
            type("varchar(20) character set swe7", empty("''"), odd("x'405B5C7D7E'")),
            type("varchar(20) character set tis620", empty("''"), odd("x'80A1FB'")),
            type("varchar(20) character set big5", empty("''"), odd("'\u4e2d\u529f'"), odd("x'A5745C'")),
            type("varchar(20) character set euckr", empty("''"), odd("'\ud55c'"), odd("x'8141C8FE'")),
            type("varchar(20) character set gb2312", empty("''"), odd("'\u4e2d'"), odd("x'A1A4A1AA'")),
            type("varchar(20) character set gbk", empty("''"), odd("'\u4e2d'"), odd("x'8140A1A4FE4F'")),
            type(
                    "varchar(20) character set sjis",
                    empty("''"),
                    odd("'\u65e5\u8868'"),
                    odd("x'815CB1'"),
                    odd("x'5C'").printsAlike("the code 0x5C of sjis, beside 0x815F")),
            type("varchar(20) character set cp932", empty("''"), odd("'\u65e5\u2460\u8868'"), odd("x'8160FA5CB1'")),
            type("varchar(20) character set ujis", empty("''"), odd("'\u65e5\u672c'"), odd("x'A1BD8EB18FB0A1'")),
            type("varchar(20) character set eucjpms", empty("''"), odd("'\u65e5\u672c'"), odd("x'A1C1A1DDADA18FF3F3'")),
            type(
                    "varchar(20) character set ucs2",
                    empty("''"),
                    odd("'\u00e9\u03bc'"),
                    odd("x'FEFF0041'"),
                    odd("x'FFFE4100'")),
            type(
                    "varchar(20) character set utf16",
                    empty("''"),
                    odd("x'D83DDE00'"),
                    odd("x'FEFF0041'"),
                    odd("x'FFFE4100'")),
            type("varchar(20) character set utf16le", empty("''"), odd("x'3DD800DE'"), odd("x'FFFE4100'")),
            type("varchar(20) character set utf32", empty("''"), odd("x'0001F600'"), odd("x'0000FEFF00000041'")),
            type(
                            "char(10) character set utf8mb4",
                            empty("''"),
                            extreme("repeat(x'F09F9880', 10)"),
                            odd("'x   '"),
                            odd("' y'"))
                    .remark("blanks at the end are not stored by the source"),
            type(
                    "char(1) character set latin1",
                    empty("''"),
                    odd("x'FF'"),
                    odd("'\\0'").notHeld(NUL)),
            type("char(38) character set utf8mb4", odd("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'")),
            type("tinytext", empty("''"), extreme("repeat('x', 255)")),
            type(
                    "text",
                    empty("''"),
                    extreme("repeat('x', 65535)"),
                    odd("'> 7000 (HIGH)'"),
                    odd("'\\0'").notHeld(NUL)),
            type("mediumtext character set latin1", empty("''"), extreme("repeat(x'FC', 1000000)")),
            type("longtext character set utf8mb4", empty("''"), extreme("repeat(x'F09F9880', 250000)")),
            type(
                            "enum('0','1','a b','it''s','b,c') character set utf8mb4",
                            odd("'0'"),
                            odd("'1'"),
                            odd("1"),
                            odd("'it''s'"),
                            odd("'b,c'"),
                            odd("'nope'"))
                    .remark("a label that was refused is the empty text"),
            type(
                    "enum('a\\\\b','c\"d','\u00e9','') character set utf8mb4",
                    empty("''"),
                    odd("'c\"d'"),
                    odd("'a\\\\b'"),
                    odd("'\u00e9'"),
                    odd("'nope'").printsAlike("a label that was refused, beside a label ''")),
            type("enum('x','\u00e9') character set latin1", min("1"), max("2"), empty("'nope'")),
            type(
                    "set('x','y','it''s','0') character set utf8mb4",
                    empty("''"),
                    odd("'x'"),
                    odd("'0,x'"),
                    max("'x,y,it''s,0'")),
            type(
                    "json",
                    empty("'{}'"),
                    odd("'{\"b\": 1,  \"a\":2, \"a\": 3}'"),
                    odd("'null'"),
                    odd("'\"\\\\u0000\u00e9\"'")),
            type(
                    "uuid",
                    min("'00000000-0000-0000-0000-000000000000'"),
                    max("'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
                    odd("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"),
                    odd("'6ccd780c-baba-1026-9564-5b8c656024db'"),
                    odd("'6ccd780c-baba-1026-9564-0000000000db'"),
                    odd("'ffffffff-ffff-ffff-ffff-ffffffffff00'")));

    private static final List<TypeCases> BYTES = List.of(
            type("binary(5)", min("x'00'"), max("x'FFFFFFFFFF'"), empty("''"), odd("x'0100'"), odd("x'FF'"))
                    .remark("with the zeros that pad it"),
            type("binary(1)", min("x'00'"), max("x'FF'")),
            type("varbinary(10)", min("x'00'"), max("x'FF'"), empty("''"), odd("x'00FF00'"), odd("x'4100'")),
            type("tinyblob", empty("''"), extreme("repeat(x'00', 255)"), odd("x'FF00'")),
            type("blob", empty("''"), extreme("repeat(x'FF', 65535)"), odd("x'00FF005C27'")),
            type("mediumblob", empty("''"), extreme("repeat(x'00', 1000000)")),
            type("longblob", empty("''"), extreme("repeat(x'FF00', 500000)")));

    private static final List<TypeCases> TIMES = List.of(
            type(
                    "date",
                    min("'0001-01-01'"),
                    max("'9999-12-31'"),
                    empty("'0000-00-00'").notHeld(ZERO),
                    odd("'2024-02-29'"),
                    odd("'1582-10-10'"),
                    odd("'2024-00-00'").notHeld(PARTIAL),
                    odd("'2020-05-00'").notHeld(PARTIAL),
                    odd("'0000-01-01'").notHeld("year 0")),
            type(
                    "datetime",
                    min("'0001-01-01 00:00:00'"),
                    max("'9999-12-31 23:59:59'"),
                    empty("'0000-00-00 00:00:00'").notHeld(ZERO),
                    odd("'2024-03-31 02:30:00'"),
                    odd("'2020-00-00 10:00:00'").notHeld(PARTIAL)),
            type("datetime(1)", odd("'2024-02-29 23:59:59.1'"), odd("'2024-02-29 23:59:59.0'")),
            type("datetime(3)", odd("'2024-02-29 23:59:59.120'"), odd("'2024-02-29 23:59:59.001'")),
            type(
                    "datetime(6)",
                    min("'0001-01-01 00:00:00.000001'"),
                    max("'9999-12-31 23:59:59.999999'"),
                    empty("'0000-00-00 00:00:00.000000'").notHeld(ZERO),
                    odd("'2024-02-29 23:59:59.100000'")),
            type(
                    "timestamp null",
                    min("'1970-01-01 00:00:01'"),
                    max("'2038-01-19 03:14:07'"),
                    empty("'0000-00-00 00:00:00'").notHeld(ZERO),
                    odd("'2024-03-31 02:30:00'")),
            type(
                    "timestamp(6) null",
                    min("'1970-01-01 00:00:00.000001'"),
                    max("'2038-01-19 03:14:07.999999'"),
                    empty("'0000-00-00 00:00:00'").notHeld(ZERO),
                    odd("'2024-02-29 23:59:59.000001'")),
            type(
                    "time",
                    min("'-838:59:59'"),
                    max("'838:59:59'"),
                    empty("'00:00:00'"),
                    odd("'24:00:00'"),
                    odd("'-00:00:01'")),
            type("time(2)", min("'-838:59:59.99'"), odd("'10:00:00.10'"), odd("'-00:00:00.01'")),
            type(
                    "time(6)",
                    min("'-838:59:59.999999'"),
                    max("'838:59:59.999999'"),
                    odd("'-00:00:00.000001'"),
                    odd("'-01:00:00.5'"),
                    odd("'10:00:00.123456'")));

    static final List<TypeCases> ALL =
            Stream.of(NUMBERS, TEXTS, BYTES, TIMES).flatMap(List::stream).toList();

    static final List<Refused> REFUSED = List.of(
            unsupported("geometry", "POINT(1, 2)"),
            unsupported("point", "POINT(1, 2)"),
            unsupported("linestring", "LINESTRING(POINT(1, 2), POINT(3, 4))"),
            unsupported("polygon", "POLYGON(LINESTRING(POINT(0,0), POINT(1,0), POINT(1,1), POINT(0,0)))"),
            unsupported("multipoint", "MULTIPOINT(POINT(1, 2))"),
            unsupported("multilinestring", "MULTILINESTRING(LINESTRING(POINT(1, 2), POINT(3, 4)))"),
            unsupported(
                    "multipolygon",
                    "MULTIPOLYGON(POLYGON(LINESTRING(POINT(0,0), POINT(1,0), POINT(1,1), POINT(0,0))))"),
            unsupported("geometrycollection", "GEOMETRYCOLLECTION(POINT(1, 2))"),
            unsupported("inet4", "'192.168.0.1'"),
            unsupported("inet6", "'::1'"),
            unsupported("text compressed", "'x'"),
            unsupported("varbinary(10) compressed", "'x'"));
}
