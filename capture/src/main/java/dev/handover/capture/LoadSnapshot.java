package dev.handover.capture;

import dev.handover.position.SourcePosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * An open snapshot of a source.
 *
 * @param connection in a read-only transaction that sees the snapshot and nothing later, with the session settings of
 *     {@link SourceSessions}; auto-commit is off. A loader neither commits nor closes it
 * @param stamp the position of every row read under it; may be low, never high
 * @param takenAt when the snapshot was taken, by Handover's clock
 */
public record LoadSnapshot(Connection connection, SourcePosition stamp, Instant takenAt) implements AutoCloseable {
    /** Ends the transaction and closes the connection. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
