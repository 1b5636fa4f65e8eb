package dev.handover.change;

import dev.handover.position.SourcePosition;
import dev.handover.row.TableSchema;
import java.util.function.Function;

/** A record of a change log topic: a change, a mark, or what a chunk of a load brought to the target past the log. */
public sealed interface SourceEvent permits SourceChange, Mark, SourceChunk {
    /** The schema that the record was written under. */
    TableSchema schema();

    /** Where in the source's log. */
    SourcePosition position();

    /** Answers with the function of the case that this is. */
    <R> R foldEvent(
            Function<? super SourceChange, ? extends R> change,
            Function<? super Mark, ? extends R> mark,
            Function<? super SourceChunk, ? extends R> chunk);
}
