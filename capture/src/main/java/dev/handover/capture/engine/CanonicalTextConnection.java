package dev.handover.capture.engine;

import dev.handover.capture.SourceSessions;
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.PostgresReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.debezium.connector.postgresql.spi.SlotCreationResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A replication connection whose session prints values in their canonical text. A connection that was made anew between
 * the settings and the stream would print otherwise, so that is refused.
 */
final class CanonicalTextConnection implements ReplicationConnection {
    private final PostgresReplicationConnection connection;

    CanonicalTextConnection(PostgresReplicationConnection connection) {
        this.connection = connection;
    }

    private interface Start {
        ReplicationStream stream() throws SQLException, InterruptedException;
    }

    private ReplicationStream canonically(Start start) throws SQLException, InterruptedException {
        connection.initConnection();
        connection.execute(SourceSessions.POSTGRES_OUTPUT.toArray(new String[0]));
        Connection told = connection.connection(false);
        ReplicationStream stream = start.stream();
        if (connection.connection(false) != told) {
            throw new SQLException("the replication connection was made anew while the stream started");
        }
        return stream;
    }

    @Override
    public ReplicationStream startStreaming(WalPositionLocator position) throws SQLException, InterruptedException {
        return canonically(() -> connection.startStreaming(position));
    }

    @Override
    public ReplicationStream startStreaming(Lsn offset, WalPositionLocator position)
            throws SQLException, InterruptedException {
        return canonically(() -> connection.startStreaming(offset, position));
    }

    @Override
    public Optional<SlotCreationResult> createReplicationSlot() throws SQLException {
        throw new SQLException("the slot is made before the engine starts, never by it");
    }

    @Override
    public void initConnection() throws SQLException, InterruptedException {
        connection.initConnection();
    }

    @Override
    public boolean isConnected() throws SQLException {
        return connection.isConnected();
    }

    @Override
    public void reconnect() throws SQLException {
        connection.reconnect();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
