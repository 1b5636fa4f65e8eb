package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.demo.Clinic;
import dev.handover.deploy.demo.LegacyEngine;
import dev.handover.deploy.demo.LegacyHospital;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.Service;
import dev.handover.reconciler.Divergence;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.TableReport;
import dev.handover.reconciler.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The demo's hospital, while each role is killed once in the middle of the work. What the pipeline says of itself is
 * held against an oracle that shares no code with it, before and after somebody meddles with the target.
 */
class KilledRolesIT {
    private static final Duration WORK_MAX = Duration.ofMinutes(4);
    private static final int CHANGES_BETWEEN = 500;
    private static final int RATE_PER_SECOND = 150;
    private static final long SEED = 20_261_122;

    @Test
    void everyRoleIsKilledOnceAndTheVerdictIsThatOfPlainSql(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE, Service.OBJECTS)) {
            try (Connection connection = pipeline.source("")) {
                LegacyHospital.install(connection, LegacyEngine.POSTGRES, load -> {});
            }
            int tables = LegacyHospital.tables().size();
            LegacyHospital.writeMaps(directory);
            pipeline.describe(
                    pipeline.endpoints().source().database(),
                    "    clock: {timezone: " + LegacyHospital.TIMEZONE
                            + "}\n    postgres: {heartbeat: 1s}\n    tap: on\n",
                    pipeline.archive() + LegacyHospital.mapping(LegacyEngine.POSTGRES));
            pipeline.run();
            // two of the source's tables become one
            pipeline.awaitLoaded(tables - 1);

            killEachWhileTheClinicWorks(pipeline);
            RunReport report = pipeline.compare();

            Reports.assertConverged(report, tables);
            for (RoleName role : pipeline.roles().names()) {
                assertThat(pipeline.roles().starts(role))
                        .as(
                                "%s%n%s",
                                role.text(), Files.readString(pipeline.roles().log(role)))
                        .isEqualTo(2);
            }
            try (Connection source = pipeline.source("");
                    Connection target = pipeline.target()) {
                Map<String, CatalogTable> catalog = CatalogTable.all(source, null, "public", Map.of());
                HospitalOracle oracle = new HospitalOracle(source, target);
                oracle.readMaps(directory);
                assertThat(catalog).hasSize(tables);
                assertThat(oracle.differences(catalog)).isEmpty();

                meddle(target);

                assertThat(oracle.differences(catalog)).isEqualTo(MEDDLED);
                everyDifferenceIsNamed(pipeline.compare());
                LivePipeline.Ran shown =
                        pipeline.command("recon", "run", "-c", pipeline.file().toString(), "-o", "json");
                assertThat(shown.status()).isEqualTo(3);
                assertThat(shown.out()).contains("family_name").contains("value_number");
            }
        }
    }

    private static void killEachWhileTheClinicWorks(LivePipeline pipeline) throws InterruptedException {
        PGSimpleDataSource legacy = new PGSimpleDataSource();
        Endpoints.Postgres server = pipeline.endpoints().source();
        legacy.setUrl(server.jdbcUrl());
        legacy.setUser(server.user());
        legacy.setPassword(server.password().text());
        try (Clinic clinic = new Clinic(legacy, LegacyEngine.POSTGRES, SEED, RATE_PER_SECOND)) {
            CompletableFuture<Long> day = CompletableFuture.supplyAsync(() -> {
                try {
                    return clinic.run(WORK_MAX);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CompletionException(e);
                }
            });
            for (RoleName victim : pipeline.roles().names()) {
                long before = clinic.rowChanges();
                pipeline.until(
                        "the clinic at work",
                        WORK_MAX,
                        () -> day.isDone() || clinic.rowChanges() > before + CHANGES_BETWEEN);
                pipeline.roles().kill(victim);
                pipeline.until(
                        victim.text() + " started again",
                        WORK_MAX,
                        () -> pipeline.roles().starts(victim) == 2);
            }
            long before = clinic.rowChanges();
            pipeline.until("the rest", WORK_MAX, () -> day.isDone() || clinic.rowChanges() > before + CHANGES_BETWEEN);
            clinic.stop();
            assertThat(day.join()).isGreaterThan(CHANGES_BETWEEN * 4L);
        }
    }

    private static final Set<String> MEDDLED =
            Set.of("clinical.patient", "clinical.provider", "clinical.payer", "clinical.observation");

    /** What no pipeline does: a changed name, a lost row, a row from nowhere, a last digit. */
    private static void meddle(Connection target) throws SQLException {
        target.setAutoCommit(true);
        try (Statement statement = target.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE clinical.patient SET family_name = family_name || 'x'"
                            + " WHERE patient_id = (SELECT min(patient_id) FROM clinical.patient)"))
                    .isOne();
            assertThat(statement.executeUpdate("DELETE FROM clinical.provider"
                            + " WHERE provider_id = (SELECT min(provider_id) FROM clinical.provider)"))
                    .isOne();
            statement.execute("CREATE TEMP TABLE stranger AS SELECT * FROM clinical.payer LIMIT 1");
            statement.execute("UPDATE stranger SET payer_cd = 'ZZZ'");
            assertThat(statement.executeUpdate("INSERT INTO clinical.payer SELECT * FROM stranger"))
                    .isOne();
            assertThat(statement.executeUpdate("UPDATE clinical.observation SET value_number = value_number + 0.01"
                            + " WHERE category = 'laboratory' AND observation_no = (SELECT min(observation_no) FROM"
                            + " clinical.observation WHERE category = 'laboratory' AND value_number IS NOT NULL)"))
                    .isOne();
        }
    }

    private static void everyDifferenceIsNamed(RunReport report) {
        assertThat(report.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(report.verdict().exitCode().number()).isEqualTo(3);
        Map<String, List<String>> found = report.tables().stream()
                .filter(table -> table.verdict() != Verdict.CONVERGED)
                .collect(Collectors.toMap(TableReport::targetTable, KilledRolesIT::named));
        assertThat(found)
                .isEqualTo(Map.of(
                        "clinical.patient", List.of("different [family_name]"),
                        "clinical.provider", List.of("missing []"),
                        "clinical.payer", List.of("extraneous []"),
                        "clinical.observation", List.of("different [value_number]")));
        assertThat(report.tables().stream().mapToLong(TableReport::divergent).sum())
                .isEqualTo(4);
    }

    private static List<String> named(TableReport table) {
        return table.divergences().stream()
                .filter(each -> each.stage() == Divergence.Stage.TARGET)
                .map(each -> each.kind().code() + " " + each.columns())
                .toList();
    }
}
