package dev.handover.deploy.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.e2e.LivePipeline;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.reconciler.RunReport;
import dev.handover.reconciler.Verdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every column type of MariaDB, by load and by stream, to the target and back. */
class MariaDbFidelityIT {
    private static final String SERVER_ID = "    mariadb: {serverId: 4711}\n";
    private static final String GBK = "varchar(20) character set gbk";
    private static final Grid GRID = new Grid("zoo", MariaDbCases.ALL);

    /** Types of which PostgreSQL cannot hold every value, again: their columns keep the raw text. */
    private static final Grid KEPT = new Grid(
            "kept", MariaDbCases.ALL.stream().filter(type -> !type.held()).toList());

    @Test
    void everyValueArrivesAndGoesBack(@TempDir Path directory) throws Exception {
        Dialect dialect = new MariaDbDialect();
        try (LivePipeline pipeline = LivePipeline.on(directory, dialect.service())) {
            execute(
                    pipeline,
                    "",
                    "CREATE DATABASE zoo",
                    "CREATE DATABASE back",
                    "CREATE DATABASE refused",
                    "SET GLOBAL time_zone = '+05:45'",
                    "SET GLOBAL sql_mode = 'PAD_CHAR_TO_FULL_LENGTH,ANSI_QUOTES,STRICT_ALL_TABLES'");
            Faults.assertRefused(pipeline, dialect, "refused", SERVER_ID, MariaDbCases.REFUSED);
            FidelityRun run = new FidelityRun(pipeline, dialect, "zoo", List.of(GRID, KEPT));
            run.prepare();
            Assembly assembly = pipeline.describe("zoo", SERVER_ID, keepingRaw(KEPT));
            pipeline.run();
            pipeline.awaitLoaded(2);

            RunReport report = run.stream();

            List<Ending> endings = run.endings();
            assertThat(endings.stream()
                            .filter(ending -> !ending.expected(ending.grid().equals(KEPT)))
                            .map(Ending::toString))
                    .isEmpty();
            assertThat(report.verdict()).isEqualTo(Verdict.CONVERGED);
            TypesDocument.settle(
                    dialect,
                    TypesDocument.section(dialect, GRID, run.types(assembly, GRID), endings, MariaDbCases.REFUSED));
            aCodeWithoutACharacterIsRefusedByName(pipeline);
        }
    }

    private static String keepingRaw(Grid grid) {
        return "tables:\n  - from: pas.zoo." + grid.table() + "\n    to: clinical." + grid.table() + "\n    columns:\n"
                + IntStream.range(0, grid.types().size())
                        .mapToObj(Grid::column)
                        .map(column -> "      " + column + ": {from: " + column + ", onInvalid: null-with-raw}\n")
                        .collect(Collectors.joining())
                + "      \"*\": {from: \"*\"}\n";
    }

    /** The server itself would print a question mark. */
    private static void aCodeWithoutACharacterIsRefusedByName(LivePipeline pipeline) throws Exception {
        int column = IntStream.range(0, GRID.types().size())
                .filter(i -> GRID.types().get(i).type().equals(GBK))
                .findFirst()
                .orElseThrow();
        execute(pipeline, "zoo", "INSERT INTO zoo (id, c" + column + ") VALUES (1000000, x'41A2E3')");
        Faults.assertCaptureEnds(pipeline, "table pas.zoo.zoo, column \"c" + column + "\"");
    }

    private static void execute(LivePipeline pipeline, String database, String... statements) throws SQLException {
        try (Connection source = pipeline.source(database);
                Statement statement = source.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
