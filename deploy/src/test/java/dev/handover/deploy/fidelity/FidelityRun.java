package dev.handover.deploy.fidelity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.deploy.e2e.LivePipeline;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.reconciler.RunReport;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.PostgresText;
import dev.handover.row.TableSchema;
import dev.handover.row.Value;
import dev.handover.wire.SourceEvents;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings grids from the source to the target, one half by load and one by stream, and writes what arrived back into
 * copies of the grids at the source. Both servers are asked by plain SQL.
 */
final class FidelityRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LivePipeline pipeline;
    private final Dialect dialect;
    private final String database;
    private final List<Grid> grids;

    FidelityRun(LivePipeline pipeline, Dialect dialect, String database, List<Grid> grids) {
        this.pipeline = pipeline;
        this.dialect = dialect;
        this.database = database;
        this.grids = List.copyOf(grids);
    }

    /** The texts of one row, null for null; by the numbers of the columns. */
    private record Texts(List<@Nullable String> cells) {}

    /** Makes the tables and writes the rows that are to be loaded. */
    void prepare() throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            for (Grid grid : grids) {
                statement.execute(grid.create(dialect.home() + "." + grid.table()));
                statement.execute(grid.create(dialect.back() + "." + grid.table()));
            }
            write(connection, Grid.Path.LOAD, FidelityRun::insert);
            write(connection, Grid.Path.UPDATE, FidelityRun::without);
        }
    }

    /** Writes the other rows while the pipeline streams, and compares both ends, which waits for the last of them. */
    RunReport stream() throws SQLException {
        try (Connection connection = open()) {
            write(connection, Grid.Path.UPDATE, FidelityRun::update);
            write(connection, Grid.Path.INSERT, FidelityRun::insert);
        }
        return pipeline.compare();
    }

    /** Our types of a grid's columns, as the catalog describes them. */
    List<ColumnType> types(Assembly assembly, Grid grid) {
        TableSchema schema = assembly.inventory(assembly.pipeline().sources().get(0)).tables().stream()
                .filter(table -> table.table().name().equals(grid.table()))
                .flatMap(table -> table.schema().stream())
                .findFirst()
                .orElseThrow();
        return IntStream.range(0, grid.types().size())
                .mapToObj(i -> schema.column(Grid.column(i)).orElseThrow().type())
                .toList();
    }

    private Connection open() throws SQLException {
        Connection connection = pipeline.source(database);
        try (Statement statement = connection.createStatement()) {
            for (String sql : dialect.session()) {
                statement.execute(sql);
            }
        }
        return connection;
    }

    private interface Write {
        String sql(String table, Grid.Slot slot);
    }

    private static String insert(String table, Grid.Slot slot) {
        return "INSERT INTO " + table + " (id, " + Grid.column(slot.column()) + ") VALUES (" + slot.id() + ", "
                + slot.value().literal() + ")";
    }

    private static String without(String table, Grid.Slot slot) {
        return "INSERT INTO " + table + " (id) VALUES (" + slot.id() + ")";
    }

    private static String update(String table, Grid.Slot slot) {
        return "UPDATE " + table + " SET " + Grid.column(slot.column()) + " = "
                + slot.value().literal() + " WHERE id = " + slot.id();
    }

    /** Writes the rows of one way, those of a type in one transaction. */
    private void write(Connection connection, Grid.Path path, Write write) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (Grid grid : grids) {
                int column = 0;
                for (Grid.Slot slot : grid.slots()) {
                    if (slot.column() != column) {
                        connection.commit();
                        column = slot.column();
                    }
                    if (slot.path() == path) {
                        statement.execute(write.sql(dialect.home() + "." + grid.table(), slot));
                    }
                }
                connection.commit();
            }
        }
        connection.setAutoCommit(true);
    }

    /** How every row ended. */
    List<Ending> endings() throws SQLException {
        List<Ending> endings = new ArrayList<>();
        for (Grid grid : grids) {
            endings.addAll(endings(grid));
        }
        return endings;
    }

    private List<Ending> endings(Grid grid) throws SQLException {
        try (Connection source = open();
                Connection target = pipeline.target()) {
            try (Statement statement = target.createStatement()) {
                for (String sql : new PostgresDialect().session()) {
                    statement.execute(sql);
                }
            }
            Map<Integer, Texts> here = texts(source, grid, dialect.home(), dialect::atSource);
            Map<Integer, Texts> there = texts(target, grid, "clinical", dialect::atTarget);
            Map<Integer, Texts> dead = deadLetters(target, grid);
            Map<Integer, Map<String, String>> raw = raw(target, grid);
            Map<Integer, Texts> written = new HashMap<>();
            for (Grid.Slot slot : grid.slots()) {
                Texts back = dead.getOrDefault(slot.id(), there.get(slot.id()));
                if (back != null) {
                    back = withRaw(grid, back, raw.getOrDefault(slot.id(), Map.of()));
                    written.put(slot.id(), back);
                }
            }
            Map<Integer, String> refused = writeBack(source, grid, written);
            Map<Integer, Texts> again = texts(source, grid, dialect.back(), dialect::atSource);
            Set<Integer> same = sameBytes(source, grid);
            List<Ending> endings = new ArrayList<>();
            for (Grid.Slot slot : grid.slots()) {
                Texts original = here.get(slot.id());
                Texts arrived = there.get(slot.id());
                boolean restored =
                        same.contains(slot.id()) && original != null && original.equals(again.get(slot.id()));
                Ending.Arrival arrival = arrival(slot, original, arrived, dead.get(slot.id()), raw.get(slot.id()));
                String seen = "source " + cell(original, slot) + " target " + cell(arrived, slot) + " back "
                        + cell(again.get(slot.id()), slot) + " " + refused.getOrDefault(slot.id(), "");
                endings.add(new Ending(grid, slot, arrival, restored, seen));
            }
            return endings;
        }
    }

    private static @Nullable String cell(@Nullable Texts texts, Grid.Slot slot) {
        return texts == null ? "nothing" : texts.cells().get(slot.column());
    }

    private static Ending.Arrival arrival(
            Grid.Slot slot,
            @Nullable Texts original,
            @Nullable Texts arrived,
            @Nullable Texts dead,
            @Nullable Map<String, String> raw) {
        if (dead != null) {
            return Ending.Arrival.DEAD_LETTER;
        }
        if (arrived == null) {
            return Ending.Arrival.MISSING;
        }
        if (arrived.equals(original)) {
            return raw == null ? Ending.Arrival.SAME : Ending.Arrival.DIFFERENT;
        }
        boolean empty = arrived.cells().stream().allMatch(cell -> cell == null);
        return empty && raw != null && raw.keySet().equals(Set.of(Grid.column(slot.column())))
                ? Ending.Arrival.RAW
                : Ending.Arrival.DIFFERENT;
    }

    private interface Expression {
        String of(String type, String cell);
    }

    private Map<Integer, Texts> texts(Connection connection, Grid grid, String schema, Expression expression)
            throws SQLException {
        String columns = IntStream.range(0, grid.types().size())
                .mapToObj(i -> expression.of(grid.types().get(i).type(), Grid.column(i)))
                .collect(Collectors.joining(", "));
        Map<Integer, Texts> rows = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT id, " + columns + " FROM " + schema + "." + grid.table())) {
            while (row.next()) {
                List<@Nullable String> cells = new ArrayList<>();
                for (int i = 0; i < grid.types().size(); i++) {
                    String text = row.getString(i + 2);
                    cells.add(
                            text == null
                                    ? null
                                    : dialect.comparable(grid.types().get(i).type(), text));
                }
                rows.put(row.getInt(1), new Texts(cells));
            }
        }
        return rows;
    }

    /** Raw text beside a row, by column. */
    private static Map<Integer, Map<String, String>> raw(Connection target, Grid grid) throws SQLException {
        Map<Integer, Map<String, String>> rows = new HashMap<>();
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, _handover_raw FROM clinical." + grid.table()
                        + " WHERE _handover_raw IS NOT NULL")) {
            while (row.next()) {
                Map<String, String> texts = new HashMap<>();
                JsonNode object = JSON.readTree(row.getString(2));
                object.fieldNames()
                        .forEachRemaining(
                                name -> texts.put(name, object.get(name).textValue()));
                rows.put(row.getInt(1), texts);
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError("raw text is no JSON", e);
        }
        return rows;
    }

    /** The rows that dead letters hold. */
    private Map<Integer, Texts> deadLetters(Connection target, Grid grid) throws SQLException {
        Assembly assembly = pipeline.assembly();
        SourceEvents events = new SourceEvents(assembly.topics(), assembly.partitions(), assembly.registry());
        Map<Integer, Texts> rows = new HashMap<>();
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT key, value FROM handover.dead_letter WHERE topic LIKE '%." + grid.table() + "'")) {
            while (row.next()) {
                SourceEvent event = events.decode(Optional.of(row.getBytes(1)), Optional.of(row.getBytes(2)))
                        .fold(found -> found, rejection -> {
                            throw new AssertionError("a dead letter is not what was sent: " + rejection);
                        });
                SourceChange.Upsert upsert = (SourceChange.Upsert) event;
                List<@Nullable String> cells = new ArrayList<>();
                for (int i = 0; i < grid.types().size(); i++) {
                    Cell cell = upsert.after().cell(Grid.column(i));
                    cells.add(
                            cell instanceof Value value
                                    ? dialect.ofRaw(grid.types().get(i).type(), PostgresText.format(value))
                                    : null);
                }
                rows.put((int) ((Value.Int) upsert.key().values().get(0)).value(), new Texts(cells));
            }
        }
        return rows;
    }

    private Texts withRaw(Grid grid, Texts texts, Map<String, String> raw) {
        List<@Nullable String> cells = new ArrayList<>(texts.cells());
        for (int i = 0; i < cells.size(); i++) {
            String text = raw.get(Grid.column(i));
            if (text != null) {
                cells.set(i, dialect.ofRaw(grid.types().get(i).type(), text));
            }
        }
        return new Texts(cells);
    }

    /** Writes rows into the copy; answers those that the source refused. */
    private Map<Integer, String> writeBack(Connection source, Grid grid, Map<Integer, Texts> rows) throws SQLException {
        Map<Integer, String> refused = new HashMap<>();
        try (Statement statement = source.createStatement()) {
            for (Map.Entry<Integer, Texts> row : rows.entrySet()) {
                List<String> names = new ArrayList<>(List.of("id"));
                List<String> literals = new ArrayList<>(List.of(row.getKey().toString()));
                for (int i = 0; i < grid.types().size(); i++) {
                    String text = row.getValue().cells().get(i);
                    if (text != null) {
                        names.add(Grid.column(i));
                        literals.add(dialect.literal(grid.types().get(i).type(), text));
                    }
                }
                try {
                    statement.execute("INSERT INTO " + dialect.back() + "." + grid.table() + " ("
                            + String.join(", ", names) + ") VALUES (" + String.join(", ", literals) + ")");
                } catch (SQLException e) {
                    refused.put(row.getKey(), "SQLSTATE " + e.getSQLState());
                }
            }
        }
        return refused;
    }

    private Set<Integer> sameBytes(Connection source, Grid grid) throws SQLException {
        String condition = IntStream.range(0, grid.types().size())
                .mapToObj(i ->
                        dialect.sameBytes(grid.types().get(i).type(), "s." + Grid.column(i), "b." + Grid.column(i)))
                .collect(Collectors.joining(" AND "));
        Set<Integer> ids = new HashSet<>();
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("SELECT s.id FROM " + dialect.home() + "." + grid.table()
                        + " s JOIN " + dialect.back() + "." + grid.table() + " b ON b.id = s.id WHERE " + condition)) {
            while (row.next()) {
                ids.add(row.getInt(1));
            }
        }
        return Collections.unmodifiableSet(ids);
    }
}
