package dev.handover.deploy.config;

import java.util.Optional;

/** Encryption of a database connection. */
public record TlsConfig(
        @Key(value = "How much of the server's certificate is checked", byDefault = "verify-full")
        Mode mode,

        @Key("PEM file of the authorities to trust; the system's when absent")
        Optional<String> ca) {

    /** How much is checked. The words are PostgreSQL's. */
    public enum Mode {
        /** Not encrypted. */
        DISABLE,
        /** Encrypted, nobody checked: no protection from someone in the middle. */
        REQUIRE,
        /** Encrypted, certificate checked. */
        VERIFY_CA,
        /** Encrypted, certificate and host name checked. */
        VERIFY_FULL
    }
}
