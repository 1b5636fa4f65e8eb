package dev.handover.deploy.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.e2e.LivePipeline;
import dev.handover.reconciler.RunReport;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every column type of MariaDB, by load and by stream, to the target and back. */
class MariaDbFidelityIT {
    @Test
    void everyValueArrivesAndGoesBack(@TempDir Path directory) throws Exception {
        long t = System.nanoTime();
        Dialect dialect = new MariaDbDialect();
        try (LivePipeline pipeline = LivePipeline.on(directory, dialect.service())) {
            try (Connection source = pipeline.source("");
                    Statement here = source.createStatement()) {
                here.execute("CREATE DATABASE zoo");
                here.execute("CREATE DATABASE back");
            }
            Grid grid = new Grid("zoo", MariaDbCases.ALL);
            Grid kept = new Grid(
                    "kept",
                    MariaDbCases.ALL.stream().filter(type -> !type.held()).toList());
            FidelityRun run = new FidelityRun(pipeline, dialect, "zoo", List.of(grid, kept));
            run.prepare();
            System.out.println("prepared " + (System.nanoTime() - t) / 1e9);
            pipeline.describe("zoo", "    mariadb: {serverId: 4711}\n", keepingRaw(kept));
            pipeline.run();
            pipeline.awaitLoaded(2);
            System.out.println("loaded " + (System.nanoTime() - t) / 1e9);
            RunReport report = run.stream();
            System.out.println("streamed " + (System.nanoTime() - t) / 1e9);
            System.out.println(report.verdict() + " " + report.findings() + report.tables());
            List<Ending> endings = run.endings();
            System.out.println("compared " + (System.nanoTime() - t) / 1e9);
            assertThat(endings.stream()
                            .filter(ending -> !ending.expected(ending.grid().equals(kept)))
                            .map(Ending::toString))
                    .isEmpty();
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
}
