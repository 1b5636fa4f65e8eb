package dev.handover.capture.engine;

import io.debezium.connector.mariadb.MariaDbConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's connector, whose values are the text that MariaDB prints; made by the engine, by its name. */
@SuppressWarnings("unchecked") // of Debezium's own overrides
public final class MariaDbTextConnector extends MariaDbConnector {
    @Override
    public Class<? extends Task> taskClass() {
        return MariaDbTextTask.class;
    }
}
