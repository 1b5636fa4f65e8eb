package dev.handover.deploy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.handover.change.Finding;
import dev.handover.fault.Fault;
import dev.handover.mapping.TableMapping;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Constraints;
import dev.handover.row.ForeignKey;
import dev.handover.row.Index;
import dev.handover.row.Row;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.sink.batch.Batch;
import dev.handover.sink.batch.Counts;
import dev.handover.sink.batch.FindingTotal;
import dev.handover.sink.batch.History;
import dev.handover.sink.batch.Receipt;
import dev.handover.sink.postgres.ConstraintResult;
import dev.handover.sink.postgres.ConstraintResult.Outcome;
import dev.handover.sink.postgres.ControlTables;
import dev.handover.sink.postgres.FindingLedger;
import dev.handover.sink.postgres.PostgresSink;
import dev.handover.sink.postgres.TablePlan;
import dev.handover.sink.postgres.TargetCheck;
import dev.handover.sink.postgres.TargetChecks;
import dev.handover.sink.postgres.TargetConstraints;
import dev.handover.sink.postgres.TargetDatabase;
import dev.handover.sink.postgres.TargetPlan;
import dev.handover.sink.postgres.TargetStatus;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetIT {
    private static Clinic clinic;

    @BeforeAll
    static void start(@TempDir Path directory) {
        clinic = new Clinic(directory);
    }

    @AfterAll
    static void stop() {
        clinic.close();
    }

    private static PostgresSink sink(History history, int copyRowsMin) {
        PostgresSink sink = clinic.sink(copyRowsMin);
        sink.claim(new TreeSet<>(history.partitions()));
        return sink;
    }

    private static void faults(String code, PostgresSink sink, Batch batch, String... words) {
        assertThatThrownBy(() -> sink.apply(batch)).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.code()).isEqualTo(code);
            assertThat(fault.getMessage()).contains(words);
            assertThat(fault.hint()).isNotEmpty();
        });
    }

    /** What a plan says of the table beforehand. */
    private static TablePlan foretold(TableSchema schema) {
        return TargetPlan.read(clinic.target(), List.of(schema)).tables().get(0);
    }

    private static void foretellsRefusal(String code, TableSchema schema) {
        assertThat(foretold(schema)).isInstanceOfSatisfying(TablePlan.Refuse.class, refuse -> assertThat(
                        refuse.fault().code())
                .isEqualTo(code));
    }

    @Test
    void manySinksMakeTheControlSchemaAtOnce() throws Exception {
        clinic.execute("CREATE DATABASE together");
        TargetDatabase target = TargetDatabase.of(
                clinic.target().url().replaceAll("/[^/]*$", "/together"),
                clinic.target().user(),
                clinic.target().password());
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts.add(CompletableFuture.runAsync(() -> ControlTables.migrate(target)));
        }
        for (CompletableFuture<Void> start : starts) {
            start.get(60, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, Integer.MAX_VALUE})
    void aRefusedRowBecomesADeadLetterAndTheOthersGoOn(int copyRowsMin) throws Exception {
        History history = new History(History.patients(clinic.schema()));
        try (PostgresSink sink = sink(history, copyRowsMin)) {
            for (int id = 0; id < 50; id++) {
                history.upsert(10 + id, id, id == 17 ? "a name of more than twenty characters" : "n" + id);
            }
            Receipt receipt = sink.apply(history.batch());
            assertThat(receipt.total()).isEqualTo(new Counts(50, 0, 49, 0, 0, 0, 1));
            assertThat(clinic.names(history)).hasSize(49).doesNotContainKey(17L);
            assertThat(clinic.rows("SELECT stage, reason, place, table_name FROM handover.dead_letter ORDER BY id DESC"
                            + " LIMIT 1"))
                    .containsExactly(List.of("apply", "refused-value", "na\"me", "pas.public.Patient Äß"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, Integer.MAX_VALUE})
    void valuesOfEveryKindArriveAsTheyAre(int copyRowsMin) throws Exception {
        Map<ColumnType, String> samples = Map.ofEntries(
                Map.entry(ColumnType.of(dev.handover.row.Kind.BOOLEAN), "t"),
                Map.entry(ColumnType.of(dev.handover.row.Kind.UINT64), "18446744073709551615"),
                Map.entry(ColumnType.decimal(6, 2), "-1234.50"),
                Map.entry(ColumnType.of(dev.handover.row.Kind.DECIMAL), "NaN"),
                Map.entry(ColumnType.of(dev.handover.row.Kind.FLOAT64), "-Infinity"),
                Map.entry(new ColumnType(dev.handover.row.Kind.BITS, 3, 0, "bit"), "101"),
                Map.entry(new ColumnType(dev.handover.row.Kind.CHAR, 5, 0, "char"), "ab"),
                Map.entry(ColumnType.of(dev.handover.row.Kind.BYTES), "\\x00ff5c"),
                Map.entry(ColumnType.of(dev.handover.row.Kind.DATE), "0044-03-15 BC"),
                Map.entry(ColumnType.of(dev.handover.row.Kind.TIME), "24:00:00"),
                Map.entry(ColumnType.of(dev.handover.row.Kind.TIMESTAMPTZ), "2024-02-29 23:59:59.5+00"),
                Map.entry(ColumnType.of(dev.handover.row.Kind.DURATION), "-838:59:59"),
                Map.entry(ColumnType.of(dev.handover.row.Kind.JSON), "{\"a\": \"\\u0000\"}"),
                Map.entry(ColumnType.postgres("text[]"), "{\"a\\\\b\",NULL,\"c,\\\"d\"}"),
                Map.entry(ColumnType.postgres("character varying(4)[]"), "{abcd}"),
                Map.entry(ColumnType.postgres("bit(3)[]"), "{101}"),
                Map.entry(ColumnType.postgres("int4range"), "[1,5)"),
                Map.entry(ColumnType.postgres("numeric(8,3)[]"), "{1.500}"));
        List<Column> columns =
                new ArrayList<>(List.of(new Column("id", ColumnType.of(dev.handover.row.Kind.INT64), false)));
        List<Cell> cells = new ArrayList<>(List.of(new Value.Int(1)));
        samples.forEach((type, text) -> {
            columns.add(new Column("c" + columns.size(), type, true));
            cells.add(dev.handover.row.PostgresText.parse(type, text));
        });
        TableSchema schema = new TableSchema(TableId.target(clinic.schema(), "kinds"), columns, List.of("id"));
        History history = new History(schema);
        try (PostgresSink sink = sink(history, copyRowsMin)) {
            assertThat(sink.apply(history.upsert(10, new Row(schema, cells)).batch())
                            .total()
                            .inserted())
                    .isEqualTo(1);
        }
        String select = String.join(
                "::text, ", columns.stream().map(Column::name).toList().subList(1, columns.size()));
        List<String> read = clinic.rows(
                        "SELECT " + select + "::text FROM \"" + schema.table().schema() + "\".kinds")
                .get(0);
        for (int i = 1; i < columns.size(); i++) {
            ColumnType type = columns.get(i).type();
            if (type.kind() != dev.handover.row.Kind.BOOLEAN) {
                assertThat(dev.handover.row.PostgresText.parse(type, read.get(i - 1)))
                        .as(type.postgres())
                        .isEqualTo(cells.get(i));
            }
        }
    }

    @Test
    void aTableThatDiffersOrIsOccupiedIsLeftAlone() throws Exception {
        TableSchema schema = History.patients(clinic.schema());
        String quoted =
                "\"" + schema.table().schema() + "\".\"" + schema.table().name() + "\"";
        clinic.execute("CREATE SCHEMA \"" + schema.table().schema() + "\"; CREATE TABLE " + quoted
                + " (id bigint, \"na\"\"me\" varchar(30), weight numeric(6,2) NOT NULL, PRIMARY KEY (id, weight))");
        History history = new History(schema);
        foretellsRefusal("target-differs", schema);
        try (PostgresSink sink = sink(history, 1)) {
            faults(
                    "target-differs",
                    sink,
                    history.upsert(1, 1, "Ann").batch(),
                    "primary key is (id, weight), should be (id)",
                    "is character varying(30), should be character varying(20)",
                    "\"weight\" is not null, should be nullable");
        }
        assertThat(clinic.one("SELECT count(*) FROM pg_attribute WHERE attname LIKE '\\_handover%' AND attrelid = '"
                        + quoted + "'::regclass"))
                .isEqualTo("0");
        clinic.execute("INSERT INTO " + quoted + " VALUES (1, 'x', 1)");
        History again = new History(schema);
        foretellsRefusal("target-occupied", schema);
        try (PostgresSink sink = sink(again, 1)) {
            faults(
                    "target-occupied",
                    sink,
                    again.upsert(1, 1, "Ann").batch(),
                    "rows that this migration did not write");
        }
    }

    @Test
    void aNewColumnIsAddedADroppedOneStaysAWiderOneGrowsAndAnotherTypeIsParked() throws Exception {
        History history = new History(History.patients(clinic.schema()));
        TableId table = history.schema().table();
        List<Column> before = history.schema().columns();
        try (PostgresSink sink = sink(history, 1)) {
            sink.apply(history.upsert(10, 1, "Ann").batch());
            TableSchema wider = new TableSchema(
                    table,
                    List.of(
                            before.get(0),
                            before.get(1),
                            before.get(2),
                            new Column("ward", ColumnType.of(dev.handover.row.Kind.TEXT), false)),
                    List.of("id"));
            assertThat(foretold(wider)).isEqualTo(new TablePlan.Alter(table, List.of("ADD COLUMN \"ward\" text")));
            history.under(wider);
            sink.apply(history.upsert(
                            11,
                            new Row(
                                    wider,
                                    List.of(new Value.Int(2), new Value.Text("Bob"), Cell.NULL, new Value.Text("B3"))))
                    .batch());
            TableSchema narrower = new TableSchema(table, List.of(before.get(0), before.get(1)), List.of("id"));
            history.under(narrower);
            sink.apply(history.upsert(12, new Row(narrower, List.of(new Value.Int(3), new Value.Text("Cleo"))))
                    .batch());
            assertThat(clinic.rows(
                            "SELECT id, ward FROM \"" + table.schema() + "\".\"" + table.name() + "\" ORDER BY id"))
                    .containsExactly(List.of("1", "null"), List.of("2", "B3"), List.of("3", "null"));
            TableSchema changed = new TableSchema(
                    table, List.of(before.get(0), new Column("na\"me", ColumnType.text(40), true)), List.of("id"));
            assertThat(foretold(changed))
                    .isEqualTo(new TablePlan.Alter(
                            table, List.of("ALTER COLUMN \"na\"\"me\" TYPE character varying(40)")));
            history.under(changed);
            sink.apply(history.upsert(
                            13, new Row(changed, List.of(new Value.Int(3), new Value.Text("Cleo Maria van der Berg"))))
                    .batch());
            assertThat(foretold(narrower)).isEqualTo(new TablePlan.Alter(table, List.of()));
            history.under(narrower);
            sink.apply(history.upsert(14, new Row(narrower, List.of(new Value.Int(4), new Value.Text("Dan"))))
                    .batch());
            assertThat(clinic.rows("SELECT id, \"na\"\"me\" FROM \"" + table.schema() + "\".\"" + table.name()
                            + "\" WHERE id > 2 ORDER BY id"))
                    .containsExactly(List.of("3", "Cleo Maria van der Berg"), List.of("4", "Dan"));
            TableSchema other = new TableSchema(
                    table,
                    List.of(before.get(0), new Column("na\"me", ColumnType.of(dev.handover.row.Kind.DATE), true)),
                    List.of("id"));
            assertThat(foretold(other))
                    .isEqualTo(new TablePlan.Park(table, "column \"na\"me\" is character varying(40), should be date"));
            history.under(other);
            Receipt receipt = sink.apply(
                    history.upsert(15, new Row(other, List.of(new Value.Int(5), new Value.Text("2024-01-01"))))
                            .mark(15, true)
                            .batch());
            assertThat(receipt.counts().values()).singleElement().satisfies(counts -> assertThat(counts.dead())
                    .isOne());
            assertThat(clinic.rows("SELECT reason, place FROM handover.dead_letter WHERE target_name = '"
                            + table.shortText() + "'"))
                    .containsExactly(
                            List.of("schema-mismatch", "column \"na\"me\" is character varying(40), should be date"));
            assertThat(clinic.rows("SELECT count(*) FROM handover.applied WHERE position IS NOT NULL AND topic IN"
                            + " (SELECT topic FROM handover.target_table WHERE table_name = '" + table.shortText()
                            + "')"))
                    .containsExactly(List.of("0"));
        }
    }

    @Test
    void namesThatPostgresqlCannotHoldAndTypesThatItLacksAreNamed() {
        TableSchema clash = new TableSchema(
                TableId.target(clinic.schema(), "t"),
                List.of(
                        new Column("id", ColumnType.of(dev.handover.row.Kind.INT64), false),
                        new Column("_handover_x", ColumnType.of(dev.handover.row.Kind.TEXT), true),
                        new Column("ü".repeat(32), ColumnType.of(dev.handover.row.Kind.TEXT), true)),
                List.of("id"));
        History history = new History(clash);
        try (PostgresSink sink = sink(history, 1)) {
            faults("identifier-refused", sink, history.mark(1, false).batch(), "_handover_x", "63 bytes");
        }
        TableSchema lacking = new TableSchema(
                TableId.target(clinic.schema(), "t"),
                List.of(
                        new Column("id", ColumnType.of(dev.handover.row.Kind.INT64), false),
                        new Column("shape", ColumnType.postgres("geometry(Point,4326)"), true),
                        new Column("odd", ColumnType.postgres("not a ( type"), true)),
                List.of("id"));
        History other = new History(lacking);
        foretellsRefusal("type-missing", lacking);
        try (PostgresSink sink = sink(other, 1)) {
            faults("type-missing", sink, other.mark(1, false).batch(), "shape", "odd");
        }
    }

    @Test
    void aBackendThatDiesInMidBatchIsReplacedAndTheBatchCountsOnce() throws Exception {
        History history = new History(History.patients(clinic.schema()));
        String quoted = "\"" + history.schema().table().schema() + "\".\""
                + history.schema().table().name() + "\"";
        try (PostgresSink sink = sink(history, 1)) {
            sink.apply(history.upsert(10, 1, "Ann").batch());
            history.finding(Finding.of("weight", Finding.Kind.SENTINEL, "-1"));
            Batch next = history.upsert(11, 1, "Anna").upsert(12, 2, "Bob").batch();
            CompletableFuture<Receipt> applied;
            try (Connection blocker = clinic.connect();
                    Statement lock = blocker.createStatement()) {
                blocker.setAutoCommit(false);
                lock.execute("LOCK TABLE " + quoted + " IN EXCLUSIVE MODE");
                applied = CompletableFuture.supplyAsync(() -> sink.apply(next));
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !clinic.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
                                        + " application_name = 'handover-sink' AND wait_event_type = 'Lock'")
                                .isEmpty());
                blocker.rollback();
            }
            assertThat(applied.get(30, TimeUnit.SECONDS).total()).isEqualTo(new Counts(2, 0, 1, 1, 0, 0, 0));
            assertThat(clinic.names(history)).isEqualTo(Map.of(1L, "Anna", 2L, "Bob"));
            assertThat(clinic.one("SELECT sum(changes) FROM handover.ledger WHERE table_name = '"
                            + history.schema().table().shortText() + "'"))
                    .isEqualTo("3");
            assertThat(FindingLedger.read(clinic.target()).totals())
                    .filteredOn(
                            total -> total.of().table().equals(history.schema().table()))
                    .extracting(FindingTotal::count, FindingTotal::rows)
                    .containsExactly(tuple(2L, 3L));
        }
    }

    @Test
    void constraintsFollowTheLoadAndAnOrphanIsReportedNotFatal() throws Exception {
        String name = clinic.schema();
        TableId parents = new TableId("pas", "public", "parent");
        TableId children = new TableId("pas", "public", "child");
        List<TableMapping> mappings = List.of(
                TableMapping.copy(parents, TableId.target(name, "parent"), 1),
                TableMapping.copy(children, TableId.target(name, "child"), 1));
        History parent = new History(new TableSchema(
                TableId.target(name, "parent"), History.patients(name).columns(), List.of("id")));
        History child = new History(new TableSchema(
                TableId.target(name, "child"), History.patients(name).columns(), List.of("id")));
        try (PostgresSink sink = sink(parent, 1)) {
            sink.claim(new TreeSet<>(child.partitions()));
            sink.apply(
                    parent.upsert(1, 1, "Ann").upsert(2, 2, "Bob").mark(2, true).batch());
            sink.apply(
                    child.upsert(3, 1, "x").upsert(4, 9, "orphan").mark(4, true).batch());
            TargetConstraints constraints = new TargetConstraints(clinic.target(), InstantSource.system());
            var plan = TargetConstraints.plan(
                    List.of(
                            new Constraints(
                                    parents,
                                    List.of(new Index("by_name", List.of("na\"me"), true)),
                                    List.of(),
                                    Map.of("weight", "0")),
                            new Constraints(
                                    children,
                                    List.of(new Index("by_name", List.of("na\"me"), false)),
                                    List.of(new ForeignKey("to_parent", List.of("id"), parents, List.of("id"))),
                                    Map.of())),
                    mappings);
            assertThat(constraints.run(plan, TargetConstraints.Moment.QUIET, 2).stream()
                            .map(ConstraintResult::outcome)
                            .toList())
                    .containsExactly(Outcome.DONE, Outcome.DONE, Outcome.DONE, Outcome.DONE, Outcome.FAILED);
            sink.apply(parent.upsert(5, 1, "Bob").upsert(6, 2, "Ann").batch());
            sink.apply(child.delete(7, 9).batch());
            assertThat(clinic.names(parent)).isEqualTo(Map.of(1L, "Bob", 2L, "Ann"));
            assertThat(constraints.run(plan, TargetConstraints.Moment.QUIET, 2).stream()
                            .map(ConstraintResult::outcome)
                            .toList())
                    .containsExactly(Outcome.DONE, Outcome.PRESENT, Outcome.PRESENT, Outcome.PRESENT, Outcome.DONE);
            TargetStatus status = TargetStatus.read(clinic.target(), InstantSource.system(), Duration.ofHours(1));
            TargetStatus.Table table = status.tables().stream()
                    .filter(each -> each.name().equals(name + ".child"))
                    .findFirst()
                    .orElseThrow();
            assertThat(table.rows()).isEqualTo(1);
            assertThat(table.loaded()).isTrue();
            assertThat(table.constrained()).isTrue();
            assertThat(table.counts()).isEqualTo(new Counts(3, 0, 2, 0, 1, 0, 0));
            assertThat(table.position()).contains(History.at(4).text());
            assertThat(status.lag().changes()).isPositive();
        }
    }

    /** A writer keeps the first table's index from being finished; the second's is made meanwhile. */
    @Test
    void indexesOfSeveralTablesAreMadeAtATime() throws Exception {
        String name = clinic.schema();
        String schema = "\"" + name + "\".";
        clinic.execute("CREATE SCHEMA IF NOT EXISTS \"" + name + "\"");
        List<TableMapping> mappings = new ArrayList<>();
        List<Constraints> constraints = new ArrayList<>();
        for (String table : List.of("a", "b")) {
            clinic.execute("CREATE TABLE " + schema + table + " (id integer PRIMARY KEY, v text)");
            TableId source = new TableId("pas", "public", table);
            mappings.add(TableMapping.copy(source, TableId.target(name, table), 1));
            constraints.add(new Constraints(
                    source, List.of(new Index("of_" + table, List.of("v"), false)), List.of(), Map.of()));
        }
        var plan = TargetConstraints.plan(constraints, mappings);
        CompletableFuture<List<ConstraintResult>> run;
        try (Connection writer = clinic.target().open()) {
            writer.setAutoCommit(false);
            try (Statement statement = writer.createStatement()) {
                statement.execute("INSERT INTO " + schema + "a VALUES (1, 'x')");
            }
            run = CompletableFuture.supplyAsync(() -> new TargetConstraints(clinic.target(), InstantSource.system())
                    .run(plan, TargetConstraints.Moment.STREAMING, 2));
            String made =
                    "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid = to_regclass('" + schema + "of_";
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> clinic.one(made + "b')").equals("1"));
            assertThat(clinic.one(made + "a')")).isEqualTo("0");
            writer.commit();
        }
        assertThat(run.get(1, TimeUnit.MINUTES))
                .extracting(ConstraintResult::outcome)
                .containsOnly(Outcome.DONE);
    }

    /** PostgreSQL checks an immediate constraint at each row of a statement, so it has to be deferrable. */
    @ParameterizedTest
    @ValueSource(ints = {1, Integer.MAX_VALUE})
    void valuesThatAreSwappedWithinABatchNeedADeferrableConstraint(int copyRowsMin) throws Exception {
        assertThat(swapped("DEFERRABLE INITIALLY DEFERRED", copyRowsMin)).isEqualTo(Map.of(1L, "Bob", 2L, "Ann"));
        assertThat(swapped("DEFERRABLE INITIALLY IMMEDIATE", copyRowsMin)).isEqualTo(Map.of(1L, "Bob", 2L, "Ann"));
        long letters = Long.parseLong(clinic.one("SELECT count(*) FROM handover.dead_letter"));
        assertThat(swapped("", copyRowsMin)).as("both are refused").isEqualTo(Map.of(1L, "Ann", 2L, "Bob"));
        assertThat(clinic.one("SELECT count(*) - " + letters + " FROM handover.dead_letter"))
                .isEqualTo("2");
    }

    private static Map<Long, String> swapped(String how, int copyRowsMin) throws Exception {
        History history = new History(History.patients(clinic.schema()));
        try (PostgresSink sink = sink(history, copyRowsMin)) {
            sink.apply(history.upsert(10, 1, "Ann").upsert(11, 2, "Bob").batch());
            clinic.execute("ALTER TABLE \"" + history.schema().table().schema() + "\".\""
                    + history.schema().table().name() + "\" ADD UNIQUE (\"na\"\"me\") " + how);
            sink.apply(history.upsert(20, 1, "Bob").upsert(21, 2, "Ann").batch());
            return clinic.names(history);
        }
    }

    @Test
    void aReceiptSaysThatItsBatchIsAPartOfATransaction() throws Exception {
        History history = new History(History.patients(clinic.schema()));
        try (PostgresSink sink = sink(history, 1)) {
            String partial = "SELECT partial FROM handover.receipt ORDER BY applied_at DESC LIMIT 1";
            sink.apply(history.upsert(10, 1, "Ann").batch().inPart());
            assertThat(clinic.one(partial)).isEqualTo("t");
            sink.apply(history.upsert(11, 1, "Anna").batch());
            assertThat(clinic.one(partial)).isEqualTo("f");
        }
    }

    @Test
    void aUserWithoutTheRoleOfAReplicaIsWarnedAndStillWrites() throws Exception {
        clinic.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'");
        clinic.execute("CREATE DATABASE plain OWNER plain");
        TargetDatabase target =
                TargetDatabase.of(clinic.target().url().replaceAll("/[^/]*$", "/plain"), "plain", "plain");
        assertThat(TargetChecks.run(target, List.of("clinic")))
                .extracting(TargetCheck::severity)
                .contains(TargetCheck.Severity.WARNING)
                .doesNotContain(TargetCheck.Severity.ERROR);
        ControlTables.migrate(target);
        History history = new History(History.patients("clinic"));
        try (PostgresSink sink = new PostgresSink(target, Clinic.RETRY, 1, InstantSource.system())) {
            sink.claim(new TreeSet<>(history.partitions()));
            assertThat(sink.apply(history.upsert(1, 1, "Ann").batch()).total().inserted())
                    .isEqualTo(1);
        }
        TargetDatabase wrong = TargetDatabase.of(target.url(), "plain", "wrong");
        assertThat(TargetChecks.run(wrong, List.of()))
                .extracting(TargetCheck::severity)
                .containsExactly(TargetCheck.Severity.ERROR);
        assertThat(wrong.toString()).doesNotContain("wrong");
    }
}
