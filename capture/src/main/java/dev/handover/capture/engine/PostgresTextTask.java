package dev.handover.capture.engine;

import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.PostgresReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import java.sql.SQLException;
import java.time.Duration;

/** Debezium's task over a replication connection that is told how to print values; made by the connector. */
public final class PostgresTextTask extends PostgresConnectorTask {
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(5);

    @Override
    protected ReplicationConnection buildReplicationConnection(
            PostgresConnection jdbc, PostgresSchema schema, PostgresConnectorConfig config) throws SQLException {
        ReplicationConnection connection = ReplicationConnection.builder(config)
                .withSlot(config.slotName())
                .withPublication(config.publicationName())
                .withTableFilter(config.getTableFilters())
                .withPublicationAutocreateMode(PostgresConnectorConfig.AutoCreateMode.DISABLED)
                .withPlugin(config.plugin())
                .dropSlotOnClose(false)
                .createFailOverSlot(false)
                .streamParams("")
                .statusUpdateInterval(STATUS_INTERVAL)
                .withTypeRegistry(new TextTypes(jdbc))
                .withSchema(schema)
                .jdbcMetadataConnection(jdbc)
                .build();
        if (connection instanceof PostgresReplicationConnection postgres) {
            return new CanonicalTextConnection(postgres);
        }
        throw new IllegalStateException("Debezium's replication connection is of an unknown kind");
    }
}
