package dev.handover.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.SourceTable;
import dev.handover.capture.catalog.NotTaken;
import dev.handover.capture.check.Check;
import dev.handover.change.Finding;
import dev.handover.deploy.bench.BenchResult;
import dev.handover.deploy.config.SourceConfig.Kind;
import dev.handover.deploy.config.SourceSchemas;
import dev.handover.deploy.pipeline.BoundMappings;
import dev.handover.deploy.pipeline.Examination;
import dev.handover.deploy.pipeline.Loads;
import dev.handover.deploy.pipeline.Overview;
import dev.handover.deploy.pipeline.Plan;
import dev.handover.deploy.pipeline.SourceAddress;
import dev.handover.deploy.pipeline.Survey;
import dev.handover.deploy.pipeline.TableList;
import dev.handover.deploy.pipeline.TrialTest;
import dev.handover.deploy.replay.ReplayPlan;
import dev.handover.fault.ExitCode;
import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Sums;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import dev.handover.reconciler.rule.Consequence;
import dev.handover.reconciler.rule.Measure;
import dev.handover.reconciler.rule.Place;
import dev.handover.reconciler.rule.Result;
import dev.handover.reconciler.rule.RuleReport;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Constraints;
import dev.handover.row.ForeignKey;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.sink.batch.Counts;
import dev.handover.sink.batch.Filtered;
import dev.handover.sink.batch.FindingLimits;
import dev.handover.sink.batch.FindingTotal;
import dev.handover.sink.batch.Findings;
import dev.handover.sink.postgres.ConstraintResult;
import dev.handover.sink.postgres.ConstraintStep;
import dev.handover.sink.postgres.DeadLetterIndex;
import dev.handover.sink.postgres.FindingLedger;
import dev.handover.sink.postgres.TargetStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The shapes of the answers of commands that need a world, from facts that are made up. */
final class AnswersTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final TableId PATIENT = TableId.parse("pas.public.patient");
    private static final TableId VISIT = TableId.parse("pas.public.visit");

    /** A command whose answer is given. */
    @CommandLine.Command(name = "given", description = "Answer.")
    private record Given(Answer answer) implements Command {
        @Override
        public Answer run(Session session) {
            return answer;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "doctor",
                "bench",
                "bench-invalid",
                "plan",
                "plan-nothing",
                "plan-unknown",
                "status",
                "status-diverged",
                "status-not-started",
                "mapping-coverage",
                "mapping-coverage-table",
                "mapping-explanation",
                "mapping-explanation-raw",
                "mapping-test",
                "schema-record",
                "tables",
                "table",
                "snapshot-status",
                "snapshot-start",
                "snapshot-pause",
                "snapshot-resume",
                "constraints-plan",
                "constraints",
                "dead-letters",
                "dead-letters-none",
                "dead-letter",
                "replay-plan",
                "replay-nothing",
                "replay",
                "replay-done",
                "inventory",
                "recon"
            })
    void everyAnswerKeepsItsShape(String name) throws Exception {
        Given given = new Given(answer(name));
        Terminal.People watched = new Terminal.People(true, true, true);

        Ran json = Ran.of("given -o json", Map.of(), Terminal.People.none(), given);
        Ran table = Ran.of("given", Map.of(), watched, given);

        assertThat(json.exit()).isEqualTo(table.exit());
        Golden.compare("answer-" + name, json.text() + "=== table\n" + table.text());
    }

    private static BenchResult bench(boolean valid) {
        List<BenchResult.Used> used = List.of(
                new BenchResult.Used("capture", 4.5, 225.0, 300L << 20),
                new BenchResult.Used("source", 1.25, 62.5, 90L << 20));
        BenchResult.Phase load = new BenchResult.Phase(
                "load",
                20_000,
                8.125,
                2461.538,
                3.5,
                5714.286,
                null,
                used,
                new BenchResult.Check(
                        valid ? "converged" : "diverged", 20_000, valid ? 0 : 3, 0, 1.5, "20261121-100000000"));
        BenchResult.Phase latency = new BenchResult.Phase(
                "latency",
                10_000,
                10.1,
                990.099,
                10.05,
                995.025,
                new BenchResult.Latency(1000, 1000.5, 10_000, 80.25, 140.5, 212.125, 401.0, 12.5),
                List.of(),
                new BenchResult.Check("converged", 30_000, 0, 0, 1.75, "20261121-100100000"));
        return new BenchResult(
                valid,
                "embedded",
                20_000,
                new BenchResult.Machine(2, 24L << 30, "Linux 6.1 amd64", "17.0.15"),
                valid ? List.of(load, latency) : List.of(load),
                List.of("role sink ended in phase load and was started again"));
    }

    private static Answer answer(String name) throws MappingMismatch {
        return switch (name) {
            case "doctor" ->
                DoctorCommand.answer(List.of(
                        new Examination.Part(
                                "source pas (postgres, db.example:5432/pas)",
                                List.of(
                                        new Check(Check.Level.OK, "wal_level", "logical", ""),
                                        new Check(Check.Level.WARN, "max_slot_wal_keep_size", "unlimited", "set it"),
                                        new Check(Check.Level.FAIL, "table pas.public.bed", "no key", "add one"))),
                        new Examination.Part("registry", List.of(new Check(Check.Level.OK, "connection", "ok", "")))));
            case "bench" -> BenchCommand.answer(bench(true));
            case "bench-invalid" -> BenchCommand.answer(bench(false));
            case "plan" -> PlanCommand.answer(PlanSamples.plan());
            case "plan-nothing" ->
                PlanCommand.answer(new Plan(List.of(new Plan.Place(
                        "target cloud",
                        List.of(
                                PlanSamples.line(Plan.Action.NOTHING, "2 tables", "hold what comes as they are", ""),
                                new Plan.Line(
                                        Plan.Action.CREATE,
                                        "constraints of clinical.visit",
                                        "2 indexes, 1 foreign key",
                                        "",
                                        Plan.By.CONSTRAIN)),
                        Optional.empty()))));
            case "plan-unknown" -> PlanCommand.answer(new Plan(List.of(PlanSamples.silent())));
            case "status" -> StatusCommand.answer(overview(Verdict.CONVERGED));
            case "status-diverged" -> StatusCommand.answer(overview(Verdict.DIVERGED));
            case "status-not-started" -> StatusCommand.answer(Overview.notStarted("pilot", NOW));
            case "mapping-coverage" ->
                MappingCoverage.answer(List.of(TrialTest.mapper()), "live", KnownFindings.of(findings()), false);
            case "mapping-coverage-table" ->
                MappingCoverage.answer(
                        List.of(TrialTest.mapper()),
                        "p.yaml.schemas.json",
                        new KnownFindings(Optional.empty(), "the target does not answer"),
                        true);
            case "mapping-explanation" ->
                MappingExplanation.answer(
                        List.of(
                                new BoundMappings.Named(TrialTest.mapper(), "sex"),
                                new BoundMappings.Named(TrialTest.mapper(), "system"),
                                new BoundMappings.Named(TrialTest.mapper(), "patient_id")),
                        List.of("p.yaml:17:12", "p.yaml:18:15", ""),
                        KnownFindings.of(findings()));
            case "mapping-explanation-raw" ->
                MappingExplanation.answer(
                        List.of(new BoundMappings.Named(TrialTest.mapper(), "ward")),
                        List.of(""),
                        KnownFindings.of(findings()));
            case "mapping-test" -> MappingTrial.answer(List.of(TrialTest.result()));
            case "schema-record" ->
                SchemaCommands.answer(
                        "p.yaml.schemas.json",
                        SourceSchemas.of(
                                Set.of("pas", "lab"),
                                Map.of(PATIENT, TrialTest.mapper().source()),
                                Map.of(VISIT, "table pas.public.visit has no key")),
                        true);
            case "tables" ->
                TablesCommands.answer(new TableList(List.of(patient(), visit()), List.of(new NotTaken(VISIT, "view"))));
            case "table" -> TablesCommands.answer(patient());
            case "snapshot-status" -> SnapshotCommands.answer(SnapshotSamples.loads());
            case "snapshot-start" -> SnapshotCommands.started(SnapshotSamples.asked());
            case "snapshot-pause" ->
                SnapshotCommands.paused(List.of(
                        new Loads.Wish("pas", true, Optional.of(NOW)),
                        new Loads.Wish("lab", false, Optional.of(NOW.minusSeconds(60)))));
            case "snapshot-resume" ->
                SnapshotCommands.resumed(List.of(
                        new Loads.Wish("pas", true, Optional.empty()), new Loads.Wish("lab", false, Optional.empty())));
            case "constraints-plan" -> TablesCommands.plan(steps());
            case "constraints" ->
                TablesCommands.results(List.of(
                        new ConstraintResult(steps().get(0), ConstraintResult.Outcome.DONE, ""),
                        new ConstraintResult(steps().get(1), ConstraintResult.Outcome.OMITTED, "changed"),
                        new ConstraintResult(steps().get(2), ConstraintResult.Outcome.FAILED, "rows are equal"),
                        new ConstraintResult(steps().get(2), ConstraintResult.Outcome.POSTPONED, "must wait")));
            case "dead-letters" -> DlqCommands.answer(List.of(group()), List.of(letter()));
            case "dead-letters-none" -> DlqCommands.answer(List.of(), List.of());
            case "dead-letter" -> DlqCommands.answer(letter());
            case "replay-plan" -> DlqCommands.planned(ReplaySamples.plan(), "--all");
            case "replay-nothing" -> DlqCommands.planned(new ReplayPlan(List.of()), "17");
            case "replay" -> DlqCommands.replayed(ReplaySamples.outcome());
            case "replay-done" -> DlqCommands.replayed(ReplaySamples.done());
            case "inventory" ->
                InitCommand.answer(
                        new SourceAddress(Kind.POSTGRES, "cdc", "db.example", 5_432, "pas"),
                        "pipeline.yaml",
                        new Survey(
                                List.of(patient().source(), visit().source()),
                                List.of(List.of(PATIENT, VISIT)),
                                List.of(new NotTaken(VISIT, "generated column \"age\"")),
                                List.of(new Check(Check.Level.FAIL, "wal_level", "replica", "set it to logical"))));
            case "recon" -> ReconCommands.answer(report());
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static RunReport report() {
        Place place = new Place("0/5A3F1B00+0", "0/5A3F1B28+0", "0/5A3F1B28+0");
        TableReport table = new TableReport(
                PATIENT.text(),
                "clinical.patient",
                Verdict.DIVERGED,
                4,
                3,
                3,
                0,
                Map.of("missing", 1L),
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                place.settled(),
                place.high(),
                place.applied(),
                Sums.NONE,
                12);
        return new RunReport(
                "20261121-095900000",
                "key#0123456789abcdef",
                "2026-11-21T09:59:00Z",
                "2026-11-21T09:59:02Z",
                Verdict.DIVERGED,
                List.of(),
                List.of(table),
                Map.of(),
                List.of(),
                List.of(
                        new RuleReport(
                                "patients-by-sex",
                                "distribution",
                                "clinical.patient",
                                Consequence.FAIL,
                                Result.FAILED,
                                List.of(
                                        new Measure("female", "rows", "2", "1", "-1", "-1", Result.FAILED),
                                        new Measure("male", "rows", "2", "2", "0", "0", Result.PASSED)),
                                0,
                                place,
                                ""),
                        new RuleReport(
                                "visits-by-year",
                                "query",
                                "",
                                Consequence.WARN,
                                Result.UNDETERMINED,
                                List.of(),
                                0,
                                Place.NOWHERE,
                                "the source's statement took longer than 60000 ms")));
    }

    private static Overview overview(Verdict verdict) {
        return new Overview(
                "pilot",
                NOW,
                true,
                List.of(
                        new Overview.Table(state(), Optional.of(verdict)),
                        new Overview.Table(
                                new TargetStatus.Table(
                                        "clinical.visit",
                                        VISIT.text(),
                                        0,
                                        0,
                                        0,
                                        Counts.NONE,
                                        0,
                                        Optional.empty(),
                                        Optional.empty(),
                                        false,
                                        Optional.empty()),
                                Optional.empty())),
                1,
                new TargetStatus.Lag(40, 120, 950),
                Optional.of(NOW.minusSeconds(2)),
                Optional.of(new Overview.Run("20261121-095900000", verdict, NOW.minusSeconds(60))),
                findings(),
                List.of(
                        new FindingLimits.Breach(
                                found("sex", Finding.Kind.UNMAPPED, 3, 412, "A", "aa")
                                        .total(),
                                FindingLimits.Bound.parse("0.1%"),
                                FindingLimits.Severity.WARN),
                        new FindingLimits.Breach(
                                found("ward", Finding.Kind.UNREAD, 3, 7).total(),
                                FindingLimits.Bound.parse("5"),
                                FindingLimits.Severity.STOP)),
                List.of(TapSamples.report(NOW)),
                TapSamples.watched(NOW));
    }

    private static FindingLedger findings() {
        return new FindingLedger(
                List.of(
                        found("sex", Finding.Kind.UNMAPPED, 2, 1_203_311, "A"),
                        found("sex", Finding.Kind.UNMAPPED, 3, 412, "A", "aa"),
                        found("ward", Finding.Kind.UNREAD, 3, 7)),
                new TreeMap<>(Map.of(
                        new FindingLedger.Mapping(TableId.target("clinical", "patient"), PATIENT, 2),
                        1_203_311L,
                        new FindingLedger.Mapping(TableId.target("clinical", "patient"), PATIENT, 3),
                        120_000L)),
                new TreeMap<>(
                        Map.of(new Filtered(TableId.target("clinical", "patient"), PATIENT, "no-tests", 3), 12L)));
    }

    private static FindingLedger.Entry found(
            String column, Finding.Kind kind, int version, long count, String... examples) {
        return new FindingLedger.Entry(
                new FindingTotal(
                        new Findings.Of(TableId.target("clinical", "patient"), PATIENT, column, kind, version),
                        count,
                        120_000),
                List.of(examples),
                "0/5A3F1000:1",
                NOW.minusSeconds(900),
                "0/5A3F1B28:0",
                NOW);
    }

    private static TargetStatus.Table state() {
        return new TargetStatus.Table(
                "clinical.patient",
                PATIENT.text(),
                4,
                4,
                1_203_311,
                new Counts(1_204_000, 1_203_000, 1_203_400, 590, 9, 0, 1),
                1,
                Optional.of("0/5A3F1B28:0"),
                Optional.of(NOW.minusSeconds(2)),
                true,
                Optional.empty());
    }

    private static TableList.Entry patient() {
        TableSchema schema = new TableSchema(
                PATIENT,
                List.of(
                        new Column("id", ColumnType.of(dev.handover.row.Kind.INT32), false),
                        new Column("nm", ColumnType.text(80), true),
                        new Column("ssn", ColumnType.text(12), true)),
                List.of("id"));
        Constraints constraints = new Constraints(
                PATIENT, List.of(), List.of(new ForeignKey("merged", List.of("id"), PATIENT, List.of("id"))), Map.of());
        return new TableList.Entry(
                new SourceTable(
                        PATIENT,
                        Optional.of(schema),
                        constraints,
                        1_203_311,
                        312_000_000,
                        SourceTable.ReplicaIdentity.KEY,
                        Optional.empty()),
                new TableMapping(
                        PATIENT,
                        TableId.target("clinical", "patient"),
                        3,
                        List.of(
                                ColumnMapping.From.copy("name", "nm"),
                                new ColumnMapping.Constant("source_system", "pas")),
                        TableMapping.Rest.COPY,
                        Set.of("ssn")),
                Optional.of(new Overview.Table(state(), Optional.empty())),
                findings().newest());
    }

    private static TableList.Entry visit() {
        return new TableList.Entry(
                new SourceTable(
                        VISIT,
                        Optional.empty(),
                        new Constraints(VISIT, List.of(), List.of(), Map.of()),
                        -1,
                        -1,
                        SourceTable.ReplicaIdentity.NOTHING,
                        Optional.of(
                                new SourceTable.Problem("no-key", "table " + VISIT + " has no key", "declare one"))),
                TableMapping.copy(VISIT, TableId.target("clinical", "visit"), 1),
                Optional.empty(),
                List.of());
    }

    private static List<ConstraintStep> steps() {
        TableId table = TableId.target("clinical", "patient");
        return List.of(
                new ConstraintStep(
                        table, ConstraintStep.Kind.INDEX, "by_name", Optional.of("CREATE INDEX by_name"), "an index"),
                new ConstraintStep(table, ConstraintStep.Kind.DEFAULT, "sex", Optional.empty(), "a column is changed"),
                new ConstraintStep(
                        table, ConstraintStep.Kind.UNIQUE, "mrn_key", Optional.of("ALTER TABLE x"), "an index"));
    }

    private static DeadLetterIndex.Group group() {
        return new DeadLetterIndex.Group("unmapped-code", PATIENT.text(), 3, 7, 5, NOW.minusSeconds(900), NOW);
    }

    private static DeadLetterIndex.Entry letter() {
        return new DeadLetterIndex.Entry(
                17,
                "map",
                "unmapped-code",
                "sex_cd",
                "pilot.source.pas.public.patient",
                3,
                8_814_201,
                PATIENT.text(),
                "0/5A3F1B28:2",
                3,
                12,
                -1,
                NOW,
                "open",
                Optional.empty(),
                "");
    }

    @org.junit.jupiter.api.Test
    void aNounAloneLists() {
        Ran alone = Ran.of("dlq -c nowhere.yaml", Map.of(), Terminal.People.none());
        Ran listing = Ran.of("dlq list -c nowhere.yaml", Map.of(), Terminal.People.none());

        assertThat(alone).isEqualTo(listing);
        assertThat(alone.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(alone.err()).contains("no pipeline file at nowhere.yaml");
    }
}
