package dev.handover.change;

import dev.handover.digest.ChunkAccounts;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableSchema;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;

/**
 * Says that a load brought rows of this partition to the target past the log, before any change of the table's stream:
 * rows that nobody could have changed there, because nothing else wrote to the table yet.
 *
 * @param schema of the source table
 * @param position of every row of it; low, as any load's may be
 * @param takenAt when the snapshot was taken that they were read from
 */
public record SourceChunk(TableSchema schema, SourcePosition position, Instant takenAt, ChunkAccounts accounts)
        implements SourceEvent {
    public SourceChunk {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(takenAt, "takenAt");
        Objects.requireNonNull(accounts, "accounts");
    }

    @Override
    public <R> R foldEvent(
            Function<? super SourceChange, ? extends R> change,
            Function<? super Mark, ? extends R> mark,
            Function<? super SourceChunk, ? extends R> chunk) {
        return chunk.apply(this);
    }
}
