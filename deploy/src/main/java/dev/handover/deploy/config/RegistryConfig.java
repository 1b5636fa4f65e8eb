package dev.handover.deploy.config;

import java.net.URI;

/** The schema registry: any that speaks Confluent's API. */
public record RegistryConfig(
        @Key("Address of the registry's API") URI url,

        @Key(value = "Which schema changes the registry lets pass", byDefault = "BACKWARD_TRANSITIVE")
        Compatibility compatibility) {

    /** Refuses an address that is not HTTP or that carries a password. */
    public RegistryConfig {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new Invalid("url", "not an http address", "write it as http://registry.example:8081");
        }
        if (url.getRawUserInfo() != null) {
            throw new Invalid("url", "an address can't carry a user or a password", "remove what is before the @");
        }
    }

    /** Rules that refuse a schema which older or newer readers could not read. */
    public enum Compatibility implements Spelled {
        /** New readers read everything ever written. */
        BACKWARD_TRANSITIVE,
        /** New readers read everything ever written, and all old readers read what is written now. */
        FULL_TRANSITIVE;

        @Override
        public String spelling() {
            return name();
        }
    }
}
