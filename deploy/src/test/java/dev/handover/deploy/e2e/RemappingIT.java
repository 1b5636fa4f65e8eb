package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.stack.Service;
import dev.handover.reconciler.RunReport;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mapping is raised while the source is written: every row is made anew from the change log, and ends in one version.
 */
class RemappingIT {
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);
    private static final int ROWS = 20_000;

    @Test
    void aRaisedMappingReachesEveryRowUnderLoadAndOverAKill(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE);
                Connection source = pipeline.source("")) {
            install(source);
            describe(pipeline, 1, "{M: male, F: female, X: other}");
            pipeline.run();
            pipeline.awaitLoaded(2);
            change(source, 200);
            try (Connection target = pipeline.target()) {
                pipeline.until("every row under version 1", WAIT_MAX, () -> versions(target)
                        .equals(Map.of(1, (long) ROWS)));

                describe(pipeline, 2, "{M: m, F: f, X: x}");
                pipeline.roles().kill(RoleName.TRANSFORM);
                // rows that its load brought past the log are read again
                pipeline.roles().kill(RoleName.CAPTURE);
                pipeline.until("some rows under version 2", WAIT_MAX, () -> {
                    change(source, 20);
                    return versions(target).getOrDefault(2, 0L) > ROWS / 10;
                });
                pipeline.roles().kill(RoleName.TRANSFORM);
                pipeline.roles().kill(RoleName.CAPTURE);
                change(source, 200);
                pipeline.until("every row under version 2", WAIT_MAX, () -> versions(target)
                        .equals(Map.of(2, (long) ROWS)));
                assertThat(number(target, "SELECT count(*) FROM clinical.person WHERE sex NOT IN ('m', 'f', 'x')"))
                        .isZero();
            }

            RunReport report = pipeline.compare();

            Reports.assertConverged(report, 2);
        }
    }

    private static void describe(LivePipeline pipeline, int version, String sexes) {
        pipeline.describe(pipeline.endpoints().source().database(), "", """
                mappingVersion: %d
                tables:
                  - from: pas.public.person
                    to: clinical.person
                    columns:
                      sex: {from: sex_cd, map: %s}
                      "*": {from: "*"}
                """.formatted(version, sexes));
    }

    private static void install(Connection source) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute("CREATE TABLE person (id int PRIMARY KEY, sex_cd char(1) NOT NULL, note text)");
            statement.execute("CREATE TABLE still (id int PRIMARY KEY, note text)");
            statement.execute("INSERT INTO still SELECT n, 'x' FROM generate_series(1, 100) AS n");
            // every hundredth note is too long to stay in its row, and the log does not repeat it
            statement.execute("INSERT INTO person SELECT n, substr('MFX', n % 3 + 1, 1), CASE WHEN n % 100 = 0 THEN"
                    + " (SELECT string_agg(md5((n * 1000 + i)::text), '') FROM generate_series(1, 300) AS i)"
                    + " ELSE 'n' || n END FROM generate_series(1, " + ROWS + ") AS n");
        }
    }

    /** Partial rows among them: the long notes are left alone. */
    private static void change(Connection source, int rows) {
        try (Statement statement = source.createStatement()) {
            statement.execute(
                    "UPDATE person SET sex_cd = substr('MFX', (id + 1) % 3 + 1, 1) WHERE id % 100 = 0 AND id <= "
                            + rows * 10);
            statement.execute("UPDATE person SET note = note || '.' WHERE id % 100 = 7 AND id <= " + rows * 10);
        } catch (SQLException e) {
            throw new AssertionError("the source does not answer", e);
        }
    }

    private static Map<Integer, Long> versions(Connection target) {
        Map<Integer, Long> versions = new TreeMap<>();
        try (Statement statement = target.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT _handover_mapping, count(*) FROM clinical.person GROUP BY 1")) {
            while (rows.next()) {
                versions.put(rows.getInt(1), rows.getLong(2));
            }
        } catch (SQLException e) {
            throw new AssertionError("the target does not answer", e);
        }
        return versions;
    }

    private static long number(Connection target, String sql) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
