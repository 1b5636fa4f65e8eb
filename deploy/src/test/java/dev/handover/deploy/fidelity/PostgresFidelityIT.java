package dev.handover.deploy.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.e2e.LivePipeline;
import dev.handover.reconciler.RunReport;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every column type of PostgreSQL, by load and by stream, to the target and back. */
class PostgresFidelityIT {
    @Test
    void everyValueArrivesAndGoesBack(@TempDir Path directory) throws Exception {
        long t = System.nanoTime();
        try (LivePipeline pipeline = LivePipeline.on(directory, new PostgresDialect().service())) {
            System.out.println("up " + (System.nanoTime() - t) / 1e9);
            try (Connection source = pipeline.source("");
                    Connection target = pipeline.target();
                    Statement here = source.createStatement();
                    Statement there = target.createStatement()) {
                for (String sql : PostgresCases.EXTENSIONS) {
                    here.execute(sql);
                    there.execute(sql);
                }
                for (String sql : PostgresCases.TYPES) {
                    here.execute(sql);
                }
                here.execute("CREATE SCHEMA back");
            }
            Grid grid = new Grid("zoo", PostgresCases.ALL);
            FidelityRun run = new FidelityRun(pipeline, new PostgresDialect(), "", List.of(grid));
            run.prepare();
            System.out.println("prepared " + (System.nanoTime() - t) / 1e9);
            pipeline.describe(pipeline.endpoints().source().database(), "    include: [public.zoo]\n", "");
            pipeline.run();
            pipeline.awaitLoaded(1);
            System.out.println("loaded " + (System.nanoTime() - t) / 1e9);
            RunReport report = run.stream();
            System.out.println(report.verdict() + " " + report.findings() + report.tables());
            System.out.println("streamed " + (System.nanoTime() - t) / 1e9);
            List<Ending> endings = run.endings();
            System.out.println("compared " + (System.nanoTime() - t) / 1e9);
            assertThat(endings.stream()
                            .filter(ending -> !ending.expected(false))
                            .map(Ending::toString))
                    .isEmpty();
        }
    }
}
