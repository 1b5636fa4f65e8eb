package dev.handover.capture.load;

import dev.handover.capture.ChunkReader;
import dev.handover.capture.Loader;
import dev.handover.capture.SourceConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.util.Optional;

/** The loader that fits a source. */
public final class Loaders {
    private Loaders() {}

    /** What cuts the tables of a source into chunks; empty where each is read as a whole. */
    public static Optional<ChunkReader> chunks(Loader loader) {
        return loader instanceof ChunkReader chunks ? Optional.of(chunks) : Optional.empty();
    }

    /** @throws Fault {@code engine-unsupported} */
    public static Loader of(SourceConfig config) {
        return switch (config.engine()) {
            case POSTGRESQL -> new PostgresLoader(config);
            case MARIADB, MYSQL -> new MariaDbLoader(config);
            case SQL_SERVER, ORACLE ->
                throw Fault.of(
                        ExitCode.USAGE,
                        "engine-unsupported",
                        config + ": " + config.engine().text() + " cannot be loaded by this build",
                        "take a build that brings the driver of "
                                + config.engine().text());
        };
    }
}
