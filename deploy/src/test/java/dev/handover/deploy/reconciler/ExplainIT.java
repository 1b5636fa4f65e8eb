package dev.handover.deploy.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.mapping.ColumnMapping;
import dev.handover.mapping.OnFailure;
import dev.handover.mapping.TableMapping;
import dev.handover.mapping.operation.Translate;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Runs;
import dev.handover.reconciler.Scope;
import dev.handover.reconciler.explain.Explanation;
import dev.handover.reconciler.explain.Pattern;
import dev.handover.reconciler.explain.Pattern.Trait;
import dev.handover.reconciler.rule.Consequence;
import dev.handover.reconciler.rule.Rule;
import dev.handover.reconciler.rule.Terms;
import dev.handover.reconciler.rule.Tolerance;
import dev.handover.row.TableId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Differences that were planted among 2,000 rows of 20 wards, and what is said of where they concentrate. Row {@code i}
 * is of ward {@code i mod 20}, was updated in minute {@code i}, and is of unknown sex where {@code i mod 10} is 3.
 */
@SuppressWarnings("NullAway.Init")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainIT {
    private static final int ROWS = 2_000;
    private static final TableId TARGET = TableId.target("clinical", "patient");
    private static final Translate SEXES =
            Translate.of(Map.of("M", Optional.of("male"), "F", Optional.of("female"), "U", Optional.of("unknown")));
    private static final TableMapping MAPPING = new TableMapping(
            Hospital.PATIENT,
            TARGET,
            1,
            Stream.of("id", "name", "balance", "born", "mother", "ward", "sex", "updated")
                    .<ColumnMapping>map(column -> new ColumnMapping.From(
                            column,
                            column,
                            column.equals("sex") ? List.of(SEXES) : List.of(),
                            OnFailure.DEAD_LETTER,
                            OnFailure.DEAD_LETTER))
                    .toList(),
            TableMapping.Rest.COPY,
            Set.of());

    private Hospital hospital;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        hospital = new Hospital(directory, MAPPING);
        hospital.atSource(
                "INSERT INTO patient SELECT i, 'name ' || i, i * 1.25, date '1930-01-01' + (i * 7919 % 20000),"
                        + " NULL, 'W' || i % 20, CASE i % 10 WHEN 3 THEN 'U' WHEN 4 THEN 'M' ELSE 'F' END,"
                        + " timestamp '2026-11-20 00:00' + i * interval '1 minute' FROM generate_series(1, " + ROWS
                        + ") i");
        hospital.pipeline().load();
        hospital.settle();
        hospital.atTarget("CREATE TABLE kept AS SELECT * FROM clinical.patient");
    }

    @BeforeEach
    void asItWas() throws SQLException {
        hospital.atTarget("DELETE FROM clinical.patient; INSERT INTO clinical.patient SELECT * FROM kept");
    }

    @AfterAll
    void close() throws Exception {
        hospital.close();
    }

    private Explanation found(String kind, String rogue, Rule... rules) throws Exception {
        hospital.atTarget(rogue);
        Scope scope = Hospital.scope(MAPPING);
        RunReport report = hospital.reconcileMoving(new Scope(scope.tables(), scope.left(), List.of(rules)));
        List<Explanation> explanations = report.tables().get(0).explanations();
        new Runs(hospital.target()).keep(report);
        assertThat(new Runs(hospital.target())
                        .show(report.run())
                        .orElseThrow()
                        .tables()
                        .get(0)
                        .explanations())
                .as("what is kept")
                .isEqualTo(explanations);
        assertThat(explanations).singleElement().satisfies(one -> {
            assertThat(one.kind()).isEqualTo(kind);
            assertThat(one.rows()).isEqualTo(report.divergences() - bucketFindings(report));
        });
        return explanations.get(0);
    }

    private static long bucketFindings(RunReport report) {
        return report.divergences()
                - report.tables().stream().mapToLong(table -> table.divergent()).sum();
    }

    private static List<Pattern> concentrations(Explanation explanation) {
        return explanation.patterns().stream()
                .filter(pattern -> pattern.backgroundOf() > 0)
                .toList();
    }

    @Test
    void oneTenantAlone() throws Exception {
        Explanation found = found("different", "UPDATE clinical.patient SET name = 'x' WHERE ward = 'W5'");
        assertThat(concentrations(found)).singleElement().satisfies(pattern -> {
            assertThat(pattern.value()).as("it is in no list of codes").matches("value#[0-9a-f]{8}");
            assertThat(pattern).isEqualTo(new Pattern(Trait.VALUE, "ward", pattern.value(), 100, 100, 100, ROWS, true));
        });
    }

    @Test
    void oneTenantOfThoseThatARuleShows() throws Exception {
        Rule wards = new Rule.Distribution(new Terms("wards", Tolerance.NONE, Consequence.WARN), TARGET, "ward");
        Explanation found = found("different", "UPDATE clinical.patient SET name = 'x' WHERE ward = 'W5'", wards);
        assertThat(concentrations(found))
                .containsExactly(new Pattern(Trait.VALUE, "ward", "W5", 100, 100, 100, ROWS, true));
    }

    @Test
    void oneColumnAlone() throws Exception {
        Explanation found = found(
                "different",
                "UPDATE clinical.patient SET born = born + 1 WHERE id % 13 = 0;"
                        + " UPDATE clinical.patient SET name = 'x' WHERE id = 26");
        assertThat(found.patterns())
                .containsExactly(
                        new Pattern(Trait.COLUMN, "born", "", 152, 153, 0, 0, true),
                        new Pattern(Trait.STAGE, "", "target", 153, 153, 0, 0, true));
    }

    @Test
    void oneTimeAlone() throws Exception {
        Explanation found = found(
                "missing",
                "DELETE FROM clinical.patient WHERE updated BETWEEN '2026-11-20 22:01' AND '2026-11-20 22:38'");
        assertThat(concentrations(found))
                .containsExactly(
                        new Pattern(Trait.TIME, "updated", "2026-11-20 22:00 to 22:40", 38, 38, 40, ROWS, true));
    }

    @Test
    void oneCodeAlone() throws Exception {
        Explanation found = found("different", "UPDATE clinical.patient SET name = 'x' WHERE sex = 'unknown'");
        assertThat(concentrations(found))
                .containsExactly(new Pattern(Trait.VALUE, "sex", "unknown", 200, 200, 200, ROWS, true));
    }

    @Test
    void oneMappingVersionAlone() throws Exception {
        Explanation found = found(
                "different",
                "UPDATE clinical.patient SET _handover_mapping = 2 WHERE id % 3 = 0;"
                        + " UPDATE clinical.patient SET name = 'x' WHERE id % 51 = 0");
        assertThat(concentrations(found))
                .containsExactly(new Pattern(Trait.MAPPING_VERSION, "", "2", 39, 39, 666, ROWS, true));
    }

    @Test
    void rowsThatWereChangedOneAfterTheOther() throws Exception {
        String recent = "UPDATE patient SET name = name || '!' WHERE id %% 29 = %d;";
        hospital.atSource(recent.formatted(1) + recent.formatted(2));
        hospital.settle();
        Explanation found = found("different", "UPDATE clinical.patient SET name = 'x' WHERE id % 29 = 2");
        assertThat(concentrations(found)).singleElement().satisfies(pattern -> {
            assertThat(pattern.trait()).isEqualTo(Trait.POSITION);
            assertThat(pattern.rows()).isEqualTo(69);
            assertThat(pattern.background()).isEqualTo(69);
        });
        hospital.atSource("UPDATE patient SET name = rtrim(name, '!')");
        hospital.settle();
        hospital.atTarget("DROP TABLE kept; CREATE TABLE kept AS SELECT * FROM clinical.patient");
    }

    @Test
    void nothingIsSaidOfWhatIsSpreadByChance() throws Exception {
        Explanation found = found("different", "UPDATE clinical.patient SET name = 'x' WHERE id % 13 = 0");
        assertThat(found.rows()).isEqualTo(153);
        assertThat(concentrations(found)).isEmpty();
    }

    @Test
    void nothingIsSaidOfAFewRows() throws Exception {
        Explanation found = found("different", "UPDATE clinical.patient SET name = 'x' WHERE ward = 'W5' AND id < 80");
        assertThat(found.rows()).isEqualTo(4);
        assertThat(concentrations(found)).isEmpty();
    }

    @Test
    void whatNoRowOfTheSourceHas() throws Exception {
        Explanation found = found(
                "extraneous",
                "INSERT INTO clinical.patient (id, ward, name) SELECT i, 'W99', 'guest ' || i"
                        + " FROM generate_series(9001, 9010) i");
        assertThat(concentrations(found))
                .extracting(Pattern::trait, Pattern::column, Pattern::rows, Pattern::background)
                .contains(org.assertj.core.groups.Tuple.tuple(Trait.VALUE, "ward", 10L, 0L))
                .contains(org.assertj.core.groups.Tuple.tuple(Trait.MAPPING_VERSION, "", 10L, 10L));
    }
}
