package dev.handover.capture.engine;

import dev.handover.capture.Boundary;
import dev.handover.capture.LoadSnapshot;
import dev.handover.capture.RowReader;
import dev.handover.capture.SourceConfig;
import dev.handover.capture.SourceSessions;
import dev.handover.capture.TableSelection;
import dev.handover.capture.UnreadableTypes;
import dev.handover.capture.decode.LogFormat;
import dev.handover.capture.decode.PostgresLogFormat;
import dev.handover.capture.load.PostgresRowReader;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The log of a PostgreSQL source: a publication of the selected tables and a logical replication slot. */
public final class PostgresLog implements SourceLog {
    private static final String HEARTBEAT = "public." + TableSelection.HEARTBEAT_TABLE;
    private static final int GENERATED_COLUMNS_PUBLISHED = 180_000;

    private final SourceConfig config;
    private final SourceSessions sessions;
    private final PostgresLogFormat format;

    public PostgresLog(SourceConfig config) {
        this.config = config;
        this.sessions = new SourceSessions(config);
        this.format = new PostgresLogFormat(new SourceId(config.name()));
    }

    @Override
    public LogFormat format() {
        return format;
    }

    @Override
    public String identity() {
        try (Connection replication = sessions.openReplication();
                Statement statement = replication.createStatement();
                ResultSet system = statement.executeQuery("IDENTIFY_SYSTEM")) {
            system.next();
            return system.getString("systemid");
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    @Override
    public void prepare(Collection<TableId> tables) {
        require("wal_level", "logical", "set wal_level = logical in postgresql.conf and restart the server");
        String encoding = query(
                        "SELECT pg_encoding_to_char(encoding) FROM pg_database" + " WHERE datname = current_database()")
                .orElseThrow();
        if (encoding.equals("SQL_ASCII")) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "encoding-unsupported",
                    config + " is encoded in SQL_ASCII, whose bytes are no text",
                    "restore the database under its true encoding");
        }
        query(UnreadableTypes.QUERY).ifPresent(types -> {
            throw UnreadableTypes.fault(config, types);
        });
        if (query("SELECT 1 FROM pg_roles WHERE rolname = current_user AND (rolreplication OR rolsuper)")
                        .isEmpty()
                && query("SELECT 1 WHERE pg_has_role(current_user, 'rds_replication', 'MEMBER')", true)
                        .isEmpty()) {
            throw Fault.of(
                    ExitCode.DENIED,
                    "replication-denied",
                    "user \"" + config.user() + "\" may not replicate from " + config,
                    "run there: ALTER ROLE " + quoted(config.user()) + " REPLICATION");
        }
        for (Missing missing : missing(tables)) {
            make(missing);
        }
    }

    @Override
    public List<Missing> missing(Collection<TableId> tables) {
        List<Missing> missing = new ArrayList<>();
        if (query("SELECT 1 WHERE to_regclass('" + HEARTBEAT + "') IS NOT NULL").isEmpty()) {
            missing.add(new Missing(
                    "heartbeat table " + HEARTBEAT,
                    "",
                    "CREATE TABLE IF NOT EXISTS " + HEARTBEAT
                            + " (id text PRIMARY KEY, counter bigint NOT NULL, at timestamptz NOT NULL)"));
        }
        missing.addAll(publication(tables));
        return missing;
    }

    private List<Missing> publication(Collection<TableId> tables) {
        String object = "publication " + config.publication();
        Set<String> wanted = new TreeSet<>();
        wanted.add(HEARTBEAT);
        Set<String> present = new HashSet<>();
        Map<String, String> sql = new LinkedHashMap<>();
        sql.put(HEARTBEAT, HEARTBEAT);
        for (TableId table : tables) {
            wanted.add(table.shortText());
            sql.put(table.shortText(), quoted(table.schema()) + "." + quoted(table.name()));
        }
        boolean exists = query("SELECT 1 FROM pg_publication WHERE pubname = '" + config.publication() + "'")
                .isPresent();
        if (!exists) {
            boolean generated =
                    Integer.parseInt(query("SHOW server_version_num").orElseThrow()) >= GENERATED_COLUMNS_PUBLISHED;
            return List.of(new Missing(
                    object,
                    "",
                    "CREATE PUBLICATION " + config.publication() + " FOR TABLE " + String.join(", ", sql.values())
                            + (generated ? " WITH (publish_generated_columns = stored)" : "")));
        }
        try (Connection connection = sessions.open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT schemaname || '.' || tablename FROM"
                        + " pg_publication_tables WHERE pubname = '" + config.publication() + "'")) {
            while (rows.next()) {
                present.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
        return wanted.stream()
                .filter(table -> !present.contains(table))
                .map(table -> new Missing(
                        object,
                        "table " + table,
                        "ALTER PUBLICATION " + config.publication() + " ADD TABLE " + sql.get(table)))
                .toList();
    }

    private void make(Missing missing) {
        try {
            execute(missing.ddl());
        } catch (SQLException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.DENIED,
                    "source-not-prepared",
                    "user \"" + config.user() + "\" cannot make " + missing.object() + " at " + config + " (SQLSTATE "
                            + e.getSQLState() + ")",
                    "run there as an owner of the tables: " + missing.ddl() + "; and grant what the user needs on it");
        }
    }

    @Override
    public boolean begun() {
        return query("SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + config.slot() + "'")
                .isPresent();
    }

    @Override
    public Optional<String> mark() {
        return Optional.of("replication slot " + config.slot());
    }

    @Override
    public boolean attended() {
        return query("SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + config.slot() + "' AND active")
                .isPresent();
    }

    @Override
    public Optional<Fault> foreign() {
        return begun() ? Optional.of(slotForeign()) : Optional.empty();
    }

    @Override
    public void forget() {
        if (begun()) {
            try {
                execute("SELECT pg_drop_replication_slot('" + config.slot() + "')");
            } catch (SQLException e) {
                throw sessions.fault(e);
            }
        }
    }

    @Override
    public Start start(Instant now) {
        SQLException failure;
        try (Connection replication = sessions.openReplication();
                Statement statement = replication.createStatement();
                ResultSet slot = statement.executeQuery(
                        "CREATE_REPLICATION_SLOT " + quoted(config.slot()) + " LOGICAL pgoutput EXPORT_SNAPSHOT")) {
            slot.next();
            long lsn = lsn(slot.getString("consistent_point"));
            // The exported snapshot lives as long as nothing else happens on the replication connection, and as the
            // transaction that imported it.
            Connection connection = transaction("SET TRANSACTION SNAPSHOT '" + slot.getString("snapshot_name") + "'");
            Boundary boundary = format.boundary(lsn, 0, now);
            return new Start(boundary, new LoadSnapshot(connection, boundary.position(), now));
        } catch (SQLException e) {
            failure = e;
        }
        if ("42710".equals(failure.getSQLState())) {
            throw slotForeign();
        }
        throw sessions.fault(failure);
    }

    /** The slot is there although no run of this pipeline made it. */
    private Fault slotForeign() {
        return Fault.of(
                ExitCode.CONFLICT,
                "slot-foreign",
                "replication slot \"" + config.slot() + "\" exists at " + config + " and is not of this pipeline",
                "name another slot in sources[].postgres.slot, or drop it: SELECT pg_drop_replication_slot('"
                        + config.slot() + "')");
    }

    @Override
    public LoadSnapshot snapshot(SourcePosition stamp, Instant now) {
        try {
            return new LoadSnapshot(transaction("SELECT txid_current_snapshot()"), stamp, now);
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    @Override
    public LoadSnapshot another(LoadSnapshot first) {
        try (Statement statement = first.connection().createStatement();
                ResultSet exported = statement.executeQuery("SELECT pg_export_snapshot()")) {
            exported.next();
            return new LoadSnapshot(
                    transaction("SET TRANSACTION SNAPSHOT '" + exported.getString(1) + "'"),
                    first.stamp(),
                    first.takenAt());
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    @Override
    public SourcePosition end() {
        long lsn = lsn(query("SELECT pg_current_wal_insert_lsn()::text").orElseThrow());
        return SourcePosition.postgres(new SourceId(config.name()), lsn, 0);
    }

    /**
     * Every transaction that is in the log by now has a smaller id than one that begins now. A snapshot whose xmin is
     * not before that one sees all of them; so it waits for whatever writes now to end.
     */
    @Override
    public Horizon horizon(Boundary boundary) {
        long next = Long.parseLong(query("SELECT txid_current()::text").orElseThrow());
        return now -> {
            try {
                Connection connection = transaction("SELECT txid_current_snapshot()");
                if (sees(connection, next)) {
                    return Optional.of(new LoadSnapshot(connection, boundary.position(), now));
                }
                connection.close();
                return Optional.empty();
            } catch (SQLException e) {
                throw sessions.fault(e);
            }
        };
    }

    private static boolean sees(Connection connection, long next) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT txid_snapshot_xmin(txid_current_snapshot()) >= " + next)) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The snapshot first, then the end of the log: what the one sees is before the other. */
    @Override
    public String cut(LoadSnapshot snapshot) throws SQLException {
        try (Statement statement = snapshot.connection().createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT txid_current_snapshot()::text, pg_current_wal_insert_lsn()::text")) {
            row.next();
            return row.getString(1) + " " + row.getString(2);
        }
    }

    private Connection transaction(String first) throws SQLException {
        Connection connection = sessions.open();
        try {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
                statement.execute(first);
                // a load that is held leaves it alone for as long as people want
                statement.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void gate(Boundary boundary) {
        long from = PostgresLogFormat.lsn(boundary);
        long now = lsn(query("SELECT pg_current_wal_lsn()::text").orElseThrow());
        if (Long.compareUnsigned(now, from) < 0) {
            throw gap(
                    "source-went-back",
                    "the log of " + config + " ends at " + SourcePosition.lsn(now) + ", before the boundary "
                            + SourcePosition.lsn(from));
        }
        try (Connection connection = sessions.open();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT plugin, database = current_database(),"
                                + " coalesce(wal_status, 'lost'), confirmed_flush_lsn::text"
                                + " FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, config.slot());
            try (ResultSet slot = statement.executeQuery()) {
                if (!slot.next()) {
                    throw gap("slot-missing", "replication slot \"" + config.slot() + "\" is gone from " + config);
                }
                if (!"pgoutput".equals(slot.getString(1)) || !slot.getBoolean(2)) {
                    throw slotForeign();
                }
                String status = slot.getString(3);
                if (status.equals("lost") || status.equals("unreserved")) {
                    throw gap(
                            "slot-lost",
                            "replication slot \"" + config.slot() + "\" of " + config + " is " + status
                                    + ": the server no longer keeps its log");
                }
                String confirmed = slot.getString(4);
                if (confirmed == null || Long.compareUnsigned(lsn(confirmed), from) > 0) {
                    throw gap(
                            "slot-ahead",
                            "replication slot \"" + config.slot() + "\" of " + config + " starts at " + confirmed
                                    + ", after the boundary " + SourcePosition.lsn(from));
                }
            }
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    private static Fault gap(String code, String fact) {
        return Fault.of(
                ExitCode.CONFLICT,
                code,
                fact,
                "changes are missing that no log can give back: load the source again under a new pipeline name");
    }

    @Override
    public RowReader rows() {
        return new PostgresRowReader(config);
    }

    @Override
    public Map<String, String> properties(Collection<TableId> tables) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("connector.class", PostgresTextConnector.class.getName());
        properties.put("database.dbname", config.database());
        properties.put(
                "database.sslmode",
                switch (config.tls()) {
                    case DISABLED -> "disable";
                    case REQUIRED -> "require";
                    case VERIFY_CA -> "verify-ca";
                    case VERIFY_FULL -> "verify-full";
                });
        if (!config.caFile().isEmpty()) {
            properties.put("database.sslrootcert", config.caFile());
        }
        properties.put("plugin.name", "pgoutput");
        properties.put("slot.name", config.slot());
        properties.put("slot.drop.on.stop", "false");
        properties.put("slot.max.retries", "6");
        properties.put("slot.retry.delay.ms", "2000");
        properties.put("publication.name", config.publication());
        properties.put("publication.autocreate.mode", "disabled");
        properties.put("flush.lsn.source", "true");
        properties.put("lsn.flush.timeout.action", "fail");
        properties.put("unavailable.value.placeholder", PostgresLogFormat.UNCHANGED);
        properties.put("status.update.interval.ms", "5000");
        properties.put("include.unknown.datatypes", "true");
        properties.put("table.include.list", EngineProperties.tables(tables, HEARTBEAT));
        return properties;
    }

    @Override
    public void beat(String id) {
        try (Connection connection = sessions.open();
                PreparedStatement statement = connection.prepareStatement("INSERT INTO " + HEARTBEAT
                        + " AS h (id, counter, at) VALUES (?, 1, clock_timestamp())"
                        + " ON CONFLICT (id) DO UPDATE SET counter = h.counter + 1, at = excluded.at")) {
            statement.setString(1, id);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw sessions.fault(e);
        }
    }

    private void require(String setting, String wanted, String hint) {
        String value = query("SELECT current_setting('" + setting + "')").orElse("");
        if (!value.equals(wanted)) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "source-setting",
                    config + ": " + setting + " is " + value + ", not " + wanted,
                    hint);
        }
    }

    private Optional<String> query(String sql) {
        return query(sql, false);
    }

    private Optional<String> query(String sql, boolean failureIsNone) {
        try (Connection connection = sessions.open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
        } catch (SQLException e) {
            if (failureIsNone) {
                return Optional.empty();
            }
            throw sessions.fault(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = sessions.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long lsn(String text) {
        String[] halves = text.split("/");
        return Long.parseLong(halves[0], 16) << 32 | Long.parseLong(halves[1], 16);
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
