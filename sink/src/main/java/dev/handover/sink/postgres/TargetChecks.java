package dev.handover.sink.postgres;

import dev.handover.control.ControlSchema;
import dev.handover.fault.Fault;
import dev.handover.sink.postgres.TargetCheck.Severity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Looks at a target before anything depends on it; changes nothing there. */
public final class TargetChecks {
    /** The oldest server that has what is used: generated columns in its catalog, and an inlined CTE. */
    private static final int VERSION_MIN = 120_000;

    private final TargetDatabase target;
    private final Connection connection;
    private final List<TargetCheck> checks = new ArrayList<>();

    private TargetChecks(TargetDatabase target, Connection connection) {
        this.target = target;
        this.connection = connection;
    }

    /** Checks the database, and that tables can be made in these schemas. An unreachable target is an answer too. */
    public static List<TargetCheck> run(TargetDatabase target, Collection<String> schemas) {
        try (Connection connection = target.open()) {
            TargetChecks checks = new TargetChecks(target, connection);
            checks.server();
            checks.privileges(schemas);
            checks.exemption();
            return checks.checks;
        } catch (SQLException e) {
            Fault fault = target.fault(e);
            return List.of(
                    new TargetCheck(Severity.ERROR, "connection", String.valueOf(fault.getMessage()), fault.hint()));
        }
    }

    private void server() throws SQLException {
        checks.add(TargetCheck.ok("connection", target.url() + " answers user \"" + target.user() + "\""));
        int version = Integer.parseInt(text("SHOW server_version_num"));
        String written = text("SHOW server_version");
        checks.add(
                version >= VERSION_MIN
                        ? TargetCheck.ok("version", "PostgreSQL " + written)
                        : new TargetCheck(
                                Severity.ERROR,
                                "version",
                                "PostgreSQL " + written + " is older than 12",
                                "Use a target of PostgreSQL 12 or newer."));
        String encoding = text("SHOW server_encoding");
        checks.add(
                encoding.equals("UTF8")
                        ? TargetCheck.ok("encoding", encoding)
                        : new TargetCheck(
                                Severity.ERROR,
                                "encoding",
                                "the database is encoded in " + encoding + ", which cannot hold every character",
                                "Create the target database with ENCODING 'UTF8' TEMPLATE template0."));
        if (text("SELECT pg_is_in_recovery()").equals("t")) {
            checks.add(new TargetCheck(
                    Severity.ERROR,
                    "role",
                    "the server is a standby, and only reads",
                    "Give the address of the primary."));
        }
    }

    private void privileges(Collection<String> schemas) throws SQLException {
        boolean creates = yes("SELECT has_database_privilege(current_database(), 'CREATE')", "");
        TreeSet<String> wanted = new TreeSet<>(schemas);
        wanted.add(ControlSchema.NAME);
        for (String schema : wanted) {
            boolean exists = yes("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = ?)", schema);
            boolean may = exists ? yes("SELECT has_schema_privilege(?, 'CREATE, USAGE')", schema) : creates;
            String user = Identifiers.quoted(target.user());
            checks.add(
                    may
                            ? TargetCheck.ok("schema " + schema, exists ? "tables can be made in it" : "can be created")
                            : new TargetCheck(
                                    Severity.ERROR,
                                    "schema " + schema,
                                    exists
                                            ? "user " + user + " cannot make tables in it"
                                            : "it does not exist, and user " + user + " cannot create it",
                                    exists
                                            ? "GRANT CREATE, USAGE ON SCHEMA " + Identifiers.quoted(schema) + " TO "
                                                    + user + ";"
                                            : "GRANT CREATE ON DATABASE "
                                                    + Identifiers.quoted(text("SELECT current_database()")) + " TO "
                                                    + user + ";"));
        }
    }

    private void exemption() throws SQLException {
        String user = Identifiers.quoted(target.user());
        checks.add(
                Session.exempted(connection)
                        ? TargetCheck.ok("session_replication_role", "the sink may set it")
                        : new TargetCheck(
                                Severity.WARNING,
                                "session_replication_role",
                                "user " + user + " may not set it: triggers and foreign keys of the target act on every"
                                        + " batch, and constraints must wait until the end of the migration",
                                "On PostgreSQL 15 and newer: GRANT SET ON PARAMETER session_replication_role TO " + user
                                        + "; before: the user must be a superuser, or be granted the provider's"
                                        + " replication role."));
    }

    private String text(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    private boolean yes(String query, String parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            if (!parameter.isEmpty()) {
                statement.setString(1, parameter);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
