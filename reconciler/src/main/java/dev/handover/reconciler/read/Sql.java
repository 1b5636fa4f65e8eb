package dev.handover.reconciler.read;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.reconciler.rule.Rule;
import dev.handover.row.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /** What a statement answers, as text, or why it has too much to say. */
    static Answer answer(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setMaxRows(Answer.ROWS_MAX + 1);
            try (ResultSet results = statement.executeQuery(sql)) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
                    columns.add(results.getMetaData().getColumnLabel(i));
                }
                List<List<Optional<String>>> rows = new ArrayList<>();
                while (results.next()) {
                    if (rows.size() == Answer.ROWS_MAX) {
                        return new Answer.Refused("answers with more than " + Answer.ROWS_MAX + " rows");
                    }
                    List<Optional<String>> row = new ArrayList<>();
                    for (int i = 1; i <= columns.size(); i++) {
                        row.add(Optional.ofNullable(results.getString(i)));
                    }
                    rows.add(row);
                }
                return new Answer.Answered(new Rule.Table(columns, rows));
            }
        }
    }

    /** Why a statement of a rule has no answer; throws where the database is gone. */
    static Answer refused(String database, SQLException e, Duration longest) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        // PostgreSQL's query_canceled, MariaDB's ER_STATEMENT_TIMEOUT
        if (state.equals("57014") || state.equals("70100") || e.getErrorCode() == 1969) {
            return new Answer.Refused("took longer than " + longest.toMillis() + " ms");
        }
        if (state.startsWith("08") || state.startsWith("57") || state.startsWith("53")) {
            throw fault(database, e);
        }
        return new Answer.Refused("is refused (SQLSTATE " + state + ", code " + e.getErrorCode() + ")");
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
