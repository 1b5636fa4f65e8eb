package dev.handover.reconciler;

import dev.handover.digest.Bucket;
import dev.handover.position.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How far each partition of a table is applied; empty for one that is unknown or not loaded. */
record Partitions(List<Optional<SourcePosition>> applied) {
    Partitions {
        applied = List.copyOf(applied);
    }

    static Partitions of(Map<Integer, Optional<SourcePosition>> known, int partitions) {
        List<Optional<SourcePosition>> applied = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            applied.add(known.getOrDefault(i, Optional.empty()));
        }
        return new Partitions(applied);
    }

    /** Of the partition that holds a bucket. */
    Optional<SourcePosition> of(Bucket bucket) {
        return applied.get(bucket.partition(applied.size()));
    }

    /** Whether the load of every partition is complete. */
    boolean loaded() {
        return applied.stream().allMatch(Optional::isPresent);
    }

    /** Whether everything below the position is applied in every partition. */
    boolean reached(SourcePosition high) {
        return applied.stream()
                .allMatch(position -> position.isPresent() && position.get().compareTo(high) >= 0);
    }

    /** The least of all, empty unless all are known. */
    Optional<SourcePosition> least() {
        return loaded() ? applied.stream().flatMap(Optional::stream).min(Comparator.naturalOrder()) : Optional.empty();
    }
}
