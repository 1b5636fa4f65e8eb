package dev.handover.sink.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** Rolls back on the way out of a failure. */
final class Rollbacks {
    private Rollbacks() {}

    /** What fails here is added to what failed first. */
    static void quietly(Connection connection, Throwable first) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            first.addSuppressed(e);
        }
    }
}
