package dev.handover.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.RoleName;
import dev.handover.deploy.stack.Service;
import dev.handover.fault.Retry;
import dev.handover.row.Cell;
import dev.handover.row.PostgresText;
import dev.handover.row.Value;
import dev.handover.sink.archive.S3ObjectStore;
import dev.handover.sink.postgres.ControlTables;
import dev.handover.wire.LoadObject;
import dev.handover.wire.RawObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a load read is in the archive as the source said it, whatever the mapping made of it. */
class LoadArchiveIT {
    private static final Duration STEP_MAX = Duration.ofMinutes(3);
    private static final int ROWS = 8_000;
    private static final int LEFT_OUT = 5;

    private static final String[] TABLES = {
        "CREATE TABLE visit (id integer PRIMARY KEY, v text, amount numeric, j jsonb)",
        "INSERT INTO visit SELECT g, CASE WHEN g % 3 > 0 THEN 'vä\t\\N' || g END, g / 100.0, jsonb_build_object('n', g)"
                + " FROM generate_series(1, " + ROWS + ") g",
        "CREATE TABLE note (a text, b integer, doc text, bin bytea, PRIMARY KEY (a, b))",
        "INSERT INTO note SELECT 'ä' || g % 7, g, repeat('d' || g, g % 90), decode(md5(g::text), 'hex')"
                + " FROM generate_series(1, 3000) g",
        "ANALYZE",
    };

    /** Rows of the source as it prints them, by table. */
    private static final Map<String, String> AT_SOURCE = Map.of(
            "visit", "SELECT concat_ws('|', id, coalesce(v, '-'), amount, j) FROM visit",
            "note", "SELECT concat_ws('|', a, b, doc, bin) FROM note");

    /** Also rows that the mapping leaves out, and those of a chunk that is read again. */
    @Test
    void holdsEveryRowThatAChunkReadAsTheSourceSaidIt(@TempDir Path directory) throws Exception {
        try (LivePipeline pipeline = LivePipeline.on(directory, Service.SOURCE, Service.OBJECTS)) {
            try (Connection source = pipeline.source("");
                    Statement statement = source.createStatement()) {
                for (String sql : TABLES) {
                    statement.execute(sql);
                }
            }
            Assembly assembly = pipeline.describe(
                    pipeline.endpoints().source().database(),
                    "    load: {chunkRows: 500, maxConnections: 2, maxRowsPerSecond: 2000}\n",
                    pipeline.archive() + """
                            tables:
                              - from: pas.public.visit
                                to: clinical.visit
                                where: {rule: not-the-first, keep: "row.id > %d"}
                                columns:
                                  v: {from: v, case: upper}
                                  "*": {from: "*"}
                            """.formatted(LEFT_OUT));
            ControlTables.migrate(assembly.target());
            pipeline.run();
            pipeline.until(
                    "the first chunks",
                    STEP_MAX,
                    () -> pipeline.number("SELECT count(*) FROM handover.load_chunk") > 2);
            pipeline.roles().kill(RoleName.CAPTURE);
            pipeline.awaitLoaded(2);

            assertThat(pipeline.number("SELECT count(*) FROM clinical.visit")).isEqualTo(ROWS - LEFT_OUT);
            assertThat(pipeline.number("SELECT count(*) FROM clinical.visit WHERE v LIKE 'VÄ%'"))
                    .isGreaterThan(ROWS / 2);
            Map<String, List<String>> archived = archived(pipeline, assembly);
            try (Connection source = pipeline.source("")) {
                for (Map.Entry<String, String> table : AT_SOURCE.entrySet()) {
                    assertThat(archived.get(table.getKey()))
                            .as(table.getKey())
                            .containsExactlyInAnyOrderElementsOf(texts(source, table.getValue()));
                }
            }
        }
    }

    /** The rows of all objects that chunks name, by source table. */
    private static Map<String, List<String>> archived(LivePipeline pipeline, Assembly assembly) throws SQLException {
        Map<String, List<String>> rows = new TreeMap<>();
        try (S3ObjectStore store = new S3ObjectStore(assembly.loadArchive().orElseThrow(), Retry.USUAL);
                Connection target = pipeline.target()) {
            for (String name : texts(target, "SELECT unnest(objects) FROM handover.load_chunk")) {
                byte[] object = store.get(name);
                assertThat(name).isEqualTo("load/" + RawObject.name(object) + ".avro");
                LoadObject.Content content = LoadObject.decode(object);
                List<String> ofTable =
                        rows.computeIfAbsent(content.head().schema().table().name(), table -> new ArrayList<>());
                content.rows()
                        .forEach(row -> ofTable.add(
                                row.cells().stream().map(LoadArchiveIT::text).collect(Collectors.joining("|"))));
            }
        }
        return rows;
    }

    private static String text(Cell cell) {
        return cell instanceof Value value ? PostgresText.format(value) : "-";
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }
}
