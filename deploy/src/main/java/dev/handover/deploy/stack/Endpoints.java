package dev.handover.deploy.stack;

import java.net.URI;
import java.util.Optional;

/**
 * Where the servers of a running stack can be reached. Asking for one that the stack was not started with is a mistake
 * of the caller and throws.
 */
public final class Endpoints {
    /**
     * A database server.
     *
     * @param host always loopback
     * @param database the database made for the pipeline
     * @param user a superuser
     */
    public record Postgres(String host, int port, String database, String user, Password password) {
        public String jdbcUrl() {
            return "jdbc:postgresql://" + host + ":" + port + "/" + database;
        }
    }

    /**
     * A database server with two users.
     *
     * @param host always loopback
     * @param admin may do everything
     * @param replication may read every table and the binary log
     */
    public record MariaDb(String host, int port, Login admin, Login replication) {
        /** Without a database: the caller creates its own. */
        public String jdbcUrl() {
            return "jdbc:mariadb://" + host + ":" + port + "/";
        }
    }

    /** A user of a database server. */
    public record Login(String user, Password password) {}

    /** A broker. */
    public record Kafka(String bootstrap) {}

    /**
     * A schema registry.
     *
     * @param url the base of Confluent's REST API, without a slash at its end
     */
    public record Registry(URI url) {}

    /**
     * An S3 object store. It wants path-style addresses.
     *
     * @param bucket a bucket that exists
     */
    public record Objects(URI url, String region, String bucket, String accessKey, Password secretKey) {}

    private final Optional<Postgres> source;
    private final Optional<Postgres> target;
    private final Optional<MariaDb> mariadb;
    private final Optional<Kafka> kafka;
    private final Optional<Registry> registry;
    private final Optional<Objects> objects;

    Endpoints(
            Optional<Postgres> source,
            Optional<Postgres> target,
            Optional<MariaDb> mariadb,
            Optional<Kafka> kafka,
            Optional<Registry> registry,
            Optional<Objects> objects) {
        this.source = source;
        this.target = target;
        this.mariadb = mariadb;
        this.kafka = kafka;
        this.registry = registry;
        this.objects = objects;
    }

    public Postgres source() {
        return require(source, Service.SOURCE);
    }

    public Postgres target() {
        return require(target, Service.TARGET);
    }

    public MariaDb mariadb() {
        return require(mariadb, Service.MARIADB);
    }

    public Kafka kafka() {
        return require(kafka, Service.KAFKA);
    }

    public Registry registry() {
        return require(registry, Service.REGISTRY);
    }

    public Objects objects() {
        return require(objects, Service.OBJECTS);
    }

    private static <E> E require(Optional<E> endpoint, Service service) {
        return endpoint.orElseThrow(() -> new IllegalStateException(service + " is not part of this stack"));
    }
}
