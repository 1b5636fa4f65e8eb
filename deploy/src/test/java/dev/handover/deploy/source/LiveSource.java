package dev.handover.deploy.source;

import dev.handover.capture.ChunkReader;
import dev.handover.capture.ChunkReader.ChunkPlan;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.SourceTable;
import dev.handover.capture.TableSelection;
import dev.handover.capture.catalog.Inventory;
import dev.handover.capture.check.SourceChecks;
import dev.handover.capture.load.Loaders;
import dev.handover.change.SourceChange;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.RowKey;
import dev.handover.row.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/** A source database of a test, seen through capture. */
record LiveSource(SourceConfig config) {
    static final Instant TAKEN_AT = Instant.parse("2026-01-02T03:04:05Z");

    static LiveSource of(Endpoints.Postgres endpoint, String database) {
        return new LiveSource(config(
                SourceEngine.POSTGRESQL,
                endpoint.port(),
                database,
                endpoint.user(),
                endpoint.password().text(),
                TableSelection.ALL));
    }

    static LiveSource of(Endpoints.MariaDb endpoint, String database) {
        return new LiveSource(config(
                SourceEngine.MARIADB,
                endpoint.port(),
                database,
                endpoint.admin().user(),
                endpoint.admin().password().text(),
                TableSelection.ALL));
    }

    static SourceConfig config(
            SourceEngine engine, int port, String database, String user, String password, TableSelection selection) {
        return new SourceConfig(
                "pas",
                engine,
                "127.0.0.1",
                port,
                database,
                user,
                password,
                SourceConfig.Tls.DISABLED,
                "",
                "handover_slot",
                "handover_publication",
                4711,
                1,
                ZoneOffset.UTC,
                selection,
                Map.of());
    }

    LiveSource as(String user, String password) {
        return new LiveSource(
                config(config.engine(), config.port(), config.database(), user, password, config.selection()));
    }

    LiveSource at(int port) {
        return new LiveSource(
                config(config.engine(), port, config.database(), config.user(), config.password(), config.selection()));
    }

    LiveSource selecting(List<String> include, List<String> exclude) {
        return new LiveSource(config(
                config.engine(),
                config.port(),
                config.database(),
                config.user(),
                config.password(),
                new TableSelection(include, exclude)));
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = new SourceSessions(config).open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    List<SourceTable> tables() {
        return tables(Map.of());
    }

    List<SourceTable> tables(Map<TableId, List<String>> keys) {
        return Inventory.of(config, keys).tables();
    }

    SourceTable table(String schema, String name) {
        return table(schema, name, Map.of());
    }

    SourceTable table(String schema, String name, Map<TableId, List<String>> keys) {
        TableId id = new TableId(config.name(), schema, name);
        return tables(keys).stream()
                .filter(table -> table.table().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(id.text()));
    }

    String problem(String schema, String name) {
        return table(schema, name).problem().map(SourceTable.Problem::code).orElse("none");
    }

    List<SourceChange.Upsert> rows(SourceTable table) throws SQLException {
        List<SourceChange.Upsert> rows = new ArrayList<>();
        load(table, rows::add);
        return rows;
    }

    void load(SourceTable table, Consumer<SourceChange.Upsert> rows) throws SQLException {
        try (LoadSnapshot snapshot = snapshot()) {
            Loaders.of(config).load(table.schema().orElseThrow(), snapshot, rows);
        }
    }

    /** How the table is cut. */
    ChunkPlan plan(SourceTable table, int chunkRows) throws SQLException {
        try (LoadSnapshot snapshot = snapshot()) {
            return chunks().plan(table.schema().orElseThrow(), snapshot, chunkRows)
                    .orElseThrow();
        }
    }

    /** The keys of the rows of a chunk, in a snapshot of its own. */
    List<RowKey> chunk(SourceTable table, ChunkPlan plan, int chunk) throws SQLException {
        List<RowKey> keys = new ArrayList<>();
        try (LoadSnapshot snapshot = snapshot()) {
            chunks().read(table.schema().orElseThrow(), plan, chunk, snapshot, (row, outOfLine) -> keys.add(row.key()));
        } catch (ChunkReader.Recut e) {
            throw new AssertionError(e);
        }
        return keys;
    }

    private ChunkReader chunks() {
        return Loaders.chunks(Loaders.of(config)).orElseThrow();
    }

    private LoadSnapshot snapshot() throws SQLException {
        Connection connection = new SourceSessions(config).open();
        boolean postgres = config.engine() == SourceEngine.POSTGRESQL;
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    postgres
                            ? "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
                            : "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        }
        SourceId source = new SourceId(config.name());
        SourcePosition stamp =
                postgres ? SourcePosition.postgres(source, 7, 0) : SourcePosition.mariadb(source, 1, 1, 4, 0);
        return new LoadSnapshot(connection, stamp, TAKEN_AT);
    }

    /** Level, subject and fact of every check, a line each. */
    List<String> checks(Map<TableId, List<String>> keys) {
        return new SourceChecks(InstantSource.system())
                .run(config, keys).stream()
                        .map(check -> check.level() + " " + check.subject() + " " + check.fact())
                        .toList();
    }

    /** What the checks end with where the source cannot be asked. */
    String fault() {
        try {
            checks(Map.of());
            return "none";
        } catch (Fault e) {
            return e.exitCode() + " " + e.code()
                    + (String.valueOf(e.getMessage()).contains("127.0.0.1") ? "" : " without a place");
        }
    }
}
