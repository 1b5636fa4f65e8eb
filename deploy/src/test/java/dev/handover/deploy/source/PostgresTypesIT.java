package dev.handover.deploy.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.SourceSessions;
import dev.handover.capture.SourceTable;
import dev.handover.change.SourceChange;
import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.PostgresServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.PostgresText;
import dev.handover.row.Value;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresTypesIT {
    private static StateDirectory state;
    private static ServerProcess<Endpoints.Postgres> server;
    private static LiveSource source;

    /** Column definitions, each with values worth copying. */
    private static final Map<String, List<String>> ZOO = new LinkedHashMap<>();

    static {
        ZOO.put("boolean", List.of("true", "false"));
        ZOO.put("smallint", List.of("-32768", "32767"));
        ZOO.put("integer", List.of("-2147483648", "2147483647"));
        ZOO.put("bigint", List.of("-9223372036854775808", "9223372036854775807"));
        ZOO.put("numeric", List.of("'NaN'", "'Infinity'", "-0.000", "2.0", "1e-40", "10939881000119105.50"));
        ZOO.put("numeric(12,4)", List.of("12345678.9012", "'NaN'", "0"));
        ZOO.put("numeric(3,-2)", List.of("12300"));
        ZOO.put("real", List.of("1.1", "'NaN'", "'-Infinity'", "3.4028235e38", "1e-45", "'-0'"));
        ZOO.put("double precision", List.of("0.1", "'NaN'", "'Infinity'", "5e-324", "1.7976931348623157e308", "'-0'"));
        ZOO.put(
                "text",
                List.of("''", "' '", "E'tab\\tline\\nback\\\\slash\\r\\b\\f\\v'", "'\\N'", "'Müllerian 𝄞 e\u0301'"));
        ZOO.put("character varying(8)", List.of("'a  '", "''"));
        ZOO.put("character varying", List.of("'any'"));
        ZOO.put("character(6)", List.of("'ab'", "''"));
        ZOO.put("bpchar", List.of("'ab  '"));
        ZOO.put("\"char\"", List.of("'x'", "''", "'\\203'"));
        ZOO.put("name", List.of("'relation'"));
        ZOO.put("bytea", List.of("''", "'\\x00ff5c4e'"));
        ZOO.put("bit(1)", List.of("B'1'"));
        ZOO.put("bit(10)", List.of("B'1010101010'"));
        ZOO.put("bit varying(9)", List.of("B''", "B'101'"));
        ZOO.put("bit varying", List.of("B'1'"));
        ZOO.put("date", List.of("'0044-03-15 BC'", "'infinity'", "'-infinity'", "'5874897-12-31'", "'2024-02-29'"));
        ZOO.put("time", List.of("'24:00:00'", "'00:00:00'", "'23:59:59.999999'"));
        ZOO.put("time(3)", List.of("'10:00:00.120'"));
        ZOO.put("timetz", List.of("'10:00:00+02'", "'24:00:00-15:59'", "'01:02:03.5+05:30'"));
        ZOO.put("timestamp", List.of("'4713-01-01 00:00:00 BC'", "'infinity'", "'294276-12-31 23:59:59.999999'"));
        ZOO.put("timestamp(0)", List.of("'2024-01-31 10:00:00'"));
        ZOO.put("timestamptz", List.of("'2024-03-31 02:30:00.25+01'", "'-infinity'", "'0001-01-01 00:00:00+00 BC'"));
        ZOO.put("timestamptz(2)", List.of("'2024-01-31 10:00:00.12+00'"));
        ZOO.put("interval", List.of("'1 year 2 mons -3 days 04:05:06.7'", "'-838:59:59'", "'0'", "'infinity'"));
        ZOO.put("interval day to second", List.of("'3 days 01:02:03'"));
        ZOO.put("uuid", List.of("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"));
        ZOO.put("json", List.of("'{\"b\":1,  \"a\":[1.0, null], \"b\":2}'"));
        ZOO.put("jsonb", List.of("'{\"b\":1, \"a\":[1.0, null]}'"));
        ZOO.put("jsonpath", List.of("'$.a[*]'"));
        ZOO.put("xml", List.of("'<a b=\"c\">d</a>'"));
        ZOO.put("inet", List.of("'192.168.0.1/24'", "'::1'"));
        ZOO.put("cidr", List.of("'10.0.0.0/8'"));
        ZOO.put("macaddr", List.of("'08:00:2b:01:02:03'"));
        ZOO.put("macaddr8", List.of("'08:00:2b:01:02:03:04:05'"));
        ZOO.put("money", List.of("'-1234567.89'"));
        ZOO.put("oid", List.of("4294967295"));
        ZOO.put("pg_lsn", List.of("'16/B374D848'"));
        ZOO.put("tid", List.of("'(1,2)'"));
        ZOO.put("point", List.of("'(1.1,-2)'"));
        ZOO.put("line", List.of("'{1,2,3}'"));
        ZOO.put("lseg", List.of("'[(1,2),(3,4)]'"));
        ZOO.put("box", List.of("'(3,4),(1,2)'"));
        ZOO.put("path", List.of("'((1,2),(3,4))'"));
        ZOO.put("polygon", List.of("'((1,2),(3,4),(5,6))'"));
        ZOO.put("circle", List.of("'<(1,2),3>'"));
        ZOO.put("tsvector", List.of("'a:1 b:2A'"));
        ZOO.put("tsquery", List.of("'a & !b'"));
        ZOO.put("int4range", List.of("'[1,5)'", "'empty'", "'(,)'"));
        ZOO.put("numrange", List.of("'[1.50,2)'"));
        ZOO.put("tstzrange", List.of("'[2024-01-01 10:00+02,)'"));
        ZOO.put("datemultirange", List.of("'{[2024-01-01,2024-02-01)}'"));
        ZOO.put("integer[]", List.of("'{{1,2},{3,NULL}}'", "'{}'", "'[0:1]={1,2}'"));
        ZOO.put("text[]", List.of("'{\"a,b\",\"c\\\"d\",NULL,\"NULL\",\"\"}'"));
        ZOO.put("numeric(6,2)[]", List.of("'{1.10,NaN}'"));
        ZOO.put("character varying(4)[]", List.of("'{ab,\"c \"}'"));
        ZOO.put("timestamptz[]", List.of("'{\"2024-01-01 10:00+02\"}'"));
        ZOO.put("interval[]", List.of("'{\"1 mon 2 days\"}'"));
        ZOO.put("bytea[]", List.of("'{\"\\\\x00ff\"}'"));
        ZOO.put("zoo.mood", List.of("'sad'", "'it''s, \"so\"'"));
        ZOO.put("zoo.mood[]", List.of("'{sad,NULL}'"));
        ZOO.put("zoo.dose", List.of("12.50"));
        ZOO.put("zoo.dose[]", List.of("'{12.50}'"));
        ZOO.put("zoo.mood_domain", List.of("'sad'"));
        ZOO.put("zoo.hstore", List.of("'\"a\"=>\"1\",\"b\"=>NULL'"));
        ZOO.put("zoo.hstore[]", List.of("ARRAY['\"a\"=>\"1\"'::zoo.hstore]"));
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws SQLException {
        state = StateDirectory.open(directory);
        server =
                PostgresServer.start(state, Artifacts.in(Artifacts.sharedCache(System.getenv()), line -> {}), "source");
        source = LiveSource.of(server.endpoint(), "source");
        source.execute(
                "ALTER DATABASE source SET DateStyle = 'German, DMY'",
                "ALTER DATABASE source SET TimeZone = 'Asia/Kathmandu'",
                "ALTER DATABASE source SET IntervalStyle = 'postgres_verbose'",
                "ALTER DATABASE source SET bytea_output = 'escape'",
                "ALTER DATABASE source SET extra_float_digits = -5",
                "ALTER DATABASE source SET statement_timeout = '5s'");
    }

    @AfterAll
    static void stop() {
        server.close();
        state.close();
    }

    /** What is loaded, written into columns of the declared target types, prints as at the source. */
    @Test
    void everyTypeArrivesWithoutLoss() throws SQLException {
        source.execute(
                "CREATE SCHEMA zoo",
                "CREATE SCHEMA copy",
                "CREATE EXTENSION hstore SCHEMA zoo",
                "CREATE TYPE zoo.mood AS ENUM ('sad', 'it''s, \"so\"')",
                "CREATE DOMAIN zoo.dose AS numeric(6,2) CHECK (value > 0)",
                "CREATE DOMAIN zoo.mood_domain AS zoo.mood");
        StringBuilder ddl = new StringBuilder("CREATE TABLE zoo.animals (id integer PRIMARY KEY");
        int columns = 0;
        for (String type : ZOO.keySet()) {
            ddl.append(", c").append(columns++).append(' ').append(type);
        }
        source.execute(ddl + ")");
        int most = ZOO.values().stream().mapToInt(List::size).max().orElseThrow();
        for (int i = 0; i <= most; i++) {
            int row = i;
            String values = ZOO.values().stream()
                    .map(list -> row < list.size() ? list.get(row) : "NULL")
                    .collect(Collectors.joining(", "));
            source.execute("INSERT INTO zoo.animals VALUES (" + i + ", " + values + ")");
        }

        SourceTable table = source.table("zoo", "animals");
        assertThat(table.problem()).isEmpty();
        List<SourceChange.Upsert> rows = source.rows(table);

        assertThat(rows).hasSize(most + 1);
        assertThat(rows.get(0).lineage().committedAt()).isEqualTo(LiveSource.TAKEN_AT);
        assertThat(differences(table, rows)).isEmpty();
    }

    private static List<String> differences(SourceTable table, List<SourceChange.Upsert> rows) throws SQLException {
        List<Column> columns = table.schema().orElseThrow().columns();
        try (Connection connection = new SourceSessions(source.config()).open();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = zoo");
            statement.execute("SET DateStyle = 'ISO'");
            statement.execute("SET lc_monetary = 'C'");
            statement.execute("CREATE TABLE copy.animals ("
                    + columns.stream()
                            .map(column -> column.name() + " " + column.type().postgres())
                            .collect(Collectors.joining(", "))
                    + ")");
            String insert = "INSERT INTO copy.animals VALUES ("
                    + columns.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")";
            try (PreparedStatement write = connection.prepareStatement(insert)) {
                for (SourceChange.Upsert row : rows) {
                    for (int i = 0; i < columns.size(); i++) {
                        Cell cell = row.after().cells().get(i);
                        write.setObject(
                                i + 1, cell instanceof Value value ? PostgresText.format(value) : null, Types.OTHER);
                    }
                    write.execute();
                }
            }
            Map<String, String> different = new HashMap<>();
            for (Column column : columns) {
                try (ResultSet result = statement.executeQuery("SELECT count(*) FROM zoo.animals s JOIN copy.animals t"
                        + " USING (id) WHERE s." + column.name() + "::text IS DISTINCT FROM t." + column.name()
                        + "::text")) {
                    result.next();
                    if (result.getInt(1) > 0) {
                        different.put(column.type().name(), result.getString(1));
                    }
                }
            }
            return different.keySet().stream().sorted().toList();
        }
    }
}
