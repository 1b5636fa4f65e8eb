package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.handover.capture.check.Check;
import dev.handover.capture.check.SourceChecks;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.source.RealData;
import dev.handover.deploy.stack.Service;
import dev.handover.reconciler.Divergence;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Verdict;
import dev.handover.row.TableId;
import dev.handover.sink.postgres.TargetStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenMRS, a clinical database that no one here designed, from MariaDB to PostgreSQL while it changes. */
class OpenmrsIT {
    private static final int TABLES = 116;
    private static final int CHANGES_MIN = 2_000;
    private static final long SEED = 20_261_121;

    /** What an operator says that the rows of a table without a key are known by. */
    private static final Map<String, List<String>> KEYS =
            Map.of("liquibasechangelog", List.of("ID", "AUTHOR", "FILENAME"));

    /** The tables without a key, and what the changes made here know their rows by; two are copied as they are. */
    static final Map<String, List<String>> KEYLESS = Map.of(
            "concept_name_tag_map", List.of("concept_name_id", "concept_name_tag_id"),
            "concept_proposal_tag_map", List.of("concept_proposal_id", "concept_name_tag_id"),
            "liquibasechangelog", List.of("ID", "AUTHOR", "FILENAME"));

    /** One row of the dump has a creation time that is none, which MariaDB keeps as zero. */
    private static final String ZERO_DATE = """
              - from: pas.openmrs.concept_reference_source
                to: clinical.concept_reference_source
                columns:
                  date_created: {from: date_created, onInvalid: null-with-raw}
                  "*":          {from: "*"}
            """;

    @Test
    void everyTableAndColumnArrivesWhileAllTablesChange(@TempDir Path directory) throws Exception {
        Path dump = RealData.directory().resolve("openmrs");
        boolean present = Files.isDirectory(dump);
        if (!present) {
            System.out.println("SKIPPED e2e.OpenmrsIT: there is no " + dump
                    + "; name the folder of real data in HANDOVER_REAL_DATA");
        }
        assumeTrue(present, "no real data");
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.MARIADB)) {
            install(pipeline, dump);
            pipeline.describe("openmrs", "    mariadb: {serverId: 4711}\n", "tables:\n" + declaredKeys() + ZERO_DATE);
            initListsEveryTable(pipeline, directory);
            hazardsAreWarnedOfByName(pipeline.assembly());
            pipeline.run();
            pipeline.awaitLoaded(TABLES);
            assertThat(rows(pipeline.status())).isEqualTo(expected(dump));

            int changes;
            Map<String, CatalogTable> tables;
            try (Connection connection = pipeline.source("openmrs")) {
                RandomChanges.legacySession(connection);
                tables = CatalogTable.all(connection, "openmrs", null, KEYLESS);
                assertThat(tables).hasSize(TABLES);
                changes = new RandomChanges(connection, tables, SEED).run(1);
            }
            assertThat(changes).isGreaterThan(CHANGES_MIN);

            RunReport report = pipeline.compare();

            Reports.assertConverged(report, TABLES);
            TargetStatus status = pipeline.status();
            assertThat(status.total().changes() - status.total().loaded()).isGreaterThanOrEqualTo(changes);
            assertThat(report.left().keySet()).containsExactly("pas.openmrs.handover_heartbeat");
            try (Connection source = pipeline.source("openmrs");
                    Connection target = pipeline.target()) {
                assertThat(new MariaDbOracle(source, target).differences(tables.values()))
                        .isEmpty();
            }
            aCascadeThatNoLogHoldsIsFound(pipeline);
        }
    }

    private static void install(LivePipeline pipeline, Path dump) throws Exception {
        try (Connection connection = pipeline.source("");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE openmrs CHARACTER SET utf8mb3");
        }
        try (Connection connection = pipeline.source("openmrs")) {
            Scripts.run(connection, dump.resolve("01_schema.sql.gz"));
            Scripts.run(connection, dump.resolve("02_rows.sql.gz"));
        }
    }

    /** The inventory that {@code init} draws up. */
    private static void initListsEveryTable(LivePipeline pipeline, Path directory) throws Exception {
        var server = pipeline.endpoints().mariadb();
        LivePipeline.Ran ran = pipeline.command(
                "init",
                "--from",
                "mariadb://" + server.admin().user() + "@127.0.0.1:" + server.port() + "/openmrs",
                "--tls",
                "disable",
                "--password-file",
                directory.resolve("secrets/source").toString(),
                "--out",
                directory.resolve("starter.yaml").toString(),
                "-o",
                "json");
        JsonNode tables = new ObjectMapper().readTree(ran.out()).path("data").path("tables");
        assertThat(ran.status()).isZero();
        assertThat(tables).hasSize(TABLES);
        assertThat(tables)
                .allMatch(table -> table.path("problem").asText().isEmpty())
                .filteredOn(table -> table.path("key").isEmpty())
                .extracting(table -> table.path("table").asText())
                .allMatch(name -> KEYLESS.containsKey(name.substring(name.lastIndexOf('.') + 1)))
                .hasSameSizeAs(KEYLESS.keySet());
        assertThat(directory.resolve("starter.yaml")).isRegularFile();
    }

    private static void hazardsAreWarnedOfByName(Assembly assembly) {
        var source = assembly.source(assembly.pipeline().sources().get(0));
        Map<TableId, List<String>> keys = KEYS.entrySet().stream()
                .collect(Collectors.toMap(entry -> new TableId("pas", "openmrs", entry.getKey()), Map.Entry::getValue));
        List<String> warnings = new SourceChecks(InstantSource.system())
                .run(source, keys).stream()
                        .filter(check -> check.level() == Check.Level.WARN)
                        .map(check -> check.subject() + ": " + check.fact())
                        .toList();
        assertThat(warnings).anyMatch(text -> text.contains("concept_reference_source: zero dates in date_created"));
        assertThat(warnings).filteredOn(text -> text.contains("by itself")).hasSize(9);
        assertThat(warnings)
                .anyMatch(text -> text.contains("no key") && text.contains("pas.openmrs.concept_name_tag_map"));
    }

    /** InnoDB does not log what a foreign key changes, so that no capture can see it; a comparison must. */
    private static void aCascadeThatNoLogHoldsIsFound(LivePipeline pipeline) throws SQLException {
        try (Connection connection = pipeline.source("openmrs");
                Statement statement = connection.createStatement()) {
            RandomChanges.legacySession(connection);
            statement.execute(
                    "INSERT INTO person (person_id, date_created, uuid) VALUES (3000000, now(), 'p-3000000')");
            statement.execute("INSERT INTO person_name (person_name_id, person_id, creator, date_created, uuid)"
                    + " VALUES (3000000, 3000000, 1, now(), 'n-3000000')");
            statement.execute("SET SESSION foreign_key_checks = 1");
            assertThat(statement.executeUpdate("UPDATE person SET person_id = 3000001 WHERE person_id = 3000000"))
                    .isOne();
        }
        RunReport report = pipeline.compare();
        assertThat(report.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(report.tables())
                .filteredOn(table -> table.verdict() != Verdict.CONVERGED)
                .singleElement()
                .satisfies(table -> {
                    assertThat(table.targetTable()).isEqualTo("clinical.person_name");
                    assertThat(table.divergences()).singleElement().satisfies(each -> {
                        assertThat(each.kind()).isEqualTo(Divergence.Kind.DIFFERENT);
                        assertThat(each.columns()).containsExactly("person_id");
                    });
                });
    }

    private static String declaredKeys() {
        return KEYS.entrySet().stream()
                .map(entry -> "  - {from: pas.openmrs." + entry.getKey() + ", to: clinical." + entry.getKey()
                        + ", key: " + entry.getValue() + "}\n")
                .collect(Collectors.joining());
    }

    private static Map<String, Long> rows(TargetStatus status) {
        return status.tables().stream()
                .collect(Collectors.toMap(
                        table -> table.name().substring(table.name().indexOf('.') + 1),
                        TargetStatus.Table::rows,
                        Long::sum,
                        TreeMap::new));
    }

    /** A table and its rows on each line. */
    private static Map<String, Long> expected(Path dump) throws Exception {
        return Files.readAllLines(dump.resolve("expected_counts.tsv")).stream()
                .map(line -> line.split("\t"))
                .filter(parts -> parts.length == 2 && parts[1].matches("[0-9]+"))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Long.valueOf(parts[1]), Long::sum, TreeMap::new));
    }
}
