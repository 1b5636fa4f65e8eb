package dev.handover.row;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;

/** A value in canonical form: two values are the same clinical fact of one column exactly when they are equal. */
public sealed interface Value extends Cell {
    /** Answers with the function of the case that this is. */
    <R> R fold(
            Function<? super Bool, ? extends R> bool,
            Function<? super Int, ? extends R> integer,
            Function<? super Decimal, ? extends R> decimal,
            Function<? super Real, ? extends R> real,
            Function<? super Text, ? extends R> text,
            Function<? super Bytes, ? extends R> bytes);

    /** True or false. */
    record Bool(boolean value) implements Value {
        @Override
        public <R> R fold(
                Function<? super Bool, ? extends R> bool,
                Function<? super Int, ? extends R> integer,
                Function<? super Decimal, ? extends R> decimal,
                Function<? super Real, ? extends R> real,
                Function<? super Text, ? extends R> text,
                Function<? super Bytes, ? extends R> bytes) {
            return bool.apply(this);
        }

        @Override
        public String toString() {
            return "Bool";
        }
    }

    /** A whole number of at most 64 bits, signed. */
    record Int(long value) implements Value {
        @Override
        public <R> R fold(
                Function<? super Bool, ? extends R> bool,
                Function<? super Int, ? extends R> integer,
                Function<? super Decimal, ? extends R> decimal,
                Function<? super Real, ? extends R> real,
                Function<? super Text, ? extends R> text,
                Function<? super Bytes, ? extends R> bytes) {
            return integer.apply(this);
        }

        @Override
        public String toString() {
            return "Int";
        }
    }

    /**
     * A number in plain digits with its scale kept ({@code 2.0} is not {@code 2}), or {@code NaN}, {@code Infinity},
     * {@code -Infinity}. No exponent, no plus sign, no leading zeros, no negative zero.
     */
    record Decimal(String plain) implements Value {
        public Decimal {
            if (!isFinite(plain) && !plain.equals("NaN") && !plain.equals("Infinity") && !plain.equals("-Infinity")) {
                throw new IllegalArgumentException("not a decimal in canonical form");
            }
        }

        /** The canonical form of a number as any engine writes it. @throws NumberFormatException when it is none */
        public static Decimal parse(String text) {
            return switch (text) {
                case "NaN", "Infinity", "-Infinity" -> new Decimal(text);
                default -> of(new BigDecimal(text));
            };
        }

        /** The canonical form of an exact number; a negative scale becomes plain digits. */
        public static Decimal of(BigDecimal number) {
            return new Decimal(number.toPlainString());
        }

        private static boolean isFinite(String plain) {
            int start = plain.startsWith("-") ? 1 : 0;
            int digits = 0;
            for (int i = start; i < plain.length(); i++) {
                char c = plain.charAt(i);
                if (c >= '0' && c <= '9') {
                    digits++;
                } else if (c != '.' || i == start) {
                    return false;
                }
            }
            return digits > 0;
        }

        @Override
        public <R> R fold(
                Function<? super Bool, ? extends R> bool,
                Function<? super Int, ? extends R> integer,
                Function<? super Decimal, ? extends R> decimal,
                Function<? super Real, ? extends R> real,
                Function<? super Text, ? extends R> text,
                Function<? super Bytes, ? extends R> bytes) {
            return decimal.apply(this);
        }

        @Override
        public String toString() {
            return "Decimal";
        }
    }

    /** A binary floating point number. Every NaN is one NaN; zero keeps its sign. A 32-bit float is widened exactly. */
    record Real(double value) implements Value {
        /** The bits that are hashed and compared. */
        public long bits() {
            return Double.doubleToLongBits(value);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Real that && bits() == that.bits();
        }

        @Override
        public int hashCode() {
            return Long.hashCode(bits());
        }

        @Override
        public <R> R fold(
                Function<? super Bool, ? extends R> bool,
                Function<? super Int, ? extends R> integer,
                Function<? super Decimal, ? extends R> decimal,
                Function<? super Real, ? extends R> real,
                Function<? super Text, ? extends R> text,
                Function<? super Bytes, ? extends R> bytes) {
            return real.apply(this);
        }

        @Override
        public String toString() {
            return "Real";
        }
    }

    /** Text, code point by code point; also every kind whose canonical form is text. */
    record Text(String value) implements Value {
        public Text {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public <R> R fold(
                Function<? super Bool, ? extends R> bool,
                Function<? super Int, ? extends R> integer,
                Function<? super Decimal, ? extends R> decimal,
                Function<? super Real, ? extends R> real,
                Function<? super Text, ? extends R> text,
                Function<? super Bytes, ? extends R> bytes) {
            return text.apply(this);
        }

        @Override
        public String toString() {
            return "Text";
        }
    }

    /** Bytes. The array is owned by the value: callers neither keep nor change it. */
    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(byte[] value) implements Value {
        public Bytes {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public <R> R fold(
                Function<? super Bool, ? extends R> bool,
                Function<? super Int, ? extends R> integer,
                Function<? super Decimal, ? extends R> decimal,
                Function<? super Real, ? extends R> real,
                Function<? super Text, ? extends R> text,
                Function<? super Bytes, ? extends R> bytes) {
            return bytes.apply(this);
        }

        @Override
        public String toString() {
            return "Bytes";
        }
    }
}
