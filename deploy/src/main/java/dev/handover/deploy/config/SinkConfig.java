package dev.handover.deploy.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** One database in the cloud. Its place is an address ({@code url}) or host and database, not both. */
public record SinkConfig(
        @Key(value = "Name of the sink within this file", pattern = "[a-z][a-z0-9-]{0,38}")
        String name,

        @Key("What kind of store it is") Kind kind,

        @Key("`jdbc:postgresql://host:port/database`, without user and password")
        Optional<String> url,

        @Key("Host name or address") Optional<String> host,

        @Key(value = "Port; 5432 when absent", min = 1, max = 65535)
        Optional<Integer> port,

        @Key("Database to write") Optional<String> database,
        @Key("User to write as") String user,
        @Key("Password of that user") SecretRef password,
        @Key("Encryption of the connection") TlsConfig tls,

        @Key(
                value = "What one transaction at the target holds: `batch` whatever was read at once, `source` whole"
                        + " transactions of the source, in every table that is loaded, by a single process",
                byDefault = "batch")
        Transactions transactions,

        @Key("Size and pace of writes") Write write) {

    private static final DataSize HELD_MIN = new DataSize(1 << 20);
    private static final Duration MARK_MIN = Duration.ofMillis(50);
    private static final Duration MARK_MAX = Duration.ofMinutes(1);
    private static final String JDBC = "jdbc:postgresql://";

    /** Refuses a place that is given twice, by half, or with a password in it. */
    public SinkConfig {
        boolean parts = Stream.of(host, port, database).anyMatch(Optional::isPresent);
        if (url.isPresent() && parts) {
            throw new Invalid("url", "the place is given twice", "give url, or host and database, not both");
        }
        if (url.isEmpty() && (host.isEmpty() || database.isEmpty())) {
            throw new Invalid("", "the place is missing", "give url, or host and database");
        }
        url.ifPresent(SinkConfig::requirePlain);
    }

    /** The address to connect to, without user, password or encryption. */
    public String jdbcUrl() {
        return url.orElseGet(() -> JDBC + host.orElseThrow() + ":" + port.orElse(5432) + "/" + database.orElseThrow());
    }

    private static void requirePlain(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.contains("@") || lower.contains("password=") || lower.contains("user=")) {
            throw new Invalid("url", "an address can't carry a user or a password", "use the keys user and password");
        }
        if (!lower.startsWith(JDBC) || lower.indexOf('/', JDBC.length()) < 0) {
            throw new Invalid("url", "not an address of PostgreSQL", "write it as " + JDBC + "host:5432/database");
        }
    }

    /** Kinds of stores that can be written. */
    public enum Kind {
        /** PostgreSQL, by guarded batches. */
        POSTGRES
    }

    /** What one transaction at the target holds. */
    public enum Transactions {
        /** Whatever was read at once. */
        BATCH,
        /** Whole transactions of the source. */
        SOURCE
    }

    /** Size and pace of writes. */
    public record Write(
            @Key(value = "Most rows in one transaction", byDefault = "2000", min = 1, max = 100_000)
            int batchRows,

            @Key(value = "Longest wait for a batch to fill", byDefault = "200ms")
            Duration batchTime,

            @Key(
                    value = "Under `transactions: source`, most bytes of records held back; a transaction with more is"
                            + " applied in parts, and the log says so. They take about ten times as much memory",
                    byDefault = "16MiB")
            DataSize heldBytes,

            @Key(
                    value =
                            "Under `transactions: source`, least time between two marks of where transactions end; each is"
                                    + " a record in every partition of every table",
                    byDefault = "250ms")
            Duration markTime) {
        /** Refuses a wait that would stall the consumer group, and marks that are more than the changes. */
        public Write {
            if (batchTime.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new Invalid("batchTime", "batchTime is above one minute", "write it as 200ms");
            }
            if (heldBytes.bytes() < HELD_MIN.bytes()) {
                throw new Invalid("heldBytes", "heldBytes is below 1MiB", "write it as 16MiB");
            }
            if (markTime.compareTo(MARK_MIN) < 0 || markTime.compareTo(MARK_MAX) > 0) {
                throw new Invalid("markTime", "markTime is not between 50 ms and one minute", "write it as 250ms");
            }
        }
    }
}
