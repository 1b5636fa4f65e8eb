package dev.handover.deploy.stack;

import java.util.Locale;

/** The servers of the stack, in the order in which they are started. */
public enum Service {
    /** The broker comes first: its start takes longest. */
    KAFKA,
    /** The legacy database when it is a PostgreSQL. */
    SOURCE,
    REGISTRY,
    /** The cloud database. */
    TARGET,
    OBJECTS,
    /** The legacy database when it is a MariaDB; 149 MB to fetch, so only when asked for. */
    MARIADB;

    /** The name of the server's directory and log file. */
    public String directory() {
        return name().toLowerCase(Locale.ROOT);
    }
}
