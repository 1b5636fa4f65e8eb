package dev.handover.deploy.config;

import dev.handover.capture.LoadCondition;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One legacy database. */
public record SourceConfig(
        @Key(value = "Name of the source within this file", pattern = "[a-z][a-z0-9_-]{0,30}")
        String name,

        @Key("What kind of database it is") Kind kind,
        @Key("Host name or address") String host,

        @Key(value = "Port; the usual one of its kind when absent", min = 1, max = 65535)
        Optional<Integer> port,

        @Key("Database to read") String database,
        @Key("User to read as") String user,
        @Key("Password of that user") SecretRef password,
        @Key("Encryption of the connection") TlsConfig tls,
        @Key("Settings of a PostgreSQL source") Postgres postgres,
        @Key("Settings of a MariaDB or MySQL source") Optional<Mariadb> mariadb,
        @Key("How the database understands local time") Clock clock,

        @Key(
                value = "Tables to capture, `schema.table`, `*` stands for any characters; all when empty",
                pattern = "[^\\s.]+\\.[^\\s]+")
        List<String> include,

        @Key(value = "Tables to leave out, after include; each is listed in reports", pattern = "[^\\s.]+\\.[^\\s]+")
        List<String> exclude,

        @Key("The initial load") Load load,

        @Key(
                value = "Whether a second reader of the log compares it with what was captured; PostgreSQL only",
                byDefault = "off")
        Tap tap) {

    /** Refuses settings that belong to another kind of database. */
    public SourceConfig {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        if (kind.readsBinlog() && mariadb.isEmpty()) {
            throw new Invalid(
                    "kind",
                    "a " + kind.word() + " source needs a server id of its own",
                    "add  mariadb: {serverId: 18231}  with a number that no replica of this server uses");
        }
        if (!kind.readsBinlog() && mariadb.isPresent()) {
            throw new Invalid(
                    "mariadb", "mariadb settings on a " + kind.word() + " source", "remove them, or correct the kind");
        }
        if (kind != Kind.POSTGRES && tap == Tap.ON) {
            throw new Invalid(
                    "tap",
                    "a " + kind.word() + " source cannot be tapped",
                    "take  tap: on  out; recon run compares it");
        }
        if (kind != Kind.POSTGRES
                && load.conditions().stream()
                        .anyMatch(condition -> condition.measure() == LoadCondition.Measure.REPLICA_LAG)) {
            throw new Invalid(
                    "load.pauseWhen",
                    "a " + kind.word() + " source does not tell how far its replicas are behind",
                    "take replica_lag out; active_sessions can be asked for");
        }
    }

    /** The port to connect to. */
    public int portOrUsual() {
        return port.orElse(kind.usualPort());
    }

    /** Kinds of databases that can be captured. */
    public enum Kind {
        /** PostgreSQL, read by logical decoding. */
        POSTGRES(5432),
        /** MariaDB, read from its binary log. */
        MARIADB(3306),
        /** MySQL, read from its binary log. */
        MYSQL(3306),
        /** SQL Server, read from its change tables. */
        SQLSERVER(1433),
        /** Oracle, read by LogMiner. */
        ORACLE(1521);

        private final int usualPort;

        Kind(int usualPort) {
            this.usualPort = usualPort;
        }

        /** The port that this kind of database listens on unless told otherwise. */
        public int usualPort() {
            return usualPort;
        }

        /** Whether changes are read from a binary log. */
        public boolean readsBinlog() {
            return this == MARIADB || this == MYSQL;
        }

        /** The word in the file. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a second reader of the log is at work. */
    public enum Tap {
        ON,
        OFF
    }

    /** Settings of a PostgreSQL source. */
    public record Postgres(
            @Key(
                    value = "Publication to read; made by `run` when absent on the server",
                    pattern = "[a-z_][a-z0-9_$]{0,62}")
            Optional<String> publication,

            @Key(
                    value = "Replication slot to read; made by `run` when absent on the server",
                    pattern = "[a-z0-9_]{1,63}")
            Optional<String> slot,

            @Key(value = "How often a heartbeat row is written, which keeps the slot moving", byDefault = "5s")
            Duration heartbeat,

            @Key(value = "Log held back on the source at which `status` warns", byDefault = "40GiB")
            DataSize maxRetainedWal) {

        /** The publication to read: as configured, or made from the names of pipeline and source. */
        public String publicationOf(String pipeline, String source) {
            return publication.orElseGet(() -> identifier(pipeline, source));
        }

        /** The slot to read: as configured, or made from the names of pipeline and source. */
        public String slotOf(String pipeline, String source) {
            return slot.orElseGet(() -> identifier(pipeline, source));
        }

        // two names of at most 40 and 31 characters could pass PostgreSQL's 63; then the configured name is asked for
        private static String identifier(String pipeline, String source) {
            String name = ("handover_" + pipeline + "_" + source).replace('-', '_');
            if (name.length() > 63) {
                throw new Invalid(
                        "slot",
                        "the names of pipeline and source are too long to make a slot's name of",
                        "name postgres.slot and postgres.publication yourself");
            }
            return name;
        }
    }

    /** Settings of a MariaDB or MySQL source. */
    public record Mariadb(
            @Key(value = "Replica id that we appear as; no other replica may have it", min = 1, max = 4294967295L)
            long serverId,

            @Key(value = "Whether the server's global transaction ids are relied on", byDefault = "true")
            boolean gtid,

            @Key(
                    value = "Raised by an operator when the source fails over to a server with another binary log",
                    byDefault = "0")
            int epoch) {}

    /** How the database understands local time. */
    public record Clock(
            @Key(value = "Time zone of date-times that name none", byDefault = "UTC")
            String timezone) {
        /** Refuses an unknown zone. */
        public Clock {
            try {
                ZoneId.of(timezone);
            } catch (DateTimeException unknown) {
                throw (Invalid) new Invalid("timezone", "unknown time zone", "write it as America/New_York or UTC")
                        .initCause(unknown);
            }
        }

        /** The zone itself. */
        public ZoneId zone() {
            return ZoneId.of(timezone);
        }
    }

    /** The initial load. */
    public record Load(
            @Key(value = "Rows fetched from the source at a time", byDefault = "10000", min = 1, max = 1_000_000)
            int fetchRows,

            @Key(value = "Connections that read parts of tables at the same time", byDefault = "2", min = 1, max = 32)
            int maxConnections,

            @Key(
                    value = "Rows of a part of a table of ordinary size; large tables have larger parts",
                    byDefault = "100000",
                    min = 1,
                    max = 1_000_000)
            int chunkRows,

            @Key(
                    value = "Most rows read in a second, by all connections together; 0 for no limit",
                    byDefault = "0",
                    min = 0,
                    max = 10_000_000)
            int maxRowsPerSecond,

            @Key("The load waits while this is true at the source: `active_sessions > N`, `replica_lag > 30s`"
                    + " (PostgreSQL only), several joined by `||`")
            Optional<String> pauseWhen) {
        /** Refuses a condition that is not understood. */
        public Load {
            pauseWhen.ifPresent(PauseWhen::parse);
        }

        /** The conditions under which the load waits. */
        public List<LoadCondition> conditions() {
            return pauseWhen.map(PauseWhen::parse).orElse(List.of());
        }
    }
}
