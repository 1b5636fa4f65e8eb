package dev.handover.deploy.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Runs;
import dev.handover.reconciler.Scope;
import dev.handover.reconciler.Verdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of comparisons, as the command and as plain SQL show it. */
@SuppressWarnings("NullAway.Init")
class HistoryIT {
    @TempDir
    Path directory;

    private Hospital hospital;

    @BeforeEach
    void open() throws Exception {
        hospital = new Hospital(directory);
        hospital.atSource("INSERT INTO patient SELECT i, 'name ' || i, i * 1.25, date '1950-01-01' + i::int"
                + " FROM generate_series(1, 50) i");
        hospital.pipeline().load();
        hospital.settle();
    }

    @AfterEach
    void close() throws Exception {
        hospital.close();
    }

    private RunReport kept(Scope scope) throws Exception {
        RunReport report = hospital.reconcileMoving(scope);
        new Runs(hospital.target()).keep(report);
        return report;
    }

    @Test
    void saysSinceWhenATableDiffersAndShowsItToPlainUsers() throws Exception {
        Runs runs = new Runs(hospital.target());
        assertThat(runs.history(5)).isEmpty();
        assertThat(runs.onset("clinical.patient")).isEmpty();

        RunReport equal = kept(Hospital.scope());
        assertThat(equal.verdict()).isEqualTo(Verdict.CONVERGED);
        assertThat(runs.onset("clinical.patient")).isEmpty();
        hospital.atTarget("UPDATE clinical.patient SET name = 'x' WHERE id < 4");
        RunReport first = kept(Hospital.scope());
        hospital.atTarget(
                "DELETE FROM clinical.patient WHERE id = 40; INSERT INTO clinical.patient (id) VALUES (7000)");
        Scope whole = Hospital.scope();
        RunReport second = kept(new Scope(whole.tables(), whole.left(), List.of(), Set.of("clinical.patient")));

        assertThat(runs.history(5))
                .extracting(
                        Runs.Line::run, Runs.Line::scope, Runs.Line::verdict, Runs.Line::rows, Runs.Line::divergences)
                .containsExactly(
                        tuple(second.run(), "clinical.patient", "diverged", 50L, new Runs.Kinds(1, 1, 0, 3)),
                        tuple(first.run(), "pipeline", "diverged", 50L, new Runs.Kinds(0, 0, 0, 3)),
                        tuple(equal.run(), "pipeline", "converged", 50L, new Runs.Kinds(0, 0, 0, 0)));
        assertThat(runs.history(1)).singleElement().satisfies(line -> {
            assertThat(line.startedAt()).isEqualTo(second.startedAt());
            assertThat(line.tablesNotVerified()).isZero();
            assertThat(line.seconds()).isPositive();
        });
        assertThat(runs.history("clinical.patient", 9))
                .extracting(Runs.TableLine::run, Runs.TableLine::verdict, Runs.TableLine::targetRows)
                .containsExactly(
                        tuple(second.run(), "diverged", 50L),
                        tuple(first.run(), "diverged", 50L),
                        tuple(equal.run(), "converged", 50L));
        assertThat(runs.history("clinical.nosuch", 9)).isEmpty();
        assertThat(runs.onset("clinical.patient"))
                .contains(new Runs.Onset(first.run(), first.startedAt(), equal.run()));
        showsThatToPlainUsers(second);
    }

    private void showsThatToPlainUsers(RunReport last) throws SQLException {
        hospital.atTarget("CREATE ROLE plain; GRANT USAGE ON SCHEMA handover TO plain; GRANT SELECT ON handover.v_run,"
                + " handover.v_run_table, handover.v_table_verdict, handover.v_open_divergence TO plain");
        try (Connection plain = hospital.target().open();
                Statement statement = plain.createStatement()) {
            statement.execute("SET ROLE plain");
            assertThat(number(
                            statement,
                            "SELECT count(*) FROM handover.v_table_verdict WHERE run = '" + last.run()
                                    + "' AND verdict = 'diverged' AND divergences = 5 AND converged_at < compared_at"))
                    .isEqualTo(1);
            assertThat(number(
                            statement,
                            "SELECT count(*) FROM handover.v_open_divergence WHERE table_name = 'clinical.patient'"
                                    + " AND key_reference ~ '^key#[0-9a-f]{8}$' AND run = '" + last.run() + "'"))
                    .isEqualTo(5);
            assertThat(number(statement, "SELECT count(*) FROM handover.v_open_divergence"))
                    .as("those of older runs are not open")
                    .isEqualTo(5);
            assertThat(number(statement, "SELECT count(*) FROM handover.v_run WHERE seconds > 0"))
                    .isEqualTo(3);
            for (String refused :
                    List.of("SELECT count(*) FROM handover.recon_run", "SELECT count(*) FROM handover.dead_letter")) {
                assertThat(refusal(statement, refused)).as(refused).isEqualTo("42501");
            }
        }
        try (Connection owner = hospital.target().open();
                Statement statement = owner.createStatement()) {
            for (String view : List.of("v_run", "v_run_table", "v_table_verdict", "v_open_divergence")) {
                assertThat(refusal(statement, "DELETE FROM handover." + view))
                        .as("the owner cannot write %s either", view)
                        .isEqualTo("55000");
            }
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet results = statement.executeQuery(sql)) {
            results.next();
            return results.getLong(1);
        }
    }

    private static String refusal(Statement statement, String sql) {
        try {
            statement.execute(sql);
            return "";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    /** Of a run that is restricted, the tables that were not asked for leave the verdict alone. */
    @Test
    void aRunThatIsRestrictedIsNotOpenForWhatItWasNotAsked() throws Exception {
        hospital.atTarget("INSERT INTO handover.target_table VALUES"
                + " ('clinical.visit', 'pas.public.visit', 'tiny.canonical.clinical.visit', '', '', 1, now(), NULL)");
        Scope whole = Hospital.scope();
        assertThat(kept(whole).verdict()).isEqualTo(Verdict.UNDETERMINED);
        assertThat(kept(new Scope(whole.tables(), whole.left(), List.of(), Set.of("clinical.patient")))
                        .verdict())
                .isEqualTo(Verdict.CONVERGED);
    }
}
