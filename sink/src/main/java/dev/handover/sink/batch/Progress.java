package dev.handover.sink.batch;

import dev.handover.change.CanonicalMark;
import dev.handover.row.TableSchema;
import java.util.Optional;
import java.util.Set;

/**
 * How far a batch brings one partition.
 *
 * @param nextOffset where reading goes on
 * @param mark the newest mark in the batch, if any: positions move by marks, never by changes
 * @param loaded whether any mark in the batch says that the table's load is behind it
 */
public record Progress(Partition partition, long nextOffset, Optional<CanonicalMark> mark, boolean loaded) {
    /** The same way without the mark of a table whose rows under these schemas cannot be written. */
    public Progress holdingBack(Set<TableSchema> schemas) {
        return mark.filter(known -> schemas.contains(known.schema())).isPresent()
                ? new Progress(partition, nextOffset, Optional.empty(), false)
                : this;
    }

    Progress with(CanonicalMark other) {
        boolean newer =
                mark.map(known -> other.position().isAfter(known.position())).orElse(true);
        return new Progress(partition, nextOffset, newer ? Optional.of(other) : mark, loaded || other.loaded());
    }
}
