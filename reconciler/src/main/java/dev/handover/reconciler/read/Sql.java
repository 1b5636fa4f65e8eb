package dev.handover.reconciler.read;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.row.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Short ways of saying common things in JDBC, and what an exception of a driver becomes. */
final class Sql {
    private Sql() {}

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String quoted(TableId table) {
        return quoted(table.schema()) + "." + quoted(table.name());
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The single text that a query answers with. */
    static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            results.next();
            String text = results.getString(1);
            return text == null ? "" : text;
        }
    }

    /** A statement with texts in its places. */
    @SuppressWarnings("MustBeClosedChecker")
    static PreparedStatement prepared(Connection connection, String sql, String... texts) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < texts.length; i++) {
            statement.setString(i + 1, texts[i]);
        }
        return statement;
    }

    /** What the failure of a database means. The driver's own message may quote a row, and stays inside. */
    static Fault fault(String database, SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.startsWith("28") || state.equals("42501")) {
            return Fault.causedBy(
                    e,
                    ExitCode.DENIED,
                    "recon-denied",
                    database + " refused the reconciler (SQLSTATE " + state + ")",
                    "Check the user and the password, and grant SELECT on every table of the pipeline.");
        }
        if (state.startsWith("08") || state.startsWith("57") || state.startsWith("53")) {
            return Fault.causedBy(
                    e,
                    ExitCode.UNREACHABLE,
                    "recon-unreachable",
                    database + " is unreachable (SQLSTATE " + state + ")",
                    "Check that the server runs and can be reached, then run the reconciliation again.");
        }
        return Fault.causedBy(
                e,
                ExitCode.FAILED,
                "recon-query-failed",
                database + " refused a query of the reconciler (SQLSTATE " + state + ", code " + e.getErrorCode() + ")",
                "A table may have been altered while it was compared: run the reconciliation again.");
    }
}
