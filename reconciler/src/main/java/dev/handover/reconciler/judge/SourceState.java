package dev.handover.reconciler.judge;

import dev.handover.digest.Fingerprint;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a snapshot of the source says the target should hold under one key. */
public sealed interface SourceState {
    /** Answers with the function of the case that this is. */
    <R> R fold(
            Supplier<? extends R> absent, Function<? super Present, ? extends R> present, Supplier<? extends R> parked);

    /** The source has no such row. */
    record Absent() implements SourceState {
        @Override
        public <R> R fold(
                Supplier<? extends R> absent,
                Function<? super Present, ? extends R> present,
                Supplier<? extends R> parked) {
            return absent.get();
        }
    }

    /** The source's row maps to a target row with this fingerprint. */
    record Present(Fingerprint row) implements SourceState {
        public Present {
            Objects.requireNonNull(row, "row");
        }

        @Override
        public <R> R fold(
                Supplier<? extends R> absent,
                Function<? super Present, ? extends R> present,
                Supplier<? extends R> parked) {
            return present.apply(this);
        }
    }

    /** The source has a row that the mapping rejects: its place is among the dead letters. */
    record Parked() implements SourceState {
        @Override
        public <R> R fold(
                Supplier<? extends R> absent,
                Function<? super Present, ? extends R> present,
                Supplier<? extends R> parked) {
            return parked.get();
        }
    }
}
