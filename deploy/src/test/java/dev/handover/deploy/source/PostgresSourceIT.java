package dev.handover.deploy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.capture.LoadCondition.Measure;
import dev.handover.capture.SourceTable;
import dev.handover.capture.SourceTable.ReplicaIdentity;
import dev.handover.capture.catalog.ForeignKeyOrder;
import dev.handover.capture.catalog.Inventory;
import dev.handover.capture.catalog.NotTaken;
import dev.handover.capture.engine.SourceGauge;
import dev.handover.change.SourceChange;
import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.PostgresServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.fault.Fault;
import dev.handover.row.Column;
import dev.handover.row.ForeignKey;
import dev.handover.row.Index;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresSourceIT {
    private static StateDirectory state;
    private static ServerProcess<Endpoints.Postgres> server;
    private static LiveSource source;

    @BeforeAll
    static void start(@TempDir Path directory) {
        state = StateDirectory.open(directory);
        server =
                PostgresServer.start(state, Artifacts.in(Artifacts.sharedCache(System.getenv()), line -> {}), "source");
        source = LiveSource.of(server.endpoint(), "source");
    }

    @AfterAll
    static void stop() {
        server.close();
        state.close();
    }

    @Test
    void keysFollowWhatTheLogRepeats() throws SQLException {
        source.execute(
                "CREATE SCHEMA keys",
                "CREATE TABLE keys.\"Mixed Case\" (\"Order\" text, \"select\" int, x int, PRIMARY KEY (\"select\", \"Order\"))",
                "INSERT INTO keys.\"Mixed Case\" VALUES ('b', 1, NULL), ('a', 1, 2)",
                "CREATE TABLE keys.none (a int NOT NULL, b int)",
                "CREATE TABLE keys.full_none (LIKE keys.none)",
                "ALTER TABLE keys.full_none REPLICA IDENTITY FULL",
                "CREATE TABLE keys.uniq (a int NOT NULL UNIQUE, b int)",
                "CREATE TABLE keys.uniq_full (a int NOT NULL UNIQUE, b int UNIQUE)",
                "ALTER TABLE keys.uniq_full REPLICA IDENTITY FULL",
                "CREATE TABLE keys.uniq_index (id int PRIMARY KEY, a int NOT NULL, CONSTRAINT chosen UNIQUE (a))",
                "ALTER TABLE keys.uniq_index REPLICA IDENTITY USING INDEX chosen",
                "CREATE TABLE keys.later (a int NOT NULL UNIQUE DEFERRABLE)",
                "ALTER TABLE keys.later REPLICA IDENTITY FULL",
                "CREATE TABLE keys.part_index (a int NOT NULL, b int)",
                "CREATE UNIQUE INDEX ON keys.part_index (a) WHERE b > 0",
                "CREATE UNIQUE INDEX ON keys.part_index ((a + 1))",
                "ALTER TABLE keys.part_index REPLICA IDENTITY FULL",
                "CREATE TABLE keys.nothing (id int PRIMARY KEY)",
                "ALTER TABLE keys.nothing REPLICA IDENTITY NOTHING",
                "CREATE TABLE keys.folded (id int PRIMARY KEY, \"Note\" text, note text)",
                "CREATE UNLOGGED TABLE keys.unlogged (id int PRIMARY KEY)");

        SourceTable mixed = source.table("keys", "Mixed Case");
        assertThat(mixed.schema().orElseThrow().key()).containsExactly("select", "Order");
        assertThat(source.rows(mixed).stream().map(SourceChange.Upsert::key))
                .containsExactlyInAnyOrder(
                        RowKey.of(new Value.Int(1), new Value.Text("b")),
                        RowKey.of(new Value.Int(1), new Value.Text("a")));
        assertThat(source.problem("keys", "none")).isEqualTo("no-key");
        assertThat(source.table("keys", "none").problem().orElseThrow().hint())
                .contains("ALTER TABLE \"keys\".\"none\" REPLICA IDENTITY FULL");
        TableSchema keyless = source.table("keys", "full_none").schema().orElseThrow();
        assertThat(keyless.keyless()).isTrue();
        assertThat(keyless.content().stream().map(Column::name)).containsExactly("a", "b");
        assertThat(source.problem("keys", "uniq")).isEqualTo("identity-nothing");
        assertThat(source.table("keys", "uniq_full").schema().orElseThrow().key())
                .containsExactly("a");
        SourceTable chosen = source.table("keys", "uniq_index");
        assertThat(chosen.identity()).isEqualTo(ReplicaIdentity.INDEX);
        assertThat(chosen.schema().orElseThrow().key()).containsExactly("a");
        assertThat(chosen.constraints().indexes()).containsExactly(new Index("uniq_index_pkey", List.of("id"), true));
        assertThat(source.table("keys", "later").schema().orElseThrow().keyless())
                .isTrue();
        assertThat(source.table("keys", "part_index").schema().orElseThrow().keyless())
                .isTrue();
        assertThat(source.problem("keys", "nothing")).isEqualTo("identity-nothing");
        assertThat(source.problem("keys", "folded")).isEqualTo("columns-folded");
        assertThat(source.problem("keys", "unlogged")).isEqualTo("table-unlogged");

        assertThat(declared("full_none", "a").schema().orElseThrow().key()).containsExactly("a");
        assertThat(declared("full_none", "b").problem().orElseThrow().code()).isEqualTo("key-nullable");
        assertThat(declared("full_none", "c").problem().orElseThrow().code()).isEqualTo("key-column-missing");
        assertThat(declared("uniq_index", "id").problem().orElseThrow().code()).isEqualTo("identity-narrow");
        assertThat(declared("none", "a").problem().orElseThrow().code()).isEqualTo("no-key");
    }

    private static SourceTable declared(String table, String key) {
        return source.table("keys", table, Map.of(new TableId("pas", "keys", table), List.of(key)));
    }

    @Test
    void whatCannotTravelIsNamed() throws SQLException {
        source.execute(
                "CREATE SCHEMA odd",
                "CREATE TYPE odd.pair AS (a int, b text)",
                "CREATE TYPE odd.span AS RANGE (subtype = time)",
                "CREATE TABLE odd.pairs (id int PRIMARY KEY, p odd.pair)",
                "CREATE TABLE odd.pair_arrays (id int PRIMARY KEY, p odd.pair[])",
                "CREATE TABLE odd.spans (id int PRIMARY KEY, p odd.span)",
                "CREATE TABLE odd.classes (id int PRIMARY KEY, p regclass)",
                "CREATE TABLE odd.rows (id int PRIMARY KEY, p odd.pairs)",
                "CREATE TABLE odd.made (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED,"
                        + " c int GENERATED ALWAYS AS (a * 3) VIRTUAL)",
                "INSERT INTO odd.made (id, a) VALUES (1, 5)",
                "CREATE VIEW odd.v AS SELECT 1 AS x",
                "CREATE MATERIALIZED VIEW odd.m AS SELECT 1 AS x");

        for (String table : List.of("pairs", "pair_arrays", "spans", "classes", "rows")) {
            assertThat(source.problem("odd", table)).as(table).isEqualTo("type-unsupported");
        }
        assertThat(source.table("odd", "pairs").problem().orElseThrow().message())
                .contains("odd.pairs", "\"p\"", "odd.pair");
        SourceTable made = source.table("odd", "made");
        assertThat(made.schema().orElseThrow().columns().stream().map(Column::name))
                .containsExactly("id", "a", "b");
        assertThat(source.rows(made).get(0).after().cell("b")).isEqualTo(new Value.Int(10));
        assertThat(Inventory.of(source.selecting(List.of("odd.*"), List.of()).config(), Map.of())
                        .notTaken())
                .containsExactlyInAnyOrder(
                        new NotTaken(new TableId("pas", "odd", "v"), "view"),
                        new NotTaken(new TableId("pas", "odd", "m"), "materialized view"),
                        new NotTaken(new TableId("pas", "odd", "made"), "generated column \"c\""));
    }

    @Test
    void aPartitionedTableIsOneTableAndAnHeirIsAnother() throws SQLException {
        source.execute(
                "CREATE SCHEMA parts",
                "CREATE TABLE parts.event (id int, day date, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
                "CREATE TABLE parts.event_2024 PARTITION OF parts.event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')"
                        + " PARTITION BY LIST (id)",
                "CREATE TABLE parts.event_2024_1 PARTITION OF parts.event_2024 FOR VALUES IN (1)",
                "CREATE TABLE parts.event_rest PARTITION OF parts.event DEFAULT",
                "INSERT INTO parts.event VALUES (1, '2024-02-01', 'a'), (1, '2030-02-01', 'b')",
                "CREATE TABLE parts.parent (id int PRIMARY KEY)",
                "CREATE TABLE parts.child (more int, PRIMARY KEY (id)) INHERITS (parts.parent)",
                "INSERT INTO parts.parent VALUES (1)",
                "INSERT INTO parts.child VALUES (2, 3)",
                "CREATE TABLE parts.mixed (id int PRIMARY KEY) PARTITION BY LIST (id)",
                "CREATE TABLE parts.mixed_1 PARTITION OF parts.mixed FOR VALUES IN (1)",
                "ALTER TABLE parts.mixed_1 REPLICA IDENTITY FULL");
        LiveSource parts = source.selecting(List.of("parts.*"), List.of());

        assertThat(parts.tables().stream().map(table -> table.table().name()))
                .containsExactly("child", "event", "mixed", "parent");
        assertThat(parts.rows(parts.table("parts", "event"))).hasSize(2);
        assertThat(parts.rows(parts.table("parts", "parent"))).hasSize(1);
        assertThat(parts.rows(parts.table("parts", "child"))).hasSize(1);
        assertThat(parts.problem("parts", "mixed")).isEqualTo("identity-mixed");
        assertThat(parts.table("parts", "event").bytesEstimate()).isPositive();
    }

    @Test
    void constraintsAreCarriedWhereTheTargetUnderstandsThem() throws SQLException {
        source.execute(
                "CREATE SCHEMA refs",
                "CREATE TYPE refs.kind AS ENUM ('a')",
                "CREATE TABLE refs.person (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, boss int, home int,"
                        + " name text DEFAULT 'it''s', n numeric(5,2) DEFAULT -1.5, at timestamptz DEFAULT now(),"
                        + " kind refs.kind DEFAULT 'a', code int DEFAULT (random() * 10)::int, ok boolean DEFAULT true)",
                "CREATE TABLE refs.address (id serial PRIMARY KEY, owner int REFERENCES refs.person (id))",
                "ALTER TABLE refs.person ADD CONSTRAINT home_fk FOREIGN KEY (home) REFERENCES refs.address (id)",
                "ALTER TABLE refs.person ADD CONSTRAINT boss_fk FOREIGN KEY (boss) REFERENCES refs.person (id)",
                "CREATE TABLE refs.visit (id int PRIMARY KEY, person int CONSTRAINT person_fk REFERENCES refs.person)",
                "CREATE INDEX visit_person ON refs.visit (person DESC) INCLUDE (id)",
                "CREATE INDEX visit_odd ON refs.visit ((person + 1))");
        LiveSource refs = source.selecting(List.of("refs.*"), List.of());

        assertThat(refs.table("refs", "person").constraints().defaults())
                .isEqualTo(Map.of("name", "'it''s'", "n", "'-1.5'", "at", "now()", "kind", "'a'", "ok", "true"));
        assertThat(refs.table("refs", "address").constraints().defaults()).isEmpty();
        SourceTable visit = refs.table("refs", "visit");
        assertThat(visit.constraints().indexes()).containsExactly(new Index("visit_person", List.of("person"), false));
        assertThat(visit.constraints().foreignKeys())
                .containsExactly(new ForeignKey(
                        "person_fk", List.of("person"), new TableId("pas", "refs", "person"), List.of("id")));
        ForeignKeyOrder order = ForeignKeyOrder.of(
                refs.tables().stream().collect(Collectors.toMap(SourceTable::table, table -> table.constraints()
                        .foreignKeys())));
        assertThat(order.tables().stream().map(TableId::name)).containsExactly("address", "person", "visit");
        assertThat(order.cycles()).hasSize(1);
    }

    /** 256 MB of text; the whole class runs in a heap of 64 MB. */
    @Test
    void aTableLargerThanTheHeapPassesThrough() throws SQLException {
        source.execute(
                "CREATE SCHEMA big",
                "CREATE TABLE big.empty (id int PRIMARY KEY, note text)",
                "CREATE TABLE big.wide AS SELECT i AS id, repeat(md5(i::text), 40) AS note FROM generate_series(1, 200000) i",
                "ALTER TABLE big.wide ADD PRIMARY KEY (id)");

        assertThat(source.rows(source.table("big", "empty"))).isEmpty();
        long[] seen = new long[2];
        source.load(source.table("big", "wide"), row -> {
            seen[0]++;
            seen[1] += ((Value.Text) row.after().cell("note")).value().length();
        });
        assertThat(seen).containsExactly(200_000, 200_000L * 1_280);
    }

    @Test
    void whatTheConsumerThrowsEndsTheLoad() throws SQLException {
        source.execute(
                "CREATE SCHEMA stop",
                "CREATE TABLE stop.t AS SELECT i AS id FROM generate_series(1, 100000) i",
                "ALTER TABLE stop.t ADD PRIMARY KEY (id)");
        IllegalStateException full = new IllegalStateException("the log is full");

        assertThatThrownBy(() -> source.load(source.table("stop", "t"), row -> {
                    throw full;
                }))
                .isSameAs(full);
    }

    @Test
    void rowSecurityFailsTheLoadInsteadOfHidingRows() throws SQLException {
        source.execute(
                "CREATE ROLE reader LOGIN PASSWORD 'reader'",
                "CREATE SCHEMA hidden",
                "GRANT USAGE ON SCHEMA hidden TO reader",
                "CREATE TABLE hidden.t (id int PRIMARY KEY, owner text)",
                "INSERT INTO hidden.t VALUES (1, 'canary-7351')",
                "ALTER TABLE hidden.t ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON hidden.t USING (owner = current_user)",
                "CREATE TABLE hidden.closed (id int PRIMARY KEY)",
                "GRANT SELECT ON hidden.t TO reader");
        LiveSource reader = source.as("reader", "reader").selecting(List.of("hidden.*"), List.of());

        assertThatThrownBy(() -> reader.rows(reader.table("hidden", "t")))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo("source-denied"));
        assertThat(reader.checks(Map.of()))
                .anyMatch(line -> line.startsWith("FAIL table pas.hidden.t row security"))
                .anyMatch(line -> line.startsWith("FAIL table pas.hidden.closed user \"reader\" may not read"))
                .anyMatch(line -> line.startsWith("FAIL replication user \"reader\" may not replicate"))
                .anyMatch(line -> line.startsWith("FAIL heartbeat"))
                .anyMatch(line -> line.startsWith("FAIL publication"));
    }

    @Test
    void aSourceInOrderFailsNoCheckAndADeclaredKeyIsTried() throws SQLException {
        source.execute(
                "CREATE SCHEMA fine",
                "CREATE TABLE fine.t (id int PRIMARY KEY)",
                "CREATE TABLE fine.loose (a int NOT NULL, b text NOT NULL)",
                "ALTER TABLE fine.loose REPLICA IDENTITY FULL",
                "INSERT INTO fine.loose VALUES (1, 'x'), (1, 'y')");
        LiveSource fine = source.selecting(List.of("fine.*"), List.of());
        TableId loose = new TableId("pas", "fine", "loose");

        assertThat(fine.checks(Map.of(loose, List.of("a", "b")))).noneMatch(line -> line.startsWith("FAIL"));
        assertThat(fine.checks(Map.of(loose, List.of("a"))))
                .filteredOn(line -> line.startsWith("FAIL"))
                .containsExactly("FAIL table pas.fine.loose the declared key [a] is not unique: rows would be lost");
        assertThat(fine.checks(Map.of()))
                .anyMatch(line ->
                        line.startsWith("WARN keys these tables have no key") && line.contains("pas.fine.loose"))
                .noneMatch(line -> line.startsWith("FAIL"));
    }

    @Test
    void whoeverMayNotSeeSessionsOfOthersIsRefused() throws SQLException {
        source.execute("CREATE ROLE blind LOGIN PASSWORD 'x'");
        try (SourceGauge sees = new SourceGauge(source.config());
                SourceGauge blind = new SourceGauge(source.as("blind", "x").config())) {
            assertThat(sees.read(Measure.ACTIVE_SESSIONS)).hasValue(0);
            assertThat(sees.read(Measure.REPLICA_LAG)).as("no standby").hasValue(0);
            assertThatThrownBy(() -> blind.read(Measure.REPLICA_LAG)).isInstanceOfSatisfying(Fault.class, fault -> {
                assertThat(fault.code()).isEqualTo("source-denied");
                assertThat(fault.hint()).contains("GRANT pg_read_all_stats");
            });
        }
    }

    @Test
    void aSourceThatCannotBeAskedIsAFaultThatNamesIt() {
        assertThat(source.as("nobody", "wrong").fault()).isEqualTo("DENIED source-denied");
        assertThat(source.as(source.config().user(), "wrong").fault()).isEqualTo("DENIED source-denied");
        assertThat(LiveSource.of(server.endpoint(), "absent").fault()).isEqualTo("USAGE source-missing");
        assertThat(source.at(1).fault()).isEqualTo("UNREACHABLE source-unreachable");
    }
}
