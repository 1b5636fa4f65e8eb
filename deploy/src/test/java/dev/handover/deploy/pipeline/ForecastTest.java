package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.SourceTable;
import dev.handover.capture.SourceTable.ReplicaIdentity;
import dev.handover.capture.engine.CapturedTables;
import dev.handover.capture.engine.RecordedTable;
import dev.handover.capture.engine.RecordedTable.Cause;
import dev.handover.capture.engine.RecordedTable.Standstill;
import dev.handover.capture.engine.SourceLog;
import dev.handover.deploy.pipeline.Plan.Action;
import dev.handover.deploy.pipeline.Plan.Line;
import dev.handover.deploy.pipeline.Plan.Place;
import dev.handover.drift.DriftPolicy;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Constraints;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.sink.postgres.ConstraintStep;
import dev.handover.sink.postgres.TablePlan;
import dev.handover.sink.postgres.TargetPlan;
import dev.handover.transform.version.RenewedRows;
import dev.handover.transform.version.UsedVersion;
import dev.handover.transform.version.VersionLog.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForecastTest {
    private static final TableId TABLE = TableId.parse("pas.public.patient");
    private static final TableId CLINICAL = TableId.target("clinical", "patient");

    /** Columns as marks: {@code a:int} or {@code a:text}; {@code id} is the key. */
    private static TableSchema schema(String columns) {
        List<Column> all = new ArrayList<>(List.of(new Column("id", ColumnType.of(Kind.INT32), false)));
        for (String column : columns.split(" ")) {
            String[] words = column.split(":");
            all.add(new Column(
                    words[0],
                    switch (words[1]) {
                        case "int" -> ColumnType.of(Kind.INT32);
                        case "bigint" -> ColumnType.of(Kind.INT64);
                        default -> ColumnType.text(ColumnType.UNLIMITED);
                    },
                    true));
        }
        return new TableSchema(TABLE, all, List.of("id"));
    }

    private static SourceTable live(TableSchema schema) {
        return new SourceTable(
                TABLE,
                Optional.of(schema),
                new Constraints(TABLE, List.of(), List.of(), Map.of()),
                1200,
                -1,
                ReplicaIdentity.KEY,
                Optional.empty());
    }

    private static CapturedTables known(TableSchema before, Optional<Standstill> still) {
        return new CapturedTables(
                new TreeMap<>(Map.of(TABLE, new RecordedTable(before, before, still))),
                new TreeMap<>(),
                new TreeMap<>());
    }

    private static String said(List<Line> lines) {
        return String.join(
                " | ",
                lines.stream()
                        .map(line -> line.action().text() + ": " + line.detail())
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // before | now | policy | what is said | columns that rows are written under
                "a:int | a:int        | STOP    | ''                                            | a",
                "a:int | a:int b:text | EVOLVE  | change: evolve follows: column \"b\" is new    | a b",
                "a:int | a:int b:text | STOP    | park: stop parks it at its next change: column | ",
                "a:int | b:int        | EVOLVE  | change: evolve follows: column \"a\" is gone   | a b",
                "a:int | a:bigint     | EVOLVE  | change: evolve follows: column \"a\" was       | a",
                "a:int | a:text       | EVOLVE  | park: evolve parks it at its next change: col  | ",
                "a:int | a:text       | LENIENT | change: lenient follows: column \"a\" was      | a a__text",
            })
    void aChangeAndWhatItsPolicyMakesOfIt(String before, String now, DriftPolicy policy, String says, String columns) {
        CapturedTables captured = known(schema(before), Optional.empty());
        Map<TableId, SourceTable> live = Map.of(TABLE, live(schema(now)));

        String said = said(Forecast.tables(captured, live, true, table -> policy));
        List<TableSchema> written = Forecast.written(captured, live, table -> policy);

        assertThat(said).startsWith(says);
        assertThat(said.isEmpty()).isEqualTo(says.isEmpty());
        if (columns == null) {
            assertThat(written).isEmpty();
        } else {
            assertThat(written.get(0).columns().stream().map(Column::name))
                    .containsExactly(("id " + columns).split(" "));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SCHEMA    | EVOLVE  | park: is parked, and stays so under evolve: column  | false",
                "SCHEMA    | LENIENT | change: was parked, and goes on under lenient: col  | true",
                "TRUNCATED | LENIENT | park: is parked: because                            | false",
                "GONE      | LENIENT | park: stands still: because                         | false",
            })
    void whatStandsStillIsDecidedAnewWhereItCanBe(Cause cause, DriftPolicy policy, String says, boolean goesOn) {
        CapturedTables captured = known(schema("a:int"), Optional.of(new Standstill(cause, "because")));
        Map<TableId, SourceTable> live = Map.of(TABLE, live(schema("a:text")));

        assertThat(said(Forecast.tables(captured, live, true, table -> policy))).startsWith(says);
        assertThat(Forecast.written(captured, live, table -> policy)).hasSize(goesOn ? 1 : 0);
    }

    @Test
    void aTableThatWasChangedBackGoesOn() {
        CapturedTables captured = known(schema("a:int"), Optional.of(new Standstill(Cause.SCHEMA, "because")));

        List<Line> lines =
                Forecast.tables(captured, Map.of(TABLE, live(schema("a:int"))), true, table -> DriftPolicy.STOP);

        assertThat(said(lines)).startsWith("change: was parked, and goes on under stop: the table is as it was");
    }

    @Test
    void aTableThatIsGoneStandsStill() {
        CapturedTables captured = known(schema("a:int"), Optional.empty());

        assertThat(said(Forecast.tables(captured, Map.of(), true, table -> DriftPolicy.EVOLVE)))
                .startsWith("park: stands still: the table is no longer at the source");
        assertThat(Forecast.written(captured, Map.of(), table -> DriftPolicy.EVOLVE))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false, CONFLICT", "true, PARK"})
    void newTablesAreLoadedOrRefused(boolean begun, Action refused) {
        TableId bed = TableId.parse("pas.public.bed");
        CapturedTables captured = new CapturedTables(
                new TreeMap<>(),
                new TreeMap<>(Map.of(TABLE, schema("a:int"))),
                new TreeMap<>(Map.of(bed, new SourceTable.Problem("no-key", "it has no key", "add one"))));

        List<Line> lines =
                Forecast.tables(captured, Map.of(TABLE, live(schema("a:int"))), begun, table -> DriftPolicy.EVOLVE);

        assertThat(lines)
                .containsExactly(
                        Line.of(refused, "table pas.public.bed", "is not captured: it has no key", "add one"),
                        Line.of(
                                Action.LOAD,
                                "table pas.public.patient",
                                "about 1200 rows of it are read at the source"));
    }

    @Test
    void aPublicationIsMadeOrExtended() {
        assertThat(Forecast.prepared(List.of(
                        new SourceLog.Missing("publication p", "", "CREATE"),
                        new SourceLog.Missing("publication q", "table public.visit", "ALTER"))))
                .containsExactly(
                        Line.of(Action.CREATE, "publication p", ""),
                        Line.of(Action.CHANGE, "publication q", "table public.visit is added"));
    }

    @Test
    void aTopicIsMadeUnlessItWasWrittenOrHasOtherPartitions() {
        List<NewTopic> wanted = List.of(
                new NewTopic("fine", 2, (short) 1),
                new NewTopic("missing", 2, (short) 1),
                new NewTopic("lost", 2, (short) 1),
                new NewTopic("other", 2, (short) 1));

        List<Line> lines = Forecast.topics(wanted, Map.of("fine", 2, "other", 3), Set.of("fine", "lost"));

        assertThat(lines.stream().map(line -> line.action() + " " + line.object() + " " + line.detail()))
                .containsExactly(
                        "CREATE topic missing 2 partitions",
                        "CONFLICT topic lost topic lost was written before and is gone",
                        "CONFLICT topic other topic other has 3 partitions, the pipeline 2");
    }

    private static List<Line> versions(int now, String fingerprint, Set<RenewedRows> renewed, UsedVersion... used) {
        UsedVersion declared = new UsedVersion(TABLE.text(), "clinical.patient", now, fingerprint);
        VersionRules.Undeclared none = new VersionRules.Undeclared() {
            @Override
            public Optional<String> target(String source) {
                return Optional.empty();
            }

            @Override
            public boolean used(String source) {
                return false;
            }

            @Override
            public String copy() {
                return "copy";
            }
        };
        return Forecast.versions(
                new VersionRules(
                        List.of(new VersionRules.Declared("tables[0].mappingVersion", declared)),
                        new Recorded(used.length > 0, List.of(used), renewed),
                        none),
                table -> table.equals("clinical.patient") ? OptionalLong.of(1) : OptionalLong.empty());
    }

    @Test
    void aRaisedVersionIsSentAgainUntilItHasReachedEveryRow() {
        UsedVersion first = new UsedVersion(TABLE.text(), "clinical.patient", 1, "a");
        UsedVersion second = new UsedVersion(TABLE.text(), "clinical.patient", 2, "b");
        RenewedRows renewed = new RenewedRows(TABLE.text(), "clinical.patient", 2);
        String again =
                "send again: version 2 after 1: every row is made anew, from the change log or the source, once transform and capture start again; the target has 1 row";

        assertThat(said(versions(2, "b", Set.of(), first))).isEqualTo(again);
        assertThat(said(versions(2, "b", Set.of(), first, second))).isEqualTo(again);
        assertThat(versions(2, "b", Set.of(renewed), first, second)).isEmpty();
        assertThat(said(versions(2, "b", Set.of()))).startsWith("create: version 2 is used for the first time");
        assertThat(said(versions(1, "c", Set.of(), first))).startsWith("conflict: mapping of pas.public.patient");
    }

    @Test
    void targetTablesAndWhatConstrainAddsToThem() {
        Fault occupied = Fault.of(ExitCode.CONFLICT, "target-occupied", "has rows", "empty it");
        TableId visit = TableId.target("clinical", "visit");
        TargetPlan plan = new TargetPlan(
                Set.of("clinical"),
                List.of(
                        new TablePlan.Create(visit, List.of("CREATE TABLE")),
                        new TablePlan.Alter(CLINICAL, List.of("ADD COLUMN \"a\" text")),
                        new TablePlan.Alter(CLINICAL, List.of("ADD COLUMN \"a\" text")),
                        new TablePlan.Park(visit, "primary key is ()"),
                        new TablePlan.Refuse(visit, occupied)));
        List<ConstraintStep> left = List.of(
                step(CLINICAL, ConstraintStep.Kind.INDEX),
                step(CLINICAL, ConstraintStep.Kind.INDEX),
                step(CLINICAL, ConstraintStep.Kind.FOREIGN_KEY),
                step(CLINICAL, ConstraintStep.Kind.VALIDATION),
                step(visit, ConstraintStep.Kind.INDEX));

        Place place = new Place("target", Forecast.target(plan), Optional.empty());

        assertThat(said(place.lines()))
                .isEqualTo(
                        "create:  | create:  | change: ADD COLUMN \"a\" text | park: its changes become dead letters:"
                                + " primary key is () | conflict: has rows");
        assertThat(Forecast.constraints(
                        new TargetPlan(
                                Set.of(),
                                List.of(plan.tables().get(0), plan.tables().get(1))),
                        left))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.detail()).isEqualTo("2 indexes, 1 foreign key");
                    assertThat(line.counts()).isFalse();
                });
    }

    private static ConstraintStep step(TableId table, ConstraintStep.Kind kind) {
        return new ConstraintStep(table, kind, "x", Optional.of("SQL"), "");
    }

    @Test
    void whatIsNotKnownIsNotNothing() {
        Fault silent = Fault.of(ExitCode.UNREACHABLE, "kafka-unreachable", "no answer", "start it");
        Place calm = Place.known("kafka", List.of(), Line.of(Action.NOTHING, "3 topics", "are there"));
        Place unknown = Place.unknown("target cloud", silent);

        assertThat(new Plan(List.of(calm)).empty()).isTrue();
        assertThat(new Plan(List.of(calm, unknown)).empty()).isFalse();
        assertThat(new Plan(List.of(calm, unknown)).nothingKnown()).isEmpty();
        assertThat(new Plan(List.of(unknown, unknown)).nothingKnown()).contains(silent);
    }
}
