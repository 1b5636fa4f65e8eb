package dev.handover.transform.state;

import dev.handover.digest.Fingerprint;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.util.Objects;
import java.util.Optional;

/**
 * What is remembered of one key of one target table.
 *
 * @param source the only source table that may write this key
 * @param account what the digest counts; empty where no change of the key went on yet
 * @param image what the source's row was last seen to hold, whether or not that change went on
 */
public record RowState(TableId source, Optional<Account> account, Image image) {
    public RowState {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(image, "image");
    }

    /**
     * The newest change of the key that went on.
     *
     * @param fingerprint of the row as the digest counts it; empty where the row is deleted
     */
    public record Account(SourcePosition position, int mappingVersion, Optional<Fingerprint> fingerprint) {
        public Account {
            Objects.requireNonNull(position, "position");
            Objects.requireNonNull(fingerprint, "fingerprint");
        }

        /** Whether a change under this guard is newer; the same rule as the target's. */
        public boolean isBefore(SourcePosition other, int otherVersion) {
            int order = other.compareTo(position);
            return order > 0 || order == 0 && otherVersion > mappingVersion;
        }
    }
}
