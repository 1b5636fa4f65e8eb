package dev.handover.capture;

import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;

/**
 * One source database: where it is, how to log in, and what of it to take. Its text form hides the password.
 *
 * @param name the source's name in the pipeline; the database part of its tables' names
 * @param database the PostgreSQL database to connect to; for MariaDB and MySQL the schema that is taken where the
 *     selection names none
 * @param tls how the connection is protected
 * @param caFile the authority to trust, in PEM; empty for the system's own
 * @param slot PostgreSQL: the replication slot, ours alone
 * @param publication PostgreSQL: the publication, ours alone
 * @param serverId MariaDB and MySQL: the number under which we read the log; unique among the server's replicas
 * @param epoch MariaDB and MySQL: raised by an operator when the source fails over to a server that numbers its log
 *     files differently
 * @param zone the zone of the source's local times; for mappings, never applied to values here
 * @param selection which tables
 * @param debezium further properties of the connector, applied under the ones that Handover needs
 */
public record SourceConfig(
        String name,
        SourceEngine engine,
        String host,
        int port,
        String database,
        String user,
        String password,
        Tls tls,
        String caFile,
        String slot,
        String publication,
        int serverId,
        int epoch,
        ZoneId zone,
        TableSelection selection,
        Map<String, String> debezium) {
    private static final int PORT_MAX = 65_535;

    /** How a connection to a source is protected. */
    public enum Tls {
        /** Not at all. */
        DISABLED,
        /** Encrypted; the server's certificate is not checked. */
        REQUIRED,
        /** Encrypted, by a server that the authority vouches for. */
        VERIFY_CA,
        /** As {@link #VERIFY_CA}, and the certificate names the host. */
        VERIFY_FULL
    }

    public SourceConfig {
        requireText(name, "name");
        Objects.requireNonNull(engine, "engine");
        requireText(host, "host");
        requireText(database, "database");
        requireText(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(caFile, "caFile");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(selection, "selection");
        debezium = Map.copyOf(debezium);
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("source \"" + name + "\": a port is 1 to 65535, not " + port);
        }
        if (epoch < 0) {
            throw new IllegalArgumentException("source \"" + name + "\": an epoch is not negative");
        }
        if (engine == SourceEngine.POSTGRESQL) {
            requireIdentifier(slot, "slot");
            requireIdentifier(publication, "publication");
        }
        if (engine.binlog() && serverId < 1) {
            throw new IllegalArgumentException("source \"" + name + "\": serverId is at least 1");
        }
    }

    private static void requireText(String text, String field) {
        if (Objects.requireNonNull(text, field).isBlank()) {
            throw new IllegalArgumentException("a source's " + field + " is not blank");
        }
    }

    private static void requireIdentifier(String text, String field) {
        if (!Objects.requireNonNull(text, field).matches("[a-z_][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("a source's " + field
                    + " has at most 63 lower case letters, digits and underscores: \"" + text + "\"");
        }
    }

    @Override
    public String toString() {
        return "source " + name + " (" + engine + " at " + host + ":" + port + "/" + database + ")";
    }
}
