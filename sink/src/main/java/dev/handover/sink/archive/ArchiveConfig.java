package dev.handover.sink.archive;

import dev.handover.row.TableId;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Where raw values go that are not kept beside their rows.
 *
 * @param endpoint of an S3-compatible store; empty: Amazon's, by the region
 * @param prefix of the names of all objects, without a slash at its ends
 * @param credentials empty: the environment's, as Amazon's SDK finds them
 * @param tables target tables whose raw values are archived
 */
public record ArchiveConfig(
        Optional<URI> endpoint,
        String region,
        String bucket,
        String prefix,
        Optional<Credentials> credentials,
        Set<TableId> tables) {
    public ArchiveConfig {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(region, "region");
        Objects.requireNonNull(bucket, "bucket");
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(credentials, "credentials");
        tables = Set.copyOf(tables);
    }

    /** A pair of keys; its text form names neither. */
    public record Credentials(String accessKey, String secretKey) {
        public Credentials {
            Objects.requireNonNull(accessKey, "accessKey");
            Objects.requireNonNull(secretKey, "secretKey");
        }

        @Override
        public String toString() {
            return "***";
        }
    }
}
