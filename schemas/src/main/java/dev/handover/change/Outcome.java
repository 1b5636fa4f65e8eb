package dev.handover.change;

import java.util.Objects;
import java.util.function.Function;

/** The result of deciding about one record: it goes on, or it becomes a dead letter. */
public sealed interface Outcome<T> {
    /** Takes the next decision about an accepted value; a rejection passes through. */
    <R> Outcome<R> then(Function<? super T, Outcome<R>> next);

    /** Answers with the function of the case that this is. */
    <R> R fold(Function<? super T, ? extends R> accepted, Function<? super Rejection, ? extends R> rejected);

    static <T> Outcome<T> accepted(T value) {
        return new Accepted<>(value);
    }

    /** @param where the column, rule or field; never a value */
    static <T> Outcome<T> rejected(Reason reason, String where) {
        return new Rejected<>(new Rejection(reason, where));
    }

    /** A reason and the column, rule or field that it is about. It is logged and counted, and so names no value. */
    record Rejection(Reason reason, String where) {
        public Rejection {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(where, "where");
        }
    }

    /** The record goes on. */
    record Accepted<T>(T value) implements Outcome<T> {
        public Accepted {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public <R> Outcome<R> then(Function<? super T, Outcome<R>> next) {
            return next.apply(value);
        }

        @Override
        public <R> R fold(
                Function<? super T, ? extends R> accepted, Function<? super Rejection, ? extends R> rejected) {
            return accepted.apply(value);
        }
    }

    /** The record cannot go on. */
    record Rejected<T>(Rejection rejection) implements Outcome<T> {
        @Override
        public <R> Outcome<R> then(Function<? super T, Outcome<R>> next) {
            return new Rejected<>(rejection);
        }

        @Override
        public <R> R fold(
                Function<? super T, ? extends R> accepted, Function<? super Rejection, ? extends R> rejected) {
            return rejected.apply(rejection);
        }
    }
}
