package dev.handover.capture.engine;

import io.debezium.connector.postgresql.PostgresConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's connector, whose values are PostgreSQL's own text; made by the engine, by its name. */
@SuppressWarnings("unchecked") // of Debezium's own overrides
public final class PostgresTextConnector extends PostgresConnector {
    @Override
    public Class<? extends Task> taskClass() {
        return PostgresTextTask.class;
    }
}
