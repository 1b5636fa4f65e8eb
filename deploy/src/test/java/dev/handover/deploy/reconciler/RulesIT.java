package dev.handover.deploy.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.position.SourceId;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Runs;
import dev.handover.reconciler.Scope;
import dev.handover.reconciler.Verdict;
import dev.handover.reconciler.rule.Consequence;
import dev.handover.reconciler.rule.Limits;
import dev.handover.reconciler.rule.Measure;
import dev.handover.reconciler.rule.Result;
import dev.handover.reconciler.rule.Rule;
import dev.handover.reconciler.rule.RuleReport;
import dev.handover.reconciler.rule.Terms;
import dev.handover.reconciler.rule.Tolerance;
import dev.handover.row.TableId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of rule on two servers: passing, failing with the right numbers, and silent while rows are on their way.
 */
@SuppressWarnings("NullAway.Init")
class RulesIT {
    private static final TableId SOURCE = Hospital.PATIENT;
    private static final TableId TARGET = TableId.target("clinical", "patient");
    private static final List<Rule> RULES = rules(Consequence.FAIL);

    private static final String PLANTED = """
            DELETE FROM clinical.patient WHERE id = 7                    | rows       | rows 500 499 -1 failed
            DELETE FROM clinical.patient WHERE id = 7                    | motherless | orphans 0 1 1 failed
            DELETE FROM clinical.patient WHERE id = 450                  | rich       | rows 101 100 -1 failed
            DELETE FROM clinical.patient WHERE id = 450                  | by-year    | 1951: count 136 135 -1 failed
            UPDATE clinical.patient SET name = 'food' WHERE id = 5       | names      | drug 100 99 -1 failed
            UPDATE clinical.patient SET name = 'fod' WHERE id = 5        | names      | fod 0 1 1 failed
            UPDATE clinical.patient SET mother = 9999 WHERE id IN (8, 9) | motherless | orphans 0 2 2 failed
            UPDATE clinical.patient SET born = '2950-01-01' WHERE id = 9 | born       | outside 0 1 1 failed
            UPDATE clinical.patient SET born = '1849-01-01' WHERE id = 9 | born       | least 1950-**-** 1849-**-** differs failed
            UPDATE clinical.patient SET born = NULL WHERE id = 9         | born       | nulls 0 1 1 failed
            UPDATE clinical.patient SET balance = 0.01 WHERE id = 500    | balance    | sum 156562.5 155937.51 -624.99 failed
            INSERT INTO clinical.patient (id, name) VALUES (7000, 'food')| names      | food 400 401 1 failed
            """;

    @TempDir
    Path directory;

    private Hospital hospital;
    private final AtomicBoolean working = new AtomicBoolean(true);
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    /** One of each kind. */
    private static List<Rule> rules(Consequence then) {
        return List.of(
                new Rule.Count(terms("rows", then), TARGET, Limits.NONE),
                new Rule.CountWhere(
                        terms("rich", then),
                        Optional.of(new Rule.CountWhere.Part(SOURCE, Optional.of("balance >= 500"))),
                        new Rule.CountWhere.Part(TARGET, Optional.of("balance >= 500")),
                        Limits.NONE),
                new Rule.Range(
                        terms("born", then), TARGET, "born", Optional.of("1900-01-01"), Optional.of("2026-12-31"), 0),
                new Rule.Range(terms("balance", then), TARGET, "balance", Optional.empty(), Optional.empty(), 0),
                new Rule.Distribution(terms("names", then), TARGET, "name"),
                new Rule.Orphans(
                        terms("motherless", then), Optional.of(reference(SOURCE)), reference(TARGET), Optional.empty()),
                new Rule.Query(
                        terms("by-year", then),
                        new SourceId("pas"),
                        "SELECT extract(year FROM born) AS year, count(*), sum(balance) FROM public.patient GROUP BY 1",
                        "SELECT extract(year FROM born) AS year, count(*), sum(balance) FROM clinical.patient GROUP BY 1",
                        List.of()));
    }

    private static Terms terms(String name, Consequence then) {
        return new Terms(name, Tolerance.NONE, then);
    }

    private static Rule.Orphans.Reference reference(TableId table) {
        return new Rule.Orphans.Reference(table, List.of("mother"), Optional.empty(), table, List.of("id"));
    }

    @BeforeEach
    void open() throws Exception {
        hospital = new Hospital(directory);
        hospital.atSource("INSERT INTO patient SELECT i, CASE WHEN i % 5 = 0 THEN 'drug' ELSE 'food' END, i * 1.25,"
                + " date '1950-01-01' + i::int, CASE WHEN i > 400 THEN i - 400 END FROM generate_series(1, 500) i");
        hospital.pipeline().load();
        hospital.settle();
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        hospital.close();
    }

    private RunReport reconcile(List<Rule> rules, Duration deadline) {
        Scope scope = Hospital.scope();
        return hospital.reconcile(deadline, new Scope(scope.tables(), scope.left(), rules));
    }

    /** Keeps the pipeline moving while a reconciliation waits for it. */
    private RunReport whileMoving(List<Rule> rules, String... work) throws Exception {
        working.set(true);
        Future<?> mover = threads.submit(() -> {
            while (working.get()) {
                for (String sql : work) {
                    hospital.atSource(sql);
                }
                hospital.beat();
                hospital.pipeline().capture();
                hospital.pipeline().drain();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            return null;
        });
        try {
            return reconcile(rules, Duration.ofSeconds(10));
        } finally {
            working.set(false);
            mover.get();
        }
    }

    private static RuleReport rule(RunReport report, String name) {
        return report.rules().stream()
                .filter(rule -> rule.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String line(Measure measure) {
        return String.join(
                " ",
                measure.name(),
                measure.source(),
                measure.target(),
                measure.difference(),
                measure.result().code());
    }

    private static List<String> lines(RunReport report, String rule) {
        return rule(report, rule).measures().stream().map(RulesIT::line).toList();
    }

    @Test
    void everyKindPassesOnEqualSidesAndIsKept() throws Exception {
        RunReport report = whileMoving(RULES);

        assertThat(report.verdict()).isEqualTo(Verdict.CONVERGED);
        assertThat(report.rules()).extracting(RuleReport::result).containsOnly(Result.PASSED);
        assertThat(report.rules())
                .extracting(RuleReport::kind)
                .contains("count", "range", "distribution", "orphans", "query");
        assertThat(lines(report, "rows")).containsExactly("rows 500 500 0 passed");
        assertThat(lines(report, "rich")).containsExactly("rows 101 101 0 passed");
        assertThat(lines(report, "born"))
                .containsExactly(
                        "outside 0 0 0 passed",
                        "least 1950-**-** 1950-**-** 0 passed",
                        "greatest 1951-**-** 1951-**-** 0 passed",
                        "rows 500 500 0 passed",
                        "nulls 0 0 0 passed",
                        "distinct 500 500 0 passed");
        assertThat(lines(report, "balance")).contains("sum 156562.5 156562.5 0 passed", "greatest 625 625 0 passed");
        assertThat(lines(report, "names")).containsExactly("food 400 400 0 passed", "drug 100 100 0 passed");
        assertThat(lines(report, "motherless")).containsExactly("orphans 0 0 0 passed");
        assertThat(lines(report, "by-year")).contains("1950: count 364 364 0 passed");
        assertThat(rule(report, "rows").place().high()).isNotEmpty();
        assertThat(rule(report, "by-year").place().settled()).isNotEmpty();
        Runs runs = new Runs(hospital.target());
        runs.keep(report);
        assertThat(runs.show("last")).contains(report);
        assertThat(hospital.countAtTarget("SELECT source_value::bigint - target_value::bigint FROM handover.recon_rule"
                        + " WHERE rule = 'rows' AND result = 'passed' AND run = '" + report.run() + "'"))
                .isZero();
    }

    /** What is done behind the pipeline's back, the rule that sees it, and its numbers; put right again each time. */
    @Test
    void failsWithTheRightNumbers() throws Exception {
        hospital.atTarget("CREATE TABLE kept AS SELECT * FROM clinical.patient");
        for (String line : PLANTED.lines().toList()) {
            String[] parts = line.split("\\s*\\|\\s*");
            hospital.atTarget(parts[0]);

            RunReport report = whileMoving(RULES);

            assertThat(lines(report, parts[1])).as(line).contains(parts[2]);
            assertThat(rule(report, parts[1]).result()).as(line).isEqualTo(Result.FAILED);
            assertThat(report.verdict()).as(line).isEqualTo(Verdict.DIVERGED);
            hospital.atTarget("DELETE FROM clinical.patient; INSERT INTO clinical.patient SELECT * FROM kept");
        }
        assertThat(whileMoving(RULES).rules()).extracting(RuleReport::result).containsOnly(Result.PASSED);
    }

    @Test
    void whatTheSourceHasWrongFailsTheRunOnlyWhereTheRuleSaysSo() throws Exception {
        hospital.atSource("UPDATE patient SET born = '2950-01-01', mother = 9999 WHERE id = 3");
        hospital.settle();

        RunReport failing = whileMoving(RULES);
        RunReport warning = whileMoving(rules(Consequence.WARN));

        assertThat(lines(failing, "born")).contains("outside 1 1 0 failed");
        assertThat(lines(failing, "motherless")).containsExactly("orphans 1 1 0 passed");
        assertThat(failing.divergences()).isZero();
        assertThat(failing.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(rule(warning, "born").result()).isEqualTo(Result.FAILED);
        assertThat(warning.verdict()).isEqualTo(Verdict.CONVERGED);
    }

    @Test
    void whatAStoppedPipelineMayStillDeliverIsNoFailure() throws Exception {
        hospital.atSource("UPDATE patient SET name = 'air', balance = 1000, mother = 77 WHERE id = 9;"
                + " INSERT INTO patient (id, name, mother) VALUES (9000, 'air', 9001), (9001, 'food', NULL);"
                + " DELETE FROM patient WHERE id = 5");

        RunReport report = reconcile(RULES, Duration.ofSeconds(1));

        assertThat(report.rules())
                .extracting(RuleReport::name, RuleReport::result)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("rows", Result.UNDETERMINED),
                        org.assertj.core.groups.Tuple.tuple("rich", Result.UNDETERMINED),
                        org.assertj.core.groups.Tuple.tuple("balance", Result.UNDETERMINED),
                        org.assertj.core.groups.Tuple.tuple("names", Result.UNDETERMINED),
                        org.assertj.core.groups.Tuple.tuple("by-year", Result.UNDETERMINED));
        assertThat(report.rules()).extracting(RuleReport::result).doesNotContain(Result.FAILED);
        assertThat(rule(report, "rows").inFlight()).isEqualTo(4);
        assertThat(lines(report, "rows")).containsExactly("rows 501 500 -1 undetermined");
        assertThat(rule(report, "rich").detail()).contains("is not applied up to the source's snapshot");
        assertThat(report.verdict()).isEqualTo(Verdict.UNDETERMINED);
    }

    /** Hot rows change codes, sums, extremes and references all the time; one row that nobody touches is deleted. */
    @Test
    void underLoadNothingFailsUntilSomethingIsWrong() throws Exception {
        String[] work = {
            "UPDATE patient SET name = CASE name WHEN 'food' THEN 'drug' ELSE 'food' END, balance = balance + 7000"
                    + " WHERE id BETWEEN 100 AND 110",
            "DELETE FROM patient WHERE id BETWEEN 600 AND 700",
            "INSERT INTO patient SELECT i, 'food', 1, date '2000-01-01', i - 1 FROM generate_series(600, 603) i"
        };

        for (int run = 0; run < 3; run++) {
            RunReport report = whileMoving(RULES, work);
            assertThat(report.rules())
                    .extracting(RuleReport::result)
                    .as("run %d", run)
                    .doesNotContain(Result.FAILED);
            hospital.settle();
        }
        hospital.atTarget("DELETE FROM clinical.patient WHERE id = 7");
        RunReport report = whileMoving(RULES, work);

        assertThat(rule(report, "rows").measures()).singleElement().satisfies(measure -> {
            assertThat(measure.proved()).isEqualTo("-1");
            assertThat(measure.result()).isIn(Result.FAILED, Result.UNDETERMINED);
        });
        hospital.settle();
        RunReport quiet = whileMoving(RULES);
        assertThat(rule(quiet, "rows").result()).isEqualTo(Result.FAILED);
        assertThat(rule(quiet, "motherless").result()).isEqualTo(Result.FAILED);
        assertThat(rule(quiet, "names").result()).isEqualTo(Result.FAILED);
    }

    @Test
    void aStatementThatIsRefusedSaysWhyAndSpoilsNothing() throws Exception {
        List<Rule> rules = List.of(
                asked("no-column", "SELECT nothing FROM public.patient", "SELECT 1"),
                asked("slow", "SELECT 1", "SELECT pg_sleep(90)::text"),
                asked(
                        "write",
                        "SELECT 1",
                        "WITH gone AS (DELETE FROM clinical.patient RETURNING 1) SELECT count(*) FROM gone"),
                asked("many", "SELECT id FROM public.patient, generate_series(1, 3)", "SELECT 1"),
                asked("shapes", "SELECT 1", "SELECT 1, 2"),
                new Rule.Distribution(terms("no-such-column", Consequence.WARN), TARGET, "height"),
                new Rule.Count(
                        terms("no-such-table", Consequence.WARN), TableId.target("clinical", "visit"), Limits.NONE),
                RULES.get(5));

        RunReport report = whileMoving(rules);

        assertThat(report.rules())
                .extracting(RuleReport::name, RuleReport::result, RuleReport::detail)
                .containsExactly(
                        undetermined("no-column", "the source's statement is refused (SQLSTATE 42703, code 0)"),
                        undetermined("slow", "the target's statement took longer than 2000 ms"),
                        undetermined("write", "the target's statement is refused (SQLSTATE 25006, code 0)"),
                        undetermined("many", "the source's statement answers with more than 1000 rows"),
                        undetermined("shapes", "the source's statement has 1 columns, the target's 2"),
                        undetermined("no-such-column", "table clinical.patient has no column \"height\""),
                        undetermined("no-such-table", "its table was not compared in this run"),
                        org.assertj.core.groups.Tuple.tuple("motherless", Result.PASSED, ""));
        assertThat(report.verdict()).isEqualTo(Verdict.CONVERGED);
        assertThat(hospital.countAtTarget("SELECT count(*) FROM clinical.patient"))
                .isEqualTo(500);
    }

    private static Rule asked(String name, String source, String target) {
        return new Rule.Query(terms(name, Consequence.WARN), new SourceId("pas"), source, target, List.of());
    }

    private static org.assertj.core.groups.Tuple undetermined(String name, String detail) {
        return org.assertj.core.groups.Tuple.tuple(name, Result.UNDETERMINED, detail);
    }
}
