package dev.handover.capture.engine;

import dev.handover.capture.Boundary;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.TableSelection;
import dev.handover.capture.decode.LogFormat;
import dev.handover.capture.decode.MariaDbLogFormat;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of a MariaDB source: its binlog, by file and position. */
public final class MariaDbLog implements SourceLog {
    private static final Logger LOG = LoggerFactory.getLogger(MariaDbLog.class);

    /** How long a load may leave its snapshot alone: as long as every server lets it be set. */
    private static final int HELD_SECONDS_MAX = 2_147_483;

    private final SourceConfig config;
    private final SourceSessions sessions;
    private final MariaDbLogFormat format;

    public MariaDbLog(SourceConfig config) {
        this.config = config;
        this.sessions = new SourceSessions(config);
        this.format = new MariaDbLogFormat(new SourceId(config.name()), config.epoch());
    }

    @Override
    public LogFormat format() {
        return format;
    }

    /** The number of the server and the operator's epoch: MariaDB names neither itself nor its data. */
    @Override
    public String identity() {
        return variable("server_id") + "/" + config.epoch();
    }

    @Override
    public void prepare(Collection<TableId> tables) {
        require("log_bin", "1", "start the server with --log-bin, so that it writes a binlog");
        require("binlog_format", "ROW", "set binlog_format = ROW in the server's configuration");
        require("binlog_row_image", "FULL", "set binlog_row_image = FULL in the server's configuration");
        if (config.engine() == SourceEngine.MARIADB) {
            require("log_bin_compress", "0", "set log_bin_compress = OFF in the server's configuration");
        }
        missing(tables).forEach(this::make);
        warnOfCascades(tables);
    }

    @Override
    public List<Missing> missing(Collection<TableId> tables) {
        try (Connection connection = sessions.open()) {
            // Not again when it is there: each would be a statement in the log.
            return exists(connection)
                    ? List.of()
                    : List.of(new Missing(
                            "heartbeat table " + config.database() + "." + TableSelection.HEARTBEAT_TABLE,
                            "",
                            "CREATE TABLE IF NOT EXISTS " + heartbeat()
                                    + " (id varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY, counter"
                                    + " bigint NOT NULL, at timestamp(6) NOT NULL DEFAULT current_timestamp(6))"));
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    private void make(Missing missing) {
        try (Connection connection = sessions.open();
                Statement statement = connection.createStatement()) {
            statement.execute(missing.ddl());
        } catch (SQLException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.DENIED,
                    "source-not-prepared",
                    "user \"" + config.user() + "\" cannot make the heartbeat's table at " + config + " (SQLSTATE "
                            + e.getSQLState() + ")",
                    "run there: " + missing.ddl() + "; and grant SELECT, INSERT, UPDATE on it to the user");
        }
    }

    /** What a foreign key changes in other rows by itself is in no log, and so cannot be captured. */
    private void warnOfCascades(Collection<TableId> tables) {
        Set<String> names = tables.stream().map(TableId::shortText).collect(Collectors.toSet());
        try (Connection connection = sessions.open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT constraint_schema, table_name, constraint_name,"
                        + " update_rule, delete_rule FROM information_schema.referential_constraints"
                        + " WHERE update_rule IN ('CASCADE', 'SET NULL') OR delete_rule IN ('CASCADE', 'SET NULL')")) {
            while (rows.next()) {
                if (names.contains(rows.getString(1) + "." + rows.getString(2))) {
                    LOG.atWarn()
                            .addKeyValue("table", rows.getString(1) + "." + rows.getString(2))
                            .addKeyValue("constraint", rows.getString(3))
                            .addKeyValue("onUpdate", rows.getString(4))
                            .addKeyValue("onDelete", rows.getString(5))
                            .log("rows that this foreign key changes are not in the source's log");
                }
            }
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    private boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?")) {
            statement.setString(1, config.database());
            statement.setString(2, TableSelection.HEARTBEAT_TABLE);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private String heartbeat() {
        return "`" + config.database().replace("`", "``") + "`." + TableSelection.HEARTBEAT_TABLE;
    }

    @Override
    public boolean begun() {
        return false;
    }

    @Override
    public void forget() {
        // A binlog keeps nothing for its readers.
    }

    @Override
    public Start start(Instant now) {
        Connection connection = transaction();
        try {
            // The status of the session's own snapshot: exactly what it sees.
            String file = status(connection, "binlog_snapshot_file");
            long position = Long.parseLong(status(connection, "binlog_snapshot_position"));
            Boundary boundary = format.boundary(file, position, 0, now);
            return new Start(boundary, new LoadSnapshot(connection, boundary.position(), now));
        } catch (SQLException e) {
            close(connection);
            throw sessions.fault(e);
        }
    }

    private static String status(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW STATUS LIKE '" + name + "'")) {
            if (!rows.next() || rows.getString(2).isEmpty()) {
                throw new SQLException("no status " + name);
            }
            return rows.getString(2);
        }
    }

    @Override
    public LoadSnapshot snapshot(SourcePosition stamp, Instant now) {
        return new LoadSnapshot(transaction(), stamp, now);
    }

    @Override
    public SourcePosition end() {
        try (Connection connection = sessions.open();
                Statement statement = connection.createStatement();
                ResultSet logs = statement.executeQuery("SHOW BINARY LOGS")) {
            Optional<SourcePosition> end = Optional.empty();
            while (logs.next()) {
                end = Optional.of(position(logs.getString(1), logs.getLong(2)));
            }
            return end.orElseThrow(() -> new SQLException("no binary log"));
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    /** A snapshot tells the place in the log up to which it sees everything. */
    @Override
    public Horizon horizon(Boundary boundary) {
        return now -> {
            Connection connection = transaction();
            try {
                SourcePosition seen = position(
                        status(connection, "binlog_snapshot_file"),
                        Long.parseLong(status(connection, "binlog_snapshot_position")));
                if (!boundary.position().isAfter(seen)) {
                    return Optional.of(new LoadSnapshot(connection, boundary.position(), now));
                }
                close(connection);
                return Optional.empty();
            } catch (SQLException e) {
                close(connection);
                throw sessions.fault(e);
            }
        };
    }

    private SourcePosition position(String file, long place) {
        return SourcePosition.mariadb(
                new SourceId(config.name()), config.epoch(), MariaDbLogFormat.number(file), place, 0);
    }

    @Override
    public String cut(LoadSnapshot snapshot) throws SQLException {
        return status(snapshot.connection(), "binlog_snapshot_file") + ":"
                + status(snapshot.connection(), "binlog_snapshot_position");
    }

    private Connection transaction() {
        Connection connection = sessions.open();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            statement.execute("SET SESSION wait_timeout = " + HELD_SECONDS_MAX);
            connection.setAutoCommit(false);
            statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            return connection;
        } catch (SQLException e) {
            close(connection);
            throw sessions.fault(e);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // The failure that led here is the one to report.
            return;
        }
    }

    @Override
    public void gate(Boundary boundary) {
        String file = MariaDbLogFormat.file(boundary);
        List<String> files = new ArrayList<>();
        long size = -1;
        try (Connection connection = sessions.open();
                Statement statement = connection.createStatement();
                ResultSet logs = statement.executeQuery("SHOW BINARY LOGS")) {
            while (logs.next()) {
                files.add(logs.getString(1));
                if (logs.getString(1).equals(file)) {
                    size = logs.getLong(2);
                }
            }
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
        int newest = files.stream().mapToInt(MariaDbLogFormat::number).max().orElse(0);
        if (MariaDbLogFormat.number(file) > newest || size >= 0 && size < MariaDbLogFormat.place(boundary)) {
            throw gap("source-went-back", "the binlog of " + config + " ends before the boundary in " + file);
        }
        if (!files.contains(file)) {
            throw gap("binlog-purged", "the binlog file " + file + " of the boundary is gone from " + config);
        }
    }

    private static Fault gap(String code, String fact) {
        return Fault.of(
                ExitCode.CONFLICT,
                code,
                fact,
                "changes are missing that no log can give back: load the source again under a new pipeline name, and"
                        + " keep binlogs longer");
    }

    @Override
    public Map<String, String> properties(Collection<TableId> tables) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("connector.class", MariaDbTextConnector.class.getName());
        properties.put("database.server.id", String.valueOf(config.serverId()));
        properties.put(
                "database.ssl.mode",
                switch (config.tls()) {
                    case DISABLED -> "disable";
                    case REQUIRED -> "trust";
                    case VERIFY_CA -> "verify-ca";
                    case VERIFY_FULL -> "verify-full";
                });
        properties.put("gtid.source.filter.dml.events", "false");
        properties.put("connect.keep.alive.interval.ms", "10000");
        properties.put("include.schema.changes", "false");
        properties.put("snapshot.locking.mode", "none");
        properties.put(
                "table.include.list",
                EngineProperties.tables(tables, config.database() + "." + TableSelection.HEARTBEAT_TABLE));
        // A table that is new is captured from the next start on: how it was made must be known then. But the engine
        // cannot
        // read how a table with one of these types was made, and would not start over one that nobody selected.
        properties.put("schema.history.internal.store.only.captured.tables.ddl", String.valueOf(hasUnreadableDdl()));
        return properties;
    }

    /** In any database of the server: the engine reads how all of them were made. */
    private boolean hasUnreadableDdl() {
        try (Connection connection = sessions.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT 1 FROM information_schema.columns"
                        + " WHERE data_type IN ('inet4', 'inet6', 'vector', 'xmltype'))")) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    @Override
    public boolean keepsSchemaHistory() {
        return true;
    }

    @Override
    public void beat(String id) {
        try (Connection connection = sessions.open();
                PreparedStatement statement = connection.prepareStatement("INSERT INTO " + heartbeat()
                        + " (id, counter) VALUES (?, 1) ON DUPLICATE KEY UPDATE counter = counter + 1,"
                        + " at = current_timestamp(6)")) {
            statement.setString(1, id);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    private void require(String variable, String wanted, String hint) {
        String value = variable(variable);
        if (!value.equals(wanted)) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "source-setting",
                    config + ": " + variable + " is " + value + ", not " + wanted,
                    hint);
        }
    }

    private String variable(String name) {
        try (Connection connection = sessions.open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT @@global." + name)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }
}
