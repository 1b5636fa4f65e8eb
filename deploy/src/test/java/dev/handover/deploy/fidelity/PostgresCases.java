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

/** Every column type of PostgreSQL 18 and of the extensions that are shipped with it, with its values. */
final class PostgresCases {
    private PostgresCases() {}

    /** The source has it in a schema that the target does not have. */
    static final String HSTORE_AT_SOURCE = "CREATE EXTENSION hstore SCHEMA ext";

    static final String HSTORE_AT_TARGET = "CREATE EXTENSION hstore";

    /** What has to be there before the tables; also at the target. */
    static final List<String> EXTENSIONS = List.of(
            "CREATE EXTENSION citext",
            "CREATE EXTENSION ltree",
            "CREATE EXTENSION cube",
            "CREATE EXTENSION seg",
            "CREATE EXTENSION isn");

    /** At the source only. */
    static final List<String> TYPES = List.of(
            "CREATE TYPE mood AS ENUM ('0', '1', '', 'a \"b\" ''c''', '\u00e9')",
            "CREATE TYPE pair AS (a integer, b text)",
            "CREATE DOMAIN positive AS numeric(8,2) CHECK (value > 0)",
            "CREATE DOMAIN numbers AS integer[]",
            "CREATE TYPE floatrange AS RANGE (subtype = float8)");

    private static final List<TypeCases> NUMBERS = List.of(
            type("boolean", min("false"), max("true")),
            type("smallint", min("-32768"), max("32767"), empty("0")),
            type("integer", min("-2147483648"), max("2147483647"), empty("0")),
            type(
                    "bigint",
                    min("-9223372036854775808"),
                    max("9223372036854775807"),
                    empty("0"),
                    odd("10939881000119105")),
            type(
                    "numeric",
                    min("'-Infinity'"),
                    max("'Infinity'"),
                    empty("0"),
                    extreme("repeat('9', 131072)::numeric"),
                    extreme("('-0.' || repeat('0', 16382) || '1')::numeric"),
                    extreme("(repeat('1234567890', 50) || '.' || repeat('0987654321', 50))::numeric"),
                    odd("'NaN'"),
                    odd("2.0"),
                    odd("-0.000"),
                    odd("1e-40"),
                    odd("10939881000119105.50")),
            type("numeric(12,4)", min("-99999999.9999"), max("99999999.9999"), empty("0"), odd("'NaN'"), odd("2.50")),
            type("numeric(3,-2)", min("-99900"), max("99900"), empty("0"), odd("149")),
            type("numeric(2,4)", min("-0.0099"), max("0.0099"), empty("0")),
            type(
                    "real",
                    min("'-3.4028235e38'"),
                    max("'3.4028235e38'"),
                    empty("0"),
                    extreme("'1e-45'"),
                    extreme("'1.17549435e-38'"),
                    extreme("'Infinity'"),
                    extreme("'-Infinity'"),
                    odd("'NaN'"),
                    odd("'-0'"),
                    odd("0.1"),
                    odd("16777217")),
            type(
                    "double precision",
                    min("'-1.7976931348623157e308'"),
                    max("'1.7976931348623157e308'"),
                    empty("0"),
                    extreme("'5e-324'"),
                    extreme("'2.2250738585072014e-308'"),
                    extreme("'Infinity'"),
                    extreme("'-Infinity'"),
                    odd("'NaN'"),
                    odd("'-0'"),
                    odd("0.1"),
                    odd("0.1::float8 + 0.2::float8"),
                    odd("9007199254740993")),
            type("money", min("'-92233720368547758.08'"), max("'92233720368547758.07'"), empty("0"), odd("0.01")));

    private static final List<TypeCases> TEXTS = List.of(
            type(
                    "text",
                    min("E'\\x01'"),
                    max("chr(1114111)"),
                    empty("''"),
                    extreme("repeat('x', 1000000)"),
                    extreme("repeat(U&'\\+01F600', 10000)"),
                    odd("' '"),
                    odd("'  a  '"),
                    odd("E'a\\tb\\nc\\r\\nd\\\\e\\b\\f\\v'"),
                    odd("'\\N'"),
                    odd("'\\.'"),
                    odd("'NULL'"),
                    odd("U&'e\\0301 \\00e9 \\03bc \\00b5 \\+01D11E'"),
                    odd("U&'\\FEFF\\200B\\FFFF\\E000\\007F\\0085'"),
                    odd("'M\u00c3\u00bcllerian'")),
            type("character varying", empty("''"), odd("'any '")),
            type("character varying(8)", empty("''"), extreme("repeat(U&'\\+01F600', 8)"), odd("'a  '")),
            type("character(6)", empty("''"), extreme("repeat(U&'\\+01F600', 6)"), odd("'ab'"), odd("' x'"))
                    .remark("printed with its padding"),
            type("bpchar", empty("''"), odd("'ab  '")),
            type("\"char\"", min("'\\001'"), max("'\\377'"), empty("''"), odd("'x'")),
            type("name", empty("''"), extreme("repeat('n', 63)"), odd("'\"A b\"'")),
            type("citext", empty("''"), odd("'MiXed \u00c9'")),
            type("mood", empty("''"), odd("'0'"), odd("'1'"), odd("'a \"b\" ''c'''"), odd("'\u00e9'"))
                    .remark("an enum; its labels go as text"),
            type("positive", min("0.01"), max("999999.99"), odd("1")).remark("a domain over numeric(8,2)"),
            type(
                    "xml",
                    empty("''"),
                    odd("'<a b=\"c\">d &lt; \u00e9</a>'"),
                    odd("'text <b/>'"),
                    odd("'<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>'")
                            .printsAlike("an encoding in the XML declaration")),
            type(
                    "json",
                    empty("'{}'"),
                    extreme("(repeat('[', 1000) || repeat(']', 1000))::json"),
                    odd("'{\"b\": 1,  \"a\":2, \"a\": 3}'"),
                    odd("' null '"),
                    odd("'\"\\u0000\\ud83d\\ude00\"'"),
                    odd("'1e999'")),
            type(
                    "jsonb",
                    empty("'{}'"),
                    extreme("(repeat('[', 1000) || repeat(']', 1000))::jsonb"),
                    odd("'{\"b\": 1.0, \"a\": [1, 2, {\"c\": null}], \"a\": 3}'"),
                    odd("'null'"),
                    odd("'\"\\u0041\"'"),
                    odd("'1e400'")),
            type("jsonpath", empty("'$'"), odd("'strict $.a[*] ? (@ > 1)'")),
            type("tsvector", empty("''"), extreme("'a:16383'"), odd("'a:1A fat:2B,4C ''it''''s'''")),
            type("tsquery", empty("''"), odd("'fat & (rat | !cat) <2> do:*A'")),
            type("ext.hstore", empty("''"), odd("'a=>1, b=>NULL, \"c d\"=>\"e\\\"f\\\\\", \"\"=>\"NULL\"'")),
            type("ltree", empty("''"), extreme("repeat('x', 1000)::ltree"), odd("'Top.Science.2'")),
            type("lquery", odd("'Top.*{0,2}.sport*@.!football|tennis{1,}'")),
            type("ltxtquery", odd("'Europe & Russia*@ & !Transportation'")));

    private static final List<TypeCases> BYTES = List.of(
            type(
                    "bytea",
                    min("'\\x00'"),
                    max("'\\xff'"),
                    empty("''"),
                    extreme("decode(repeat('00', 1000000), 'hex')"),
                    odd("'\\x00ff5c4e0a2c'")),
            type("bit(1)", min("B'0'"), max("B'1'")),
            type("bit(10)", min("B'0000000000'"), max("B'1111111111'"), odd("B'0000000001'")),
            type("bit varying(12)", empty("B''"), max("B'111111111111'"), odd("B'0101'")),
            type("bit varying", empty("B''"), extreme("repeat('10', 4000)::varbit"), odd("B'000000000000000001'")),
            type(
                    "uuid",
                    min("'00000000-0000-0000-0000-000000000000'"),
                    max("'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
                    odd("'{A0EEBC999C0B4EF8BB6D6BB9BD380A11}'")));

    private static final List<TypeCases> TIMES = List.of(
            type(
                    "date",
                    min("'4714-11-24 BC'"),
                    max("'5874897-12-31'"),
                    extreme("'infinity'"),
                    extreme("'-infinity'"),
                    odd("'0001-12-31 BC'"),
                    odd("'0044-03-15 BC'"),
                    odd("'1582-10-10'"),
                    odd("'2024-02-29'"),
                    odd("'9999-12-31'"),
                    odd("'10000-01-01'")),
            type("time", min("'00:00:00'"), max("'24:00:00'"), odd("'23:59:59.999999'"), odd("'10:00:00.5'")),
            type("time(0)", min("'00:00:00'"), max("'24:00:00'"), odd("'10:00:00.5'")),
            type(
                    "time with time zone",
                    min("'00:00:00+15:59:59'"),
                    max("'24:00:00-15:59:59'"),
                    odd("'10:00:00+02'"),
                    odd("'01:02:03.5+05:45'"),
                    odd("'12:00:00+00'")),
            type("time(3) with time zone", odd("'10:00:00.120-03:30'")),
            type(
                    "timestamp",
                    min("'4714-11-24 00:00:00 BC'"),
                    max("'294276-12-31 23:59:59.999999'"),
                    extreme("'infinity'"),
                    extreme("'-infinity'"),
                    odd("'0001-01-01 00:00:00'"),
                    odd("'0001-12-31 23:59:59.5 BC'"),
                    odd("'1970-01-01 00:00:00'"),
                    odd("'2024-01-31 10:00:00.25'")),
            type("timestamp(3)", odd("'2024-01-31 10:00:00.120'"), odd("'2016-12-31 23:59:60'")),
            type(
                    "timestamp with time zone",
                    min("'4714-11-24 00:00:00+00 BC'"),
                    max("'294276-12-31 23:59:59.999999+00'"),
                    extreme("'infinity'"),
                    extreme("'-infinity'"),
                    odd("'2024-03-31 02:30:00.25+01'"),
                    odd("'2024-10-27 02:30:00 Europe/Berlin'"),
                    odd("'1900-01-01 00:00:00 Europe/Amsterdam'"),
                    odd("'0001-01-01 00:00:00 Asia/Kathmandu'"),
                    odd("'9999-12-31 23:59:59.999999-15:59'")),
            type("timestamp(0) with time zone", odd("'2024-01-31 10:00:00.5+05:30'")),
            type(
                    "interval",
                    min("'-178956970 years -8 mons -2147483648 days -2562047788:00:54.775807'"),
                    max("'178956970 years 7 mons 2147483647 days 2562047788:00:54.775806'"),
                    empty("'0'"),
                    extreme("'infinity'"),
                    extreme("'-infinity'"),
                    odd("'-1 year -2 mons +3 days -04:05:06.5'"),
                    odd("'1 mon -1 day'"),
                    odd("'00:00:00.000001'"),
                    odd("'-00:00:00.000001'"),
                    odd("'-838:59:59'")),
            type("interval day to second(2)", odd("'1 00:00:00.12'")),
            type("interval year to month", odd("'1 year 14 mons'")));

    private static final List<TypeCases> SHAPES = List.of(
            type("point", empty("'(0,0)'"), extreme("'(1e308,5e-324)'"), odd("'(NaN,-Infinity)'"), odd("'(-0,0.1)'")),
            type("line", odd("'{1,2,3}'")),
            type("lseg", empty("'[(0,0),(0,0)]'"), odd("'[(1,2),(3,4)]'")),
            type("box", empty("'(0,0),(0,0)'"), odd("'(1,2),(3,4)'")),
            type("path", odd("'[(1,2),(3,4)]'"), odd("'((1,2),(3,4))'")),
            type("polygon", odd("'((1,2),(3,4),(5,6))'")),
            type("circle", empty("'<(0,0),0>'"), odd("'<(1,2),3.5>'")),
            type("cube", empty("'(0)'"), odd("'(1,2),(3,4)'")),
            type("seg", odd("'0.1 .. 0.25'"), odd("'~6.50'"), odd("'5(+-)0.3'")),
            type("isbn13", odd("'978-0-393-04002-9'")),
            type(
                    "inet",
                    min("'0.0.0.0'"),
                    max("'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'"),
                    odd("'192.168.0.1/24'"),
                    odd("'::1'"),
                    odd("'::ffff:1.2.3.4/128'")),
            type("cidr", min("'0.0.0.0/0'"), odd("'10.0.0.0/8'"), odd("'2001:db8::/32'")),
            type("macaddr", min("'00:00:00:00:00:00'"), max("'ff:ff:ff:ff:ff:ff'"), odd("'08002b010203'")),
            type("macaddr8", odd("'08:00:2b:01:02:03:04:05'")));

    private static final List<TypeCases> SETS = List.of(
            type(
                    "int4range",
                    min("'[-2147483648,5)'"),
                    max("'(,2147483647)'"),
                    empty("'empty'"),
                    odd("'(1,5]'"),
                    odd("'(,)'")),
            type("int8range", max("'[9223372036854775806,9223372036854775807)'"), empty("'empty'"), odd("'[1,5]'")),
            type("numrange", empty("'empty'"), odd("'(1.10,2.200]'"), odd("'[-Infinity,NaN]'")),
            type("daterange", empty("'empty'"), odd("'[2024-01-01,infinity)'"), odd("'[0044-03-15 BC,)'")),
            type("tsrange", empty("'empty'"), odd("'[2024-01-01 10:00,2024-01-02 11:00:00.5)'")),
            type("tstzrange", empty("'empty'"), odd("'[2024-01-01 10:00+02,2024-01-02 11:00+05:45)'"), odd("'(,)'")),
            type("int4multirange", empty("'{}'"), odd("'{[1,3),[5,8)}'")),
            type("int8multirange", empty("'{}'"), odd("'{[1,3),[5,)}'")),
            type("nummultirange", empty("'{}'"), odd("'{[1.10,2.0),(3.00,4]}'")),
            type("datemultirange", empty("'{}'"), odd("'{[2024-01-01,2024-02-01)}'")),
            type("tsmultirange", empty("'{}'"), odd("'{[2024-01-01 10:00,2024-01-02 11:00)}'")),
            type("tstzmultirange", empty("'{}'"), odd("'{[2024-01-01 10:00+02,2024-01-02 11:00+02)}'")),
            type(
                    "integer[]",
                    empty("'{}'"),
                    odd("'{1,NULL,3}'"),
                    odd("'{{1,2},{3,NULL}}'"),
                    odd("'[0:1]={5,6}'"),
                    odd("'[-1:0][2:3]={{1,2},{3,4}}'"),
                    extreme("'{{{{{{1}}}}}}'")),
            type(
                    "text[]",
                    empty("'{}'"),
                    odd("ARRAY['a,b', 'c\"d', '\\', NULL, 'NULL', '', ' x ', '{}', E'\\n']"),
                    odd("ARRAY[NULL]::text[]")),
            type("boolean[]", empty("'{}'"), odd("'{t,NULL,f}'")),
            type("numeric(6,2)[]", empty("'{}'"), odd("'{1.10,NaN,NULL}'")),
            type("double precision[]", empty("'{}'"), odd("'{-0,NaN,5e-324,Infinity}'")),
            type("character varying(4)[]", empty("'{}'"), odd("'{ab,\"c \"}'")),
            type("character(4)[]", empty("'{}'"), odd("'{ab,\"\"}'")),
            type("date[]", empty("'{}'"), odd("'{infinity,\"0044-03-15 BC\"}'")),
            type("timestamptz[]", empty("'{}'"), odd("ARRAY['2024-01-31 10:00:00+02'::timestamptz, 'infinity']")),
            type("interval[]", empty("'{}'"), odd("ARRAY['-1 year +2 days 00:00:01.5'::interval]")),
            type("bytea[]", empty("'{}'"), odd("ARRAY['\\xff00'::bytea, '']")),
            type("uuid[]", empty("'{}'"), odd("'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'")),
            type("jsonb[]", empty("'{}'"), odd("ARRAY['{\"a\": \"b, c\"}'::jsonb, 'null']")),
            type("point[]", empty("'{}'"), odd("ARRAY['(1,2)'::point]")),
            type("box[]", empty("'{}'"), odd("ARRAY['(3,4),(1,2)'::box, '(1,1),(0,0)']")),
            type("tstzrange[]", empty("'{}'"), odd("ARRAY['[2024-01-01 10:00+02,)'::tstzrange]")),
            type("ext.hstore[]", empty("'{}'"), odd("ARRAY['\"a b\"=>\"1\"'::ext.hstore]")),
            type("mood[]", empty("'{}'"), odd("ARRAY['0', '', NULL, 'a \"b\" ''c''']::mood[]")),
            type("positive[]", empty("'{}'"), odd("'{12.50}'")),
            type("numbers", empty("'{}'"), odd("'{1,NULL}'")).remark("a domain over integer[]"));

    private static final List<TypeCases> OF_THE_SERVER = List.of(
            type("oid", min("0"), max("4294967295")),
            type("xid", min("'0'"), max("'4294967295'")),
            type("cid", min("'0'"), max("'4294967295'")),
            type("xid8", min("'0'"), max("'18446744073709551615'")),
            type("tid", min("'(0,0)'"), max("'(4294967295,65535)'")),
            type("pg_lsn", min("'0/0'"), max("'FFFFFFFF/FFFFFFFF'"), odd("'16/B374D848'")),
            type("pg_snapshot", odd("'10:20:10,14,15'")),
            type("txid_snapshot", odd("'10:20:10,14,15'")),
            type("int2vector", empty("''"), odd("'1 -2 3'")),
            type("oidvector", empty("''"), odd("'1 2 4294967295'")));

    static final List<TypeCases> ALL = Stream.of(NUMBERS, TEXTS, BYTES, TIMES, SHAPES, SETS, OF_THE_SERVER)
            .flatMap(List::stream)
            .toList();

    static final List<Refused> REFUSED = List.of(
            unsupported("pair", "ROW(1, 'x,\"y\"')"),
            unsupported("pair[]", "ARRAY[ROW(1, '')::pair]"),
            unsupported("floatrange", "'[0.1,0.2]'"),
            unsupported("regclass", "'pg_class'"),
            unsupported("regcollation", "'\"C\"'"),
            unsupported("regconfig", "'simple'"),
            unsupported("regdictionary", "'simple'"),
            unsupported("regnamespace", "'pg_catalog'"),
            unsupported("regoper", "'0'"),
            unsupported("regoperator", "'+(integer,integer)'"),
            unsupported("regproc", "'now'"),
            unsupported("regprocedure", "'now()'"),
            unsupported("regrole", "'pg_monitor'"),
            unsupported("regtype", "'integer'"),
            unsupported("aclitem", "'pg_monitor=r/pg_monitor'"),
            unsupported("refcursor", "'c'"),
            unsupported("pg_node_tree", "NULL"));

    /** Types of the catalog that no column of a user's table holds values of: their input functions refuse. */
    static final List<String> WITHOUT_VALUES = List.of(
            "gtsvector",
            "pg_ndistinct",
            "pg_dependencies",
            "pg_mcv_list",
            "pg_brin_bloom_summary",
            "pg_brin_minmax_multi_summary",
            "pg_ddl_command");
}
