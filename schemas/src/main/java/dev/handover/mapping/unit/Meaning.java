package dev.handover.mapping.unit;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a local unit string stands for. */
public sealed interface Meaning {
    /** Answers with the function of the case that this is. */
    <R> R fold(
            Function<? super Unit, ? extends R> known,
            Supplier<? extends R> noUnit,
            Function<? super Cause, ? extends R> unknown);

    /** Why a string stands for nothing. */
    enum Cause {
        /** The map says that it can mean more than one thing: ask where it was written. */
        AMBIGUOUS,
        /** The map does not have it, and nothing else is asked. */
        UNMAPPED,
        /** The map does not have it, and it is no UCUM code either. */
        NO_UCUM,
        /** The map does not have it; as UCUM it would be a unit of something else than this column holds. */
        UCUM_BY_ACCIDENT
    }

    /** A unit. */
    record Known(Unit unit) implements Meaning {
        public Known {
            Objects.requireNonNull(unit, "unit");
        }

        @Override
        public <R> R fold(
                Function<? super Unit, ? extends R> known,
                Supplier<? extends R> noUnit,
                Function<? super Cause, ? extends R> unknown) {
            return known.apply(unit);
        }
    }

    /** The map says that this is how "no unit" is written. */
    record NoUnit() implements Meaning {
        @Override
        public <R> R fold(
                Function<? super Unit, ? extends R> known,
                Supplier<? extends R> noUnit,
                Function<? super Cause, ? extends R> unknown) {
            return noUnit.get();
        }
    }

    /** Not understood: the value goes nowhere without its raw text. */
    record Unknown(Cause cause) implements Meaning {
        public Unknown {
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public <R> R fold(
                Function<? super Unit, ? extends R> known,
                Supplier<? extends R> noUnit,
                Function<? super Cause, ? extends R> unknown) {
            return unknown.apply(cause);
        }
    }
}
