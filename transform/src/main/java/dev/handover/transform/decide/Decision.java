package dev.handover.transform.decide;

import dev.handover.change.Outcome;
import dev.handover.digest.Fingerprint;
import dev.handover.mapping.Mapped.MappedRow;
import dev.handover.row.RowKey;
import dev.handover.transform.state.RowState;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What was decided about one change.
 *
 * @param state what to remember of its key from now on; empty where that does not change
 * @param effect what goes on to the target, or why nothing does
 */
public record Decision(Optional<RowState> state, Outcome<Effect> effect) {
    public Decision {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(effect, "effect");
    }

    /** What goes on to the target. */
    public sealed interface Effect {
        /** What it does to its bucket's digest. */
        Shift shift();

        /** Answers with the function of the case that this is. */
        <R> R fold(
                Function<? super Write, ? extends R> write,
                Function<? super Remove, ? extends R> remove,
                Function<? super Nothing, ? extends R> nothing);
    }

    /** The row as the target is to have it. */
    public record Write(MappedRow mapped, Fingerprint fingerprint, Shift shift) implements Effect {
        public Write {
            Objects.requireNonNull(mapped, "mapped");
            Objects.requireNonNull(fingerprint, "fingerprint");
            Objects.requireNonNull(shift, "shift");
        }

        @Override
        public <R> R fold(
                Function<? super Write, ? extends R> write,
                Function<? super Remove, ? extends R> remove,
                Function<? super Nothing, ? extends R> nothing) {
            return write.apply(this);
        }
    }

    /**
     * The row is gone, or a rule leaves it out.
     *
     * @param key as the target has it
     * @param rule empty where the source deleted the row
     */
    public record Remove(RowKey key, String rule, Shift shift) implements Effect {
        public Remove {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(shift, "shift");
        }

        @Override
        public <R> R fold(
                Function<? super Write, ? extends R> write,
                Function<? super Remove, ? extends R> remove,
                Function<? super Nothing, ? extends R> nothing) {
            return remove.apply(this);
        }
    }

    /** A stale change that cannot be told in full: it would have no effect, and must have none. */
    public record Nothing(RowKey key) implements Effect {
        public Nothing {
            Objects.requireNonNull(key, "key");
        }

        @Override
        public Shift shift() {
            return Shift.NONE;
        }

        @Override
        public <R> R fold(
                Function<? super Write, ? extends R> write,
                Function<? super Remove, ? extends R> remove,
                Function<? super Nothing, ? extends R> nothing) {
            return nothing.apply(this);
        }
    }
}
