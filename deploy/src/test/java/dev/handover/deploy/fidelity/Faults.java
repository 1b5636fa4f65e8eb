package dev.handover.deploy.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.capture.SourceTable;
import dev.handover.deploy.e2e.LivePipeline;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.fault.Fault;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is refused, and by which name. */
final class Faults {
    private static final Duration END_MAX = Duration.ofSeconds(60);

    private Faults() {}

    /** Makes a table with a value for each type, and sees that the catalog names them all. */
    static void assertRefused(
            LivePipeline pipeline, Dialect dialect, String database, String more, List<Refused> refused)
            throws SQLException {
        Map<String, String> expected = new TreeMap<>();
        try (Connection source = pipeline.source(database);
                Statement statement = source.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS refused");
            for (int i = 0; i < refused.size(); i++) {
                String table = "refused.t" + i;
                statement.execute("CREATE TABLE " + table + " (id integer PRIMARY KEY, c "
                        + refused.get(i).type() + ")");
                statement.execute(
                        "INSERT INTO " + table + " VALUES (1, " + refused.get(i).literal() + ")");
                expected.put("t" + i, refused.get(i).problem());
            }
        }
        Assembly assembly = pipeline.describe(database, more, "");
        Map<String, String> found = new TreeMap<>();
        for (SourceTable table :
                assembly.inventory(assembly.pipeline().sources().get(0)).tables()) {
            found.put(
                    table.table().name(),
                    table.problem().map(problem -> problem.code()).orElse("taken"));
        }
        assertThat(found).as(dialect.engine()).isEqualTo(expected);
    }

    /** Waits until capture ends for good, and sees that it names the place. */
    static void assertCaptureEnds(LivePipeline pipeline, String place) throws Exception {
        assertThatThrownBy(() -> pipeline.until("end of capture", END_MAX, () -> false))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("role capture ended with status 7");
        assertThat(Files.readString(pipeline.captureLog())).contains(place);
    }
}
