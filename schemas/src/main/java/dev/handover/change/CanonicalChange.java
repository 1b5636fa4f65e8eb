package dev.handover.change;

import dev.handover.digest.BucketState;
import dev.handover.digest.Fingerprint;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * One change to one row of the target, ready to be applied under the guard {@code (position, mapping version)}. It
 * carries the state of its bucket after it, so that whoever applies it can tell that none before it was lost.
 */
public sealed interface CanonicalChange extends CanonicalEvent {
    RowKey key();

    Provenance provenance();

    /** The state of the row's bucket after this change. */
    BucketState bucket();

    /** Answers with the function of the case that this is. */
    <R> R fold(Function<? super Upsert, ? extends R> upsert, Function<? super Delete, ? extends R> delete);

    @Override
    default <R> R foldEvent(
            Function<? super CanonicalChange, ? extends R> change,
            Function<? super CanonicalMark, ? extends R> mark,
            Function<? super CanonicalChunk, ? extends R> chunk) {
        return change.apply(this);
    }

    /**
     * The target row is this.
     *
     * @param raw by source column, the source's canonical text of every value that the row does not give back; SQL's
     *     null is not kept
     * @param findings what the mapping did not understand in it, or changed in meaning; none where the change is stale
     */
    record Upsert(
            RowKey key,
            SourcePosition position,
            Provenance provenance,
            BucketState bucket,
            Row row,
            Fingerprint fingerprint,
            Map<String, String> raw,
            List<Finding> findings)
            implements CanonicalChange {
        public Upsert {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(position, "position");
            Objects.requireNonNull(provenance, "provenance");
            Objects.requireNonNull(bucket, "bucket");
            Objects.requireNonNull(row, "row");
            Objects.requireNonNull(fingerprint, "fingerprint");
            raw = Map.copyOf(raw);
            findings = List.copyOf(findings);
            if (!row.complete()) {
                throw new IllegalArgumentException("a row of " + row.schema().table() + " is incomplete");
            }
        }

        @Override
        public TableSchema schema() {
            return row.schema();
        }

        @Override
        public <R> R fold(Function<? super Upsert, ? extends R> upsert, Function<? super Delete, ? extends R> delete) {
            return upsert.apply(this);
        }
    }

    /**
     * The target row does not exist; its position is kept, so that no older change can bring it back.
     *
     * @param rule the rule of the mapping that leaves the row out; empty where the source deleted it
     */
    record Delete(
            TableSchema schema,
            RowKey key,
            SourcePosition position,
            Provenance provenance,
            BucketState bucket,
            String rule)
            implements CanonicalChange {
        public Delete {
            Objects.requireNonNull(schema, "schema");
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(position, "position");
            Objects.requireNonNull(provenance, "provenance");
            Objects.requireNonNull(bucket, "bucket");
            Objects.requireNonNull(rule, "rule");
        }

        @Override
        public <R> R fold(Function<? super Upsert, ? extends R> upsert, Function<? super Delete, ? extends R> delete) {
            return delete.apply(this);
        }
    }
}
