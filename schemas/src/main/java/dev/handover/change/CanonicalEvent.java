package dev.handover.change;

import dev.handover.position.SourcePosition;
import dev.handover.row.TableSchema;
import java.util.function.Function;

/** A record of a canonical topic: a change to a target row, a mark, or a chunk of a load. */
public sealed interface CanonicalEvent permits CanonicalChange, CanonicalMark, CanonicalChunk {
    /** The schema of the target table. */
    TableSchema schema();

    /** Where in the source's log. */
    SourcePosition position();

    /** Answers with the function of the case that this is. */
    <R> R foldEvent(
            Function<? super CanonicalChange, ? extends R> change,
            Function<? super CanonicalMark, ? extends R> mark,
            Function<? super CanonicalChunk, ? extends R> chunk);
}
