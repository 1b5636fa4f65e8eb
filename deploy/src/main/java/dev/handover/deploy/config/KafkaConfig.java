package dev.handover.deploy.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The Kafka cluster and how Handover's topics are made. */
public record KafkaConfig(
        @Key(value = "Brokers to begin with", atLeast = 1, pattern = "[^\\s:,/]+:[0-9]{1,5}")
        List<String> bootstrap,

        @Key("How clients prove who they are and encrypt") Security security,
        @Key("How topics are named and made") Topics topics,

        @Key(
                value = "Further client settings under Kafka's own names; what delivery depends on is refused here",
                asWritten = true)
        Map<String, String> client) {

    /**
     * Client settings that exactly-once delivery, order or identity depend on, or that have a key of their own.
     * Handover sets them itself.
     */
    public static final Set<String> REQUIRED = Set.of(
            "acks",
            "auto.offset.reset",
            "bootstrap.servers",
            "client.id",
            "enable.auto.commit",
            "enable.idempotence",
            "group.id",
            "group.instance.id",
            "isolation.level",
            "key.deserializer",
            "key.serializer",
            "max.in.flight.requests.per.connection",
            "processing.guarantee",
            "retries",
            "sasl.jaas.config",
            "sasl.mechanism",
            "security.protocol",
            "ssl.key.password",
            "ssl.keystore.location",
            "ssl.keystore.password",
            "ssl.truststore.location",
            "ssl.truststore.password",
            "transactional.id",
            "value.deserializer",
            "value.serializer");

    /** Refuses client settings that Handover sets itself. */
    public KafkaConfig {
        bootstrap = List.copyOf(bootstrap);
        client = Map.copyOf(client);
        for (String setting : client.keySet()) {
            if (REQUIRED.contains(setting)) {
                throw new Invalid(
                        "client." + setting,
                        "client setting '" + setting + "' is set by Handover",
                        "remove it; addresses, certificates and passwords have keys of their own under kafka");
            }
        }
    }

    /**
     * Settings that every client shares: the free ones below those that have keys of their own. A role puts what it
     * requires on top.
     *
     * @param secrets resolves references
     */
    public Map<String, String> clientProperties(Secrets secrets) {
        Map<String, String> properties = new HashMap<>(client);
        properties.put("bootstrap.servers", String.join(",", bootstrap));
        properties.put("security.protocol", security.protocol().name());
        store("ssl.truststore", security.truststore(), security.truststorePassword(), secrets, properties);
        store("ssl.keystore", security.keystore(), security.keystorePassword(), secrets, properties);
        if (security.protocol().authenticates()) {
            String module = security.mechanism().equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
            properties.put("sasl.mechanism", security.mechanism());
            properties.put(
                    "sasl.jaas.config",
                    "org.apache.kafka.common.security." + module + " required username="
                            + quoted(security.user().orElseThrow()) + " password="
                            + quoted(secrets.resolve(security.password().orElseThrow())
                                    .reveal()) + ";");
        }
        return properties;
    }

    private static void store(
            String prefix,
            Optional<String> place,
            Optional<SecretRef> password,
            Secrets secrets,
            Map<String, String> properties) {
        place.ifPresent(file -> {
            properties.put(prefix + ".location", file);
            properties.put(prefix + ".type", file.endsWith(".pem") ? "PEM" : "PKCS12");
        });
        password.ifPresent(reference ->
                properties.put(prefix + ".password", secrets.resolve(reference).reveal()));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** How clients talk to brokers. */
    public enum Protocol implements Spelled {
        /** Neither encrypted nor authenticated. */
        PLAINTEXT,
        /** TLS, with client certificates when there is a keystore. */
        SSL,
        /** Name and password, not encrypted. */
        SASL_PLAINTEXT,
        /** Name and password over TLS. */
        SASL_SSL;

        @Override
        public String spelling() {
            return name();
        }

        /** Whether a name and a password are sent. */
        public boolean authenticates() {
            return this == SASL_PLAINTEXT || this == SASL_SSL;
        }
    }

    /** How clients prove who they are. */
    public record Security(
            @Key(value = "Protocol of all brokers", byDefault = "PLAINTEXT")
            Protocol protocol,

            @Key("PEM or PKCS12 file of authorities to trust")
            Optional<String> truststore,

            @Key("Password of the truststore") Optional<SecretRef> truststorePassword,

            @Key("PKCS12 file with the client's certificate")
            Optional<String> keystore,

            @Key("Password of the keystore") Optional<SecretRef> keystorePassword,

            @Key(value = "SASL mechanism", byDefault = "SCRAM-SHA-512", pattern = "PLAIN|SCRAM-SHA-256|SCRAM-SHA-512")
            String mechanism,

            @Key("SASL user") Optional<String> user,
            @Key("SASL password") Optional<SecretRef> password) {
        /** Refuses a protocol without what it needs. */
        public Security {
            if (protocol.authenticates() && (user.isEmpty() || password.isEmpty())) {
                throw new Invalid(
                        "protocol", protocol + " needs a user and a password", "add user and password under security");
            }
        }
    }

    /** How topics are named and made. */
    public record Topics(
            @Key(
                    value = "What every topic's name begins with; the pipeline's name when absent",
                    pattern = "[a-zA-Z0-9._-]{1,100}")
            Optional<String> prefix,

            @Key(
                    value = "Partitions of each change topic; can't be changed later",
                    byDefault = "12",
                    min = 1,
                    max = 1024)
            int partitions,

            @Key(value = "Copies of each partition", byDefault = "3", min = 1, max = 9)
            int replication,

            @Key(
                    value = "Copies that must have a record before it counts as written",
                    byDefault = "2",
                    min = 1,
                    max = 9)
            int minInsync,

            @Key(value = "How long change topics keep their records", byDefault = "7d")
            Duration retention) {
        /** Refuses what can never be in sync. */
        public Topics {
            if (minInsync > replication) {
                throw new Invalid(
                        "minInsync",
                        "minInsync " + minInsync + " is above replication " + replication,
                        "no write could ever succeed; lower minInsync or raise replication");
            }
            if (retention.toMinutes() < 1) {
                throw new Invalid("retention", "retention is below one minute", "write it as 7d");
            }
        }
    }
}
