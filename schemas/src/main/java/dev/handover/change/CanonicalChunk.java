package dev.handover.change;

import dev.handover.digest.BucketState;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * A {@link SourceChunk} that the transform has counted: what the buckets of this partition hold after it. In the
 * sequence of each bucket it is one change.
 *
 * @param schema of the target table
 * @param number of the chunk within its table's load
 * @param rows that it brought to this partition
 * @param buckets each at most once
 */
public record CanonicalChunk(
        TableSchema schema,
        SourcePosition position,
        int number,
        long rows,
        List<BucketState> buckets,
        Provenance provenance)
        implements CanonicalEvent {
    public CanonicalChunk {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(provenance, "provenance");
        buckets = List.copyOf(buckets);
    }

    @Override
    public <R> R foldEvent(
            Function<? super CanonicalChange, ? extends R> change,
            Function<? super CanonicalMark, ? extends R> mark,
            Function<? super CanonicalChunk, ? extends R> chunk) {
        return chunk.apply(this);
    }
}
