package dev.handover.deploy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.handover.capture.SourceSessions;
import dev.handover.capture.SourceTable;
import dev.handover.capture.catalog.ForeignKeyOrder;
import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.MariaDbServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.row.TableSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clinical database that no one here designed, where its dump is at hand. */
class OpenmrsIT {
    @Test
    void everyTableIsDescribedAndReadWhole(@TempDir Path directory) throws SQLException, IOException {
        Path dump = RealData.directory().resolve("openmrs");
        boolean present = Files.isDirectory(dump);
        if (!present) {
            System.out.println(
                    "SKIPPED OpenmrsIT: there is no " + dump + "; name the folder of real data in HANDOVER_REAL_DATA");
        }
        assumeTrue(present, "no real data");
        try (StateDirectory state = StateDirectory.open(directory);
                ServerProcess<Endpoints.MariaDb> server =
                        MariaDbServer.start(state, Artifacts.in(Artifacts.sharedCache(System.getenv()), line -> {}))) {
            LiveSource.of(server.endpoint(), "mysql").execute("CREATE DATABASE openmrs CHARACTER SET utf8mb3");
            LiveSource source = LiveSource.of(server.endpoint(), "openmrs");
            run(source, dump.resolve("01_schema.sql.gz"));
            run(source, dump.resolve("02_rows.sql.gz"));

            List<SourceTable> tables = source.tables();
            assertThat(tables.stream()
                            .filter(table ->
                                    table.schema().map(TableSchema::keyless).orElse(false))
                            .map(table -> table.table().name()))
                    .containsExactly("concept_name_tag_map", "concept_proposal_tag_map", "liquibasechangelog");

            Map<String, Long> expected = counts(dump.resolve("expected_counts.tsv"));
            assertThat(tables).hasSize(116);
            Map<String, Long> loaded = new TreeMap<>();
            Set<String> columns = new HashSet<>();
            for (SourceTable table : tables) {
                assertThat(table.problem()).as(table.table().text()).isEmpty();
                loaded.put(table.table().name(), (long) source.rows(table).size());
                table.schema()
                        .orElseThrow()
                        .content()
                        .forEach(column -> columns.add(table.table().name() + "\t" + column.name()));
            }
            assertThat(loaded).isEqualTo(expected);
            assertThat(columns).containsExactlyInAnyOrderElementsOf(lines(dump.resolve("columns.tsv")));
            assertThat(tables.stream()
                            .mapToInt(table -> table.constraints().foreignKeys().size())
                            .sum())
                    .isEqualTo(440);
            ForeignKeyOrder order = ForeignKeyOrder.of(
                    tables.stream().collect(Collectors.toMap(SourceTable::table, table -> table.constraints()
                            .foreignKeys())));
            assertThat(order.tables()).hasSize(116);
            assertThat(order.cycles()).hasSize(1);
        }
    }

    private static Map<String, Long> counts(Path file) throws IOException {
        return lines(file).stream()
                .map(line -> line.split("\t"))
                .filter(parts -> parts[1].matches("[0-9]+"))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Long.valueOf(parts[1]), Long::sum, TreeMap::new));
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    }

    /** Statements of the dump end with a semicolon at the end of a line; text in it holds none there. */
    private static void run(LiveSource source, Path file) throws SQLException, IOException {
        try (Connection connection = new SourceSessions(source.config()).open();
                Statement statement = connection.createStatement();
                BufferedReader reader = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            connection.setAutoCommit(false);
            statement.execute("SET FOREIGN_KEY_CHECKS = 0, sql_mode = 'NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'");
            StringBuilder sql = new StringBuilder();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (sql.isEmpty()
                        && (line.startsWith("--")
                                || line.isBlank()
                                || line.startsWith("/*!")
                                || line.startsWith("SET "))) {
                    continue;
                }
                sql.append(line).append('\n');
                if (line.endsWith(";")) {
                    statement.execute(sql.substring(0, sql.lastIndexOf(";")));
                    sql.setLength(0);
                }
            }
            connection.commit();
        }
    }
}
