package dev.handover.sink.batch;

import dev.handover.change.CanonicalMark;
import java.util.Optional;

/**
 * How far a batch brings one partition.
 *
 * @param nextOffset where reading goes on
 * @param mark the newest mark in the batch, if any: positions move by marks, never by changes
 * @param loaded whether any mark in the batch says that the table's load is behind it
 */
public record Progress(Partition partition, long nextOffset, Optional<CanonicalMark> mark, boolean loaded) {
    Progress with(CanonicalMark other) {
        boolean newer =
                mark.map(known -> other.position().isAfter(known.position())).orElse(true);
        return new Progress(partition, nextOffset, newer ? Optional.of(other) : mark, loaded || other.loaded());
    }
}
