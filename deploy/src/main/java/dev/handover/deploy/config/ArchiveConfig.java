package dev.handover.deploy.config;

import java.net.URI;
import java.util.Optional;

/** The bucket of raw values that are not kept beside their rows, and of what loads read. */
public record ArchiveConfig(
        @Key("Address of an S3-compatible store; Amazon's own, by the region, when absent")
        Optional<URI> endpoint,

        @Key("Region of the bucket") String region,
        @Key("Name of the bucket") String bucket,

        @Key(
                value = "What the names of all objects begin with",
                byDefault = "handover",
                pattern = "[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
        String prefix,

        @Key("Access key; found as Amazon's SDK does when absent")
        Optional<SecretRef> accessKey,

        @Key("Secret key of that access key") Optional<SecretRef> secretKey,

        @Key(
                value = "Keeps every row that a load reads as the source said it, beside what is mapped of it",
                byDefault = "true")
        boolean loads) {
    /** Refuses half a pair of keys. */
    public ArchiveConfig {
        if (accessKey.isPresent() != secretKey.isPresent()) {
            throw new Invalid(
                    accessKey.isPresent() ? "accessKey" : "secretKey",
                    "one of two keys is missing",
                    "give accessKey and secretKey, or neither");
        }
    }
}
