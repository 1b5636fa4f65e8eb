package dev.handover.deploy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.capture.LoadCondition.Measure;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.SourceTable;
import dev.handover.capture.catalog.Inventory;
import dev.handover.capture.catalog.NotTaken;
import dev.handover.capture.engine.SourceGauge;
import dev.handover.change.SourceChange;
import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.MariaDbServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.fault.Fault;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ForeignKey;
import dev.handover.row.Index;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.Value;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

    /** The server itself would print question marks. */
    @Test
    void aCodeWithoutACharacterIsRefusedByTheLoad() throws SQLException {
        source.execute(
                "CREATE TABLE chinese (id int PRIMARY KEY, c varchar(9) CHARACTER SET gbk)",
                "CREATE TABLE western (id int PRIMARY KEY, c varchar(9) CHARACTER SET cp1250)",
                "INSERT INTO chinese VALUES (1, '?'), (2, x'C4E3'), (3, NULL)",
                "INSERT INTO western VALUES (1, x'8A3F81')");
        SourceTable chinese = source.table("clinic", "chinese");
        assertThat(source.rows(chinese).stream().map(row -> row.after().cell("c")))
                .containsExactly(new Value.Text("?"), new Value.Text("\u4f60"), Cell.NULL);

        source.execute("INSERT INTO chinese VALUES (4, x'41A2E3')");

        assertThatThrownBy(() -> source.rows(chinese))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("column \"c\" holds bytes that are not text");
        assertThatThrownBy(() -> source.rows(source.table("clinic", "western")))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("column \"c\" holds bytes that are not text");
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

    /** Statements of a load, and sessions that do nothing, are not work of others. */
    @Test
    void whatOthersDoIsCounted() throws SQLException {
        source.execute(
                "CREATE TABLE busy (id int PRIMARY KEY, v text)",
                "INSERT INTO busy SELECT seq, repeat('x', 4000) FROM seq_1_to_10000",
                "CREATE USER blind IDENTIFIED BY 'x'",
                "GRANT SELECT ON clinic.* TO blind");
        SourceTable busy = source.table("clinic", "busy");
        try (SourceGauge gauge = new SourceGauge(source.config());
                Connection idle = new SourceSessions(source.config()).open();
                Connection working = new SourceSessions(source.config()).open();
                Statement statement = working.createStatement()) {
            assertThat(idle.isValid(1)).isTrue();
            assertThat(gauge.read(Measure.ACTIVE_SESSIONS)).hasValue(0);
            int[] rows = {0};
            source.load(busy, row -> {
                if (rows[0]++ == 0) {
                    assertThat(gauge.read(Measure.ACTIVE_SESSIONS)).hasValue(0);
                }
            });
            assertThat(rows[0]).isEqualTo(10_000);
            statement.setFetchSize(1);
            try (ResultSet row = statement.executeQuery("SELECT * FROM busy")) {
                assertThat(row.next()).isTrue();
                assertThat(gauge.read(Measure.ACTIVE_SESSIONS)).hasValue(1);
                int left = 0;
                while (row.next()) {
                    left++;
                }
                assertThat(left).isEqualTo(9_999);
            }
        }
        try (SourceGauge gauge = new SourceGauge(source.as("blind", "x").config())) {
            assertThatThrownBy(() -> gauge.read(Measure.ACTIVE_SESSIONS)).isInstanceOfSatisfying(Fault.class, fault -> {
                assertThat(fault.code()).isEqualTo("source-denied");
                assertThat(fault.hint()).contains("GRANT PROCESS");
            });
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
