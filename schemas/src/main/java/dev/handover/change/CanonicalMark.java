package dev.handover.change;

import dev.handover.position.SourcePosition;
import dev.handover.row.TableSchema;
import java.util.Objects;
import java.util.function.Function;

/** A {@link Mark} that the transform has passed, with the schema of the target table. */
public record CanonicalMark(TableSchema schema, SourcePosition position, boolean loaded, Provenance provenance)
        implements CanonicalEvent {
    public CanonicalMark {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(provenance, "provenance");
    }

    @Override
    public <R> R foldEvent(
            Function<? super CanonicalChange, ? extends R> change,
            Function<? super CanonicalMark, ? extends R> mark,
            Function<? super CanonicalChunk, ? extends R> chunk) {
        return mark.apply(this);
    }
}
