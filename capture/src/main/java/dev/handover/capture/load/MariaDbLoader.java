package dev.handover.capture.load;

import dev.handover.capture.BulkLoad;
import dev.handover.capture.ChunkReader;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.Loader;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.text.TextDecoder;
import dev.handover.change.SourceChange;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads MariaDB and MySQL tables through a cursor that streams, in the order of their clustered index. */
public final class MariaDbLoader implements Loader, ChunkReader {
    /** Rows that the driver holds at once. */
    private static final int FETCH_ROWS = 1_000;
    /** How long the server waits for us while the change log is slow. */
    private static final int STALL_SECONDS_MAX = 86_400;

    /** How statements begin by which tables are read; what the server lists so is ours. */
    public static final String OURS = "SELECT /* handover */ ";

    private final SourceConfig config;

    public MariaDbLoader(SourceConfig config) {
        this.config = config;
    }

    @Override
    public void load(TableSchema table, LoadSnapshot snapshot, Consumer<SourceChange.Upsert> rows) {
        load(table, snapshot, "", rows);
    }

    private void load(TableSchema table, LoadSnapshot snapshot, String condition, Consumer<SourceChange.Upsert> rows) {
        LoadedRows loaded = new LoadedRows(config, table, snapshot);
        try {
            prepare(snapshot.connection());
            String select = select(table, guarded(table, snapshot.connection())) + condition;
            stream(table, select, snapshot.connection(), loaded, rows);
        } catch (SQLException e) {
            throw loaded.fault(e);
        }
    }

    @Override
    public Optional<ChunkPlan> plan(TableSchema table, LoadSnapshot snapshot, int chunkRows) {
        if (table.keyless()) {
            return Optional.empty();
        }
        try {
            prepare(snapshot.connection());
            return Optional.of(MariaDbChunks.plan(table, snapshot.connection(), chunkRows));
        } catch (SQLException e) {
            throw new LoadedRows(config, table, snapshot).fault(e);
        }
    }

    /**
     * A row never changes its chunk without a change of its key, which the stream tells as a row that went and came.
     */
    @Override
    public void read(TableSchema table, ChunkPlan plan, int chunk, LoadSnapshot snapshot, BulkLoad.Row rows) {
        load(table, snapshot, MariaDbChunks.condition(table, plan, chunk), row -> rows.take(row, List.of()));
    }

    private void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION time_zone = '+00:00', sql_mode = '', character_set_results = 'utf8mb4',"
                    + " net_write_timeout = " + STALL_SECONDS_MAX + ", wait_timeout = " + STALL_SECONDS_MAX);
            statement.execute(
                    config.engine() == SourceEngine.MARIADB
                            ? "SET SESSION max_statement_time = 0"
                            : "SET SESSION max_execution_time = 0");
        }
    }

    /** Columns of text in a character set whose every code is not known to be a character. */
    private static Set<String> guarded(TableSchema table, Connection connection) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT column_name, character_set_name FROM information_schema.columns"
                        + " WHERE table_schema = ? AND table_name = ? AND character_set_name IS NOT NULL"
                        + " AND data_type NOT IN ('enum', 'set')")) {
            statement.setString(1, table.table().schema());
            statement.setString(2, table.table().name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (TextDecoder.exact(row.getString(2)).isEmpty()) {
                        columns.add(row.getString(1));
                    }
                }
            }
        }
        return columns;
    }

    private static void stream(
            TableSchema table,
            String select,
            Connection connection,
            LoadedRows loaded,
            Consumer<SourceChange.Upsert> rows)
            throws SQLException {
        try (Statement statement =
                connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet row = statement.executeQuery(select)) {
                List<Column> columns = table.content();
                boolean done = false;
                try {
                    while (row.next()) {
                        rows.accept(loaded.row(cells(row, columns, loaded)));
                    }
                    done = true;
                } finally {
                    if (!done) {
                        // before anything is closed: to close a cursor, the driver first holds the rest of the table
                        connection.abort(Runnable::run);
                    }
                }
            }
        }
    }

    private static List<Cell> cells(ResultSet row, List<Column> columns, LoadedRows loaded) throws SQLException {
        List<Cell> cells = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            cells.add(cell(row, i + 1, columns.get(i), loaded));
        }
        return cells;
    }

    private static String select(TableSchema table, Set<String> guarded) {
        List<String> cells = new ArrayList<>();
        for (Column column : table.content()) {
            cells.add((guarded.contains(column.name())
                            ? MariaDbText.guarded(column.name())
                            : MariaDbText.expression(column.name(), column.type()))
                    + " AS c" + cells.size());
        }
        return OURS + String.join(", ", cells) + " FROM " + name(table);
    }

    static String name(TableSchema table) {
        return quoted(table.table().schema()) + "." + quoted(table.table().name());
    }

    static String quoted(String identifier) {
        return "`" + identifier.replace("`", "``") + "`";
    }

    private static Cell cell(ResultSet row, int index, Column column, LoadedRows loaded) throws SQLException {
        if (column.type().kind() == Kind.BYTES) {
            byte[] bytes = row.getBytes(index);
            return bytes == null ? Cell.NULL : new Value.Bytes(bytes);
        }
        String text = row.getString(index);
        try {
            return text == null ? Cell.NULL : MariaDbText.parse(column.type(), text);
        } catch (IllegalArgumentException e) {
            throw loaded.damaged("column \"" + column.name() + "\"", e);
        }
    }
}
