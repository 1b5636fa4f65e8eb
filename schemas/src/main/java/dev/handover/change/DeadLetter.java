package dev.handover.change;

import dev.handover.change.Outcome.Rejection;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A record that could not go on, with its original bytes and what was decided about it. Only the bytes hold values;
 * every text is safe to print.
 *
 * @param at the record's place in the topic that it is to be replayed to
 * @param key the original key's bytes, where there were any
 * @param value the original value's bytes, where there were any
 * @param table {@code database.schema.table} of the source, or empty where it could not be told
 * @param target {@code schema.table} of the target that the record was meant for, or empty where it could not be told
 * @param position the position as {@link dev.handover.position.SourcePosition#text()}, or empty
 * @param mappingVersion of the mapping that rejected it, 0 where none was asked
 */
public record DeadLetter(
        Stage stage,
        Rejection rejection,
        LogCoordinates at,
        Optional<byte[]> key,
        Optional<byte[]> value,
        String table,
        String target,
        String position,
        int mappingVersion,
        Instant rejectedAt) {
    public DeadLetter {
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(rejection, "rejection");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(rejectedAt, "rejectedAt");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeadLetter that
                && stage == that.stage
                && rejection.equals(that.rejection)
                && at.equals(that.at)
                && Arrays.equals(key.orElse(null), that.key.orElse(null))
                && Arrays.equals(value.orElse(null), that.value.orElse(null))
                && table.equals(that.table)
                && target.equals(that.target)
                && position.equals(that.position)
                && mappingVersion == that.mappingVersion
                && rejectedAt.equals(that.rejectedAt);
    }

    @Override
    public int hashCode() {
        return Objects.hash(stage, rejection, at, table, target, position, mappingVersion, rejectedAt);
    }

    @Override
    public String toString() {
        return stage + " " + rejection.reason().code() + " " + at.text();
    }
}
