package dev.handover.mapping.unit;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.function.Function;

/** A value and its unit, converted together, or why not. Nothing of it prints a value. */
public sealed interface Quantity {
    /** Answers with the function of the case that this is. */
    <R> R fold(
            Function<? super Measured, ? extends R> measured,
            Function<? super Unitless, ? extends R> unitless,
            Function<? super Unknown, ? extends R> unknown,
            Function<? super Inconvertible, ? extends R> inconvertible,
            Function<? super Endless, ? extends R> endless);

    /** How a value came about. */
    enum Precision {
        /** The digits of the source: no conversion, or none but of the decimal point. */
        AS_WRITTEN,
        /** Exactly the same quantity in other digits. */
        EXACT,
        /** Rounded as the mapping's author declared. */
        ROUNDED
    }

    /** The value in the unit. */
    record Measured(BigDecimal value, Unit unit, Precision precision) implements Quantity {
        public Measured {
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(unit, "unit");
            Objects.requireNonNull(precision, "precision");
        }

        @Override
        public <R> R fold(
                Function<? super Measured, ? extends R> measured,
                Function<? super Unitless, ? extends R> unitless,
                Function<? super Unknown, ? extends R> unknown,
                Function<? super Inconvertible, ? extends R> inconvertible,
                Function<? super Endless, ? extends R> endless) {
            return measured.apply(this);
        }

        @Override
        public String toString() {
            return "Measured[" + unit + ", " + precision + "]";
        }
    }

    /** The source says that the value has no unit: it stays what it is. */
    record Unitless(BigDecimal value) implements Quantity {
        public Unitless {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public <R> R fold(
                Function<? super Measured, ? extends R> measured,
                Function<? super Unitless, ? extends R> unitless,
                Function<? super Unknown, ? extends R> unknown,
                Function<? super Inconvertible, ? extends R> inconvertible,
                Function<? super Endless, ? extends R> endless) {
            return unitless.apply(this);
        }

        @Override
        public String toString() {
            return "Unitless";
        }
    }

    /** The unit string is not understood, so neither is the value. */
    record Unknown(Meaning.Cause cause) implements Quantity {
        @Override
        public <R> R fold(
                Function<? super Measured, ? extends R> measured,
                Function<? super Unitless, ? extends R> unitless,
                Function<? super Unknown, ? extends R> unknown,
                Function<? super Inconvertible, ? extends R> inconvertible,
                Function<? super Endless, ? extends R> endless) {
            return unknown.apply(this);
        }
    }

    /** The unit is understood, and no value of it is one of the target unit. */
    record Inconvertible(Unit unit, Refusal refusal) implements Quantity {
        @Override
        public <R> R fold(
                Function<? super Measured, ? extends R> measured,
                Function<? super Unitless, ? extends R> unitless,
                Function<? super Unknown, ? extends R> unknown,
                Function<? super Inconvertible, ? extends R> inconvertible,
                Function<? super Endless, ? extends R> endless) {
            return inconvertible.apply(this);
        }
    }

    /** The converted value has no last digit, and no rounding is declared. */
    record Endless(Unit unit) implements Quantity {
        @Override
        public <R> R fold(
                Function<? super Measured, ? extends R> measured,
                Function<? super Unitless, ? extends R> unitless,
                Function<? super Unknown, ? extends R> unknown,
                Function<? super Inconvertible, ? extends R> inconvertible,
                Function<? super Endless, ? extends R> endless) {
            return endless.apply(this);
        }
    }
}
