package dev.handover.change;

import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import java.util.Objects;
import java.util.function.Function;

/** One committed change to one row of a source, as its log or a scan told it. */
public sealed interface SourceChange extends SourceEvent {
    /** The row that this change is about. */
    RowKey key();

    /** Where it came from. */
    Lineage lineage();

    /** Answers with the function of the case that this is. */
    <R> R fold(Function<? super Upsert, ? extends R> upsert, Function<? super Delete, ? extends R> delete);

    @Override
    default <R> R foldEvent(
            Function<? super SourceChange, ? extends R> change,
            Function<? super Mark, ? extends R> mark,
            Function<? super SourceChunk, ? extends R> chunk) {
        return change.apply(this);
    }

    /** The row exists, with these cells; a cell may be unchanged. */
    record Upsert(RowKey key, SourcePosition position, Lineage lineage, Row after) implements SourceChange {
        public Upsert {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(position, "position");
            Objects.requireNonNull(lineage, "lineage");
            Objects.requireNonNull(after, "after");
        }

        @Override
        public TableSchema schema() {
            return after.schema();
        }

        @Override
        public <R> R fold(Function<? super Upsert, ? extends R> upsert, Function<? super Delete, ? extends R> delete) {
            return upsert.apply(this);
        }
    }

    /** The row no longer exists. */
    record Delete(TableSchema schema, RowKey key, SourcePosition position, Lineage lineage) implements SourceChange {
        public Delete {
            Objects.requireNonNull(schema, "schema");
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(position, "position");
            Objects.requireNonNull(lineage, "lineage");
        }

        @Override
        public <R> R fold(Function<? super Upsert, ? extends R> upsert, Function<? super Delete, ? extends R> delete) {
            return delete.apply(this);
        }
    }
}
