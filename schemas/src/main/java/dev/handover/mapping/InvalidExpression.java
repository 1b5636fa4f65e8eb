package dev.handover.mapping;

import java.util.List;
import java.util.Objects;

/**
 * An expression of a mapping that is none, or does not fit the columns that it is about. It holds no value of a row.
 */
public final class InvalidExpression extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient List<Issue> issues;

    /** @param issues at least one */
    public InvalidExpression(List<Issue> issues) {
        super(issues.get(0).fact());
        this.issues = List.copyOf(issues);
    }

    /** What is wrong, in the order of the text. */
    public List<Issue> issues() {
        return issues;
    }

    /** One thing that is wrong, at its place in the expression. */
    public record Issue(Spot at, String fact) {
        public Issue {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(fact, "fact");
        }
    }

    /**
     * A place in the text of an expression.
     *
     * @param line from 1
     * @param character in the line, from 1
     */
    public record Spot(int line, int character) {
        /** Where an expression begins. */
        public static final Spot START = new Spot(1, 1);

        public Spot {
            if (line < 1 || character < 1) {
                throw new IllegalArgumentException("lines and characters count from 1");
            }
        }
    }
}
