package dev.handover.change;

import dev.handover.position.SourcePosition;
import dev.handover.row.TableSchema;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;

/**
 * Says of one partition of one table's topic: every change up to and including this position is before this record.
 * Marks let those downstream know how far they are where nothing happens, and bring the schema of tables that have no
 * rows.
 *
 * @param origin {@code STREAM} for one of a round, which every loaded table that goes on gets in one transaction;
 *     {@code LOAD} for one that tells of its own table where the load stands
 * @param loaded whether the rows of the table's load are before this record too
 * @param committedAt the time of the position by the source's clock, as well as it is known
 */
public record Mark(
        TableSchema schema,
        SourcePosition position,
        Origin origin,
        boolean loaded,
        Instant committedAt,
        Instant capturedAt)
        implements SourceEvent {
    public Mark {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(committedAt, "committedAt");
        Objects.requireNonNull(capturedAt, "capturedAt");
    }

    @Override
    public <R> R foldEvent(
            Function<? super SourceChange, ? extends R> change,
            Function<? super Mark, ? extends R> mark,
            Function<? super SourceChunk, ? extends R> chunk) {
        return mark.apply(this);
    }
}
