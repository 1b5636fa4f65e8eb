package dev.handover.sink.postgres;

import java.sql.SQLException;
import java.util.Set;

/** What PostgreSQL's error codes mean to the sink. Its messages are not looked at: they quote rows. */
final class SqlState {
    private static final Set<String> TRANSIENT = Set.of(
            "40001", // serialization failure
            "40P01", // deadlock
            "53000", // out of resources
            "53100", // disk full
            "53200", // out of memory
            "53300", // too many connections
            "55P03", // lock not available in time
            "57014", // statement timeout
            "57P01", // the server shuts down
            "57P02", // another server process crashed
            "57P03", // cannot connect now
            "57P05", // idle session timeout
            "25P03", // idle in transaction timeout
            "58030"); // input or output failed
    private static final String REPEATED_KEY = "21000";
    private static final String LIMIT_EXCEEDED = "54000";

    private SqlState() {}

    static String of(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "none" : state;
    }

    /** Whether the same work may succeed on a fresh connection. */
    static boolean isTransient(SQLException e) {
        String state = of(e);
        return state.startsWith("08") || TRANSIENT.contains(state);
    }

    /** Whether the server refused what a row holds, rather than the statement. */
    static boolean refusesRow(SQLException e) {
        String state = of(e);
        return state.startsWith("22")
                || state.startsWith("23")
                || state.equals(REPEATED_KEY)
                || state.equals(LIMIT_EXCEEDED);
    }

    /** Whether the server refused the user. */
    static boolean deniesAccess(SQLException e) {
        return of(e).startsWith("28") || of(e).equals("42501");
    }
}
