package dev.handover.reconciler.read;

import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/** The PostgreSQL target, read only. */
public final class TargetDatabase {
    private final Connections connections;
    private final int fetchRows;

    /** A target that is read through these connections, by a user who may SELECT its tables and the control schema. */
    public TargetDatabase(Connections connections, int fetchRows) {
        this.connections = Objects.requireNonNull(connections, "connections");
        this.fetchRows = fetchRows;
    }

    /** A repeatable read, to be closed. */
    public TargetSnapshot open() {
        try {
            Connection connection = connections.open();
            try {
                PostgresSession.begin(connection);
                return new TargetSnapshot(connection, connections, fetchRows);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw Sql.fault("the target", e);
        }
    }

    /** Names of the columns of a table, empty where there is none. */
    public List<String> columns(TableId table) {
        try (Connection connection = connections.open()) {
            return List.copyOf(PostgresSession.columns(connection, table).keySet());
        } catch (SQLException e) {
            throw Sql.fault("the target", e);
        }
    }

    /** The target tables that the sink says it made of tables of a source, as {@code schema.name}. */
    public List<String> known(SourceId source) {
        List<String> known = new ArrayList<>();
        try (Connection connection = connections.open();
                PreparedStatement statement = Sql.prepared(
                        connection,
                        "SELECT table_name FROM handover.target_table WHERE left(source_table, length(?) + 1) = ? || '.'"
                                + " ORDER BY table_name",
                        source.name(),
                        source.name());
                ResultSet results = statement.executeQuery()) {
            while (results.next()) {
                known.add(results.getString(1));
            }
        } catch (SQLException e) {
            throw Sql.fault("the target", e);
        }
        return known;
    }

    /**
     * How far the changes of a source are applied.
     *
     * @param position the least of all partitions; empty where one is unknown
     * @param committedAt when the newest change or mark that is applied was committed at the source, ISO 8601, or empty
     */
    public record Progress(String source, long partitions, String position, String committedAt) {}

    /** How far the changes of every source are applied, by the names of the sources. */
    public List<Progress> progress() {
        List<Progress> progress = new ArrayList<>();
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT a.source, count(*), CASE WHEN bool_and(a.position IS NOT NULL) THEN"
                                + " (SELECT l.position_text FROM handover.applied l WHERE l.source = a.source"
                                + " ORDER BY l.position LIMIT 1) END, max(a.committed_at)"
                                + " FROM handover.applied a WHERE a.source IS NOT NULL GROUP BY a.source ORDER BY a.source");
                ResultSet results = statement.executeQuery()) {
            while (results.next()) {
                String position = results.getString(3);
                OffsetDateTime committed = results.getObject(4, OffsetDateTime.class);
                progress.add(new Progress(
                        results.getString(1),
                        results.getLong(2),
                        position == null ? "" : position,
                        committed == null ? "" : committed.toInstant().toString()));
            }
        } catch (SQLException e) {
            throw Sql.fault("the target", e);
        }
        return progress;
    }

    /** Every position that a partition of this source is applied up to now, over all tables. */
    public SortedSet<SourcePosition> boundaries(SourceId source) {
        SortedSet<SourcePosition> boundaries = new TreeSet<>();
        try (Connection connection = connections.open();
                PreparedStatement statement = Sql.prepared(
                        connection,
                        "SELECT DISTINCT position FROM handover.applied WHERE source = ? AND position IS NOT NULL",
                        source.name());
                ResultSet results = statement.executeQuery()) {
            while (results.next()) {
                boundaries.add(SourcePosition.decode(source, results.getBytes(1)));
            }
        } catch (SQLException e) {
            throw Sql.fault("the target", e);
        }
        return boundaries;
    }
}
