package dev.handover.mapping;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A mapping does not fit the schema of its source table; every problem is listed, each naming its column. */
public final class MappingMismatch extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    MappingMismatch(List<Problem> problems) {
        super(
                problems.isEmpty()
                        ? ""
                        : problems.get(0).column() + ": " + problems.get(0).fact());
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    /**
     * What is wrong with one column of the mapping.
     *
     * @param column the target column; a source column where the problem is about one that no target column names
     * @param operation the key of the operation at fault, or empty
     * @param at where in the text of the operation, for an expression
     */
    public record Problem(String column, String operation, String fact, Optional<InvalidExpression.Spot> at) {
        public Problem {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(operation, "operation");
            Objects.requireNonNull(fact, "fact");
            Objects.requireNonNull(at, "at");
        }

        /** Of an operation as a whole. */
        public Problem(String column, String operation, String fact) {
            this(column, operation, fact, Optional.empty());
        }

        /** Of the column as a whole. */
        public Problem(String column, String fact) {
            this(column, "", fact);
        }
    }
}
