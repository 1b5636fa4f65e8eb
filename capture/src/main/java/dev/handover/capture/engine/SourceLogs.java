package dev.handover.capture.engine;

import dev.handover.capture.SourceConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;

/** The log of a configured source. */
public final class SourceLogs {
    private SourceLogs() {}

    /** @throws Fault {@code engine-unsupported} */
    public static SourceLog of(SourceConfig config) {
        return switch (config.engine()) {
            case POSTGRESQL -> new PostgresLog(config);
            case MARIADB -> new MariaDbLog(config);
            case MYSQL, SQL_SERVER, ORACLE ->
                throw Fault.of(
                        ExitCode.USAGE,
                        "engine-unsupported",
                        config + ": " + config.engine().text() + " cannot be captured by this build",
                        "capture from PostgreSQL or MariaDB; the connector "
                                + config.engine().connectorClass() + " was never run here and is not part of it");
        };
    }
}
