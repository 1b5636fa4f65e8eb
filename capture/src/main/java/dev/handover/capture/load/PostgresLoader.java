package dev.handover.capture.load;

import dev.handover.capture.BulkLoad;
import dev.handover.capture.ChunkReader;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.Loader;
import dev.handover.capture.SourceConfig;
import dev.handover.change.SourceChange;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.PostgresText;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Reads PostgreSQL tables by {@code COPY} in text form, in the order in which they lie on disk. */
public final class PostgresLoader implements Loader, ChunkReader {
    /**
     * For the snapshot's transaction alone. The driver asks for the zone of the Java process, so the zone is set anew;
     * row security must fail rather than hide rows.
     */
    private static final List<String> SETTINGS = List.of(
            "SET LOCAL DateStyle = 'ISO'",
            "SET LOCAL TimeZone = 'UTC'",
            "SET LOCAL IntervalStyle = 'iso_8601'",
            "SET LOCAL extra_float_digits = 1",
            "SET LOCAL bytea_output = 'hex'",
            "SET LOCAL lc_monetary = 'C'",
            "SET LOCAL search_path = ''",
            "SET LOCAL row_security = off",
            "SET LOCAL statement_timeout = 0",
            "SET LOCAL idle_in_transaction_session_timeout = 0");

    private final SourceConfig config;

    public PostgresLoader(SourceConfig config) {
        this.config = config;
    }

    @Override
    public void load(TableSchema table, LoadSnapshot snapshot, Consumer<SourceChange.Upsert> rows) {
        LoadedRows loaded = new LoadedRows(config, table, snapshot);
        try {
            Connection connection = snapshot.connection();
            set(connection);
            int columns = table.content().size();
            copy(
                    connection,
                    select(connection, table),
                    columns,
                    loaded,
                    texts -> rows.accept(row(table, texts, loaded)));
        } catch (SQLException e) {
            throw loaded.fault(e);
        }
    }

    @Override
    public Optional<ChunkPlan> plan(TableSchema table, LoadSnapshot snapshot, int chunkRows) {
        return new PostgresChunks(config).plan(table, snapshot, chunkRows);
    }

    @Override
    public void read(TableSchema table, ChunkPlan plan, int chunk, LoadSnapshot snapshot, BulkLoad.Row rows)
            throws Recut {
        new PostgresChunks(config).read(table, plan, chunk, snapshot, rows);
    }

    /** Takes the texts of a line, which are the next line's afterwards. */
    interface Line {
        void take(@Nullable String[] texts);
    }

    /** Every line of a statement's answer, of so many columns. */
    static void copy(Connection connection, String select, int columns, LoadedRows loaded, Line lines)
            throws SQLException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY (" + select + ") TO STDOUT");
        try {
            CopyLine line = new CopyLine(columns);
            for (byte[] next = copy.readFromCopy(); next != null; next = copy.readFromCopy()) {
                lines.take(split(line, next, loaded));
            }
        } finally {
            if (copy.isActive()) {
                cancel(copy);
            }
        }
    }

    /** The row of a line, whose first texts are the table's content. */
    static SourceChange.Upsert row(TableSchema table, @Nullable String[] texts, LoadedRows loaded) {
        List<Column> columns = table.content();
        Cell[] cells = new Cell[columns.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cell(columns.get(i), texts[i], loaded);
        }
        return loaded.row(Arrays.asList(cells));
    }

    /** The settings under which values are read, for the open transaction. */
    static void set(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String setting : SETTINGS) {
                statement.execute(setting);
            }
        }
    }

    private static @Nullable String[] split(CopyLine line, byte[] bytes, LoadedRows loaded) {
        try {
            return line.split(bytes);
        } catch (IllegalArgumentException e) {
            throw loaded.damaged("a row", e);
        }
    }

    private static Cell cell(Column column, @Nullable String text, LoadedRows loaded) {
        try {
            return text == null ? Cell.NULL : PostgresText.parse(column.type(), text);
        } catch (IllegalArgumentException e) {
            throw loaded.damaged("column \"" + column.name() + "\"", e);
        }
    }

    /** Whatever ended the reading is thrown already; a connection that cannot cancel is closed by its owner. */
    private static void cancel(CopyOut copy) {
        try {
            copy.cancelCopy();
        } catch (SQLException e) {
            // nothing depends on the connection any more
        }
    }

    /**
     * A partitioned table holds the rows of its leaves; a parent by inheritance does not hold those of its children.
     */
    static String select(Connection connection, TableSchema table) throws SQLException {
        String name = name(table);
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT relkind = 'p' FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass(?)")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                boolean partitioned = row.next() && row.getBoolean(1);
                return "SELECT " + columns(table) + " FROM " + (partitioned ? "" : "ONLY ") + name;
            }
        }
    }

    static String name(TableSchema table) {
        TableId id = table.table();
        return quoted(id.schema()) + "." + quoted(id.name());
    }

    static String columns(TableSchema table) {
        return table.content().stream().map(column -> quoted(column.name())).collect(Collectors.joining(", "));
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
