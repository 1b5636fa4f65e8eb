package dev.handover.mapping.operation;

import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression that a text must match as a whole, within bounds: a text of more than 256 characters does not
 * match, and neither does one on which the search takes more than 100,000 steps. Java's engine backtracks, and an
 * expression such as {@code (a+)+b} would else stop the pipeline on a few dozen characters.
 *
 * @param expression as {@link Pattern} has it
 * @param compiled the expression, ready for use
 */
record BoundedPattern(String expression, Pattern compiled) {
    static final int CHARACTERS_MAX = 256;
    static final int STEPS_MAX = 100_000;

    /** @throws IllegalArgumentException when it is no regular expression */
    static BoundedPattern of(String expression) {
        try {
            return new BoundedPattern(expression, Pattern.compile(Objects.requireNonNull(expression, "expression")));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a regular expression");
        }
    }

    boolean matches(String text) {
        if (text.length() > CHARACTERS_MAX) {
            return false;
        }
        try {
            return compiled.matcher(new Counted(text)).matches();
        } catch (TooManySteps e) {
            return false;
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }

    /** A text that counts how often it is looked at. */
    private static final class Counted implements CharSequence {
        private final CharSequence text;
        private int steps;

        Counted(CharSequence text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > STEPS_MAX) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
