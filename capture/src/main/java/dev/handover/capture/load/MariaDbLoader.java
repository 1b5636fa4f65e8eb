package dev.handover.capture.load;

import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.Loader;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.change.SourceChange;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.Kind;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads MariaDB and MySQL tables through a cursor that streams, in the order of their clustered index. */
public final class MariaDbLoader implements Loader {
    /** Rows that the driver holds at once. */
    private static final int FETCH_ROWS = 1_000;
    /** How long the server waits for us while the change log is slow. */
    private static final int STALL_SECONDS_MAX = 86_400;

    private final SourceConfig config;

    public MariaDbLoader(SourceConfig config) {
        this.config = config;
    }

    @Override
    public void load(TableSchema table, LoadSnapshot snapshot, Consumer<SourceChange.Upsert> rows) {
        LoadedRows loaded = new LoadedRows(config, table, snapshot);
        try {
            prepare(snapshot.connection());
            stream(table, snapshot.connection(), loaded, rows);
        } catch (SQLException e) {
            throw loaded.fault(e);
        }
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

    private static void stream(
            TableSchema table, Connection connection, LoadedRows loaded, Consumer<SourceChange.Upsert> rows)
            throws SQLException {
        try (Statement statement =
                connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet row = statement.executeQuery(select(table))) {
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

    private static String select(TableSchema table) {
        List<Column> columns = table.content();
        return "SELECT "
                + IntStream.range(0, columns.size())
                        .mapToObj(i -> MariaDbText.expression(
                                        columns.get(i).name(), columns.get(i).type())
                                + " AS c" + i)
                        .collect(Collectors.joining(", "))
                + " FROM `" + table.table().schema().replace("`", "``") + "`.`"
                + table.table().name().replace("`", "``") + "`";
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
