package dev.handover.change;

import dev.handover.position.SourcePosition;
import dev.handover.row.TableSchema;
import java.util.function.Function;

/** A record of a change log topic: a change, or a mark. */
public sealed interface SourceEvent permits SourceChange, Mark {
    /** The schema that the record was written under. */
    TableSchema schema();

    /** Where in the source's log. */
    SourcePosition position();

    /** Answers with the function of the case that this is. */
    <R> R foldEvent(Function<? super SourceChange, ? extends R> change, Function<? super Mark, ? extends R> mark);
}
