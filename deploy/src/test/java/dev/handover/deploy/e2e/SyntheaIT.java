package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.handover.deploy.source.RealData;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.Service;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.TableReport;
import dev.handover.sink.postgres.TargetStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Synthea's files as tables of PostgreSQL, moved while they change. */
class SyntheaIT {
    private static final String ARCHIVE = "synthea33_seed4711_p20.csv.tar.xz";
    private static final long ROWS_MIN = 30_000;
    private static final int CHANGES_MIN = 1_000;
    private static final long SEED = 4_711;

    @Test
    void everyFileArrivesWhileAllTablesChange(@TempDir Path directory) throws Exception {
        Path archive = RealData.directory().resolve("synthea").resolve(ARCHIVE);
        boolean present = Files.isRegularFile(archive);
        if (!present) {
            System.out.println("SKIPPED e2e.SyntheaIT: there is no " + archive
                    + "; name the folder of real data in HANDOVER_REAL_DATA");
        }
        assumeTrue(present, "no real data");
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE)) {
            Map<String, Long> rows;
            try (Connection connection = pipeline.source("");
                    Statement statement = connection.createStatement()) {
                rows = CsvTables.install(connection, archive);
                statement.execute("CREATE TABLE import_log (at timestamptz DEFAULT now(), said text)");
                statement.execute("INSERT INTO import_log (said) VALUES ('done')");
            }
            assertThat(rows).hasSize(16);
            assertThat(rows.values().stream().mapToLong(Long::longValue).sum()).isGreaterThan(ROWS_MIN);
            Endpoints.Postgres source = pipeline.endpoints().source();
            pipeline.describe(
                    source.database(), "    postgres: {heartbeat: 1s}\n    exclude: [public.import_log]\n", "");
            pipeline.run();
            pipeline.awaitLoaded(rows.size());
            assertThat(loaded(pipeline.status())).isEqualTo(rows);

            int changes;
            Map<String, CatalogTable> tables;
            try (Connection connection = pipeline.source("")) {
                tables = CatalogTable.all(connection, null, "public", Map.of("import_log", java.util.List.of("at")));
                tables.remove("import_log");
                assertThat(tables.keySet()).isEqualTo(rows.keySet());
                changes = new RandomChanges(connection, tables, SEED).run(5);
            }
            assertThat(changes).isGreaterThan(CHANGES_MIN);

            RunReport report = pipeline.compare();

            Reports.assertConverged(report, rows.size());
            assertThat(report.left()).containsOnlyKeys("pas.public.import_log", "pas.public.handover_heartbeat");
            TargetStatus status = pipeline.status();
            assertThat(status.total().changes() - status.total().loaded()).isGreaterThanOrEqualTo(changes);
            assertThat(report.tables().stream()
                            .mapToLong(TableReport::sourceRows)
                            .sum())
                    .isGreaterThan(
                            rows.values().stream().mapToLong(Long::longValue).sum());
            try (Connection here = pipeline.source("");
                    Connection there = pipeline.target()) {
                PostgresOracle oracle = new PostgresOracle(here, there);
                for (CatalogTable table : tables.values()) {
                    oracle.requireEqual(
                            PostgresOracle.copy("public", table.name(), table.columnNames()),
                            PostgresOracle.copy("clinical", table.name(), table.columnNames()));
                }
            }
        }
    }

    private static Map<String, Long> loaded(TargetStatus status) {
        return status.tables().stream()
                .collect(Collectors.toMap(
                        table -> table.name().substring(table.name().indexOf('.') + 1),
                        TargetStatus.Table::rows,
                        Long::sum,
                        TreeMap::new));
    }
}
