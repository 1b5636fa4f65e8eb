package dev.handover.mapping;

import java.util.List;
import java.util.Objects;

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
     */
    public record Problem(String column, String operation, String fact) {
        public Problem {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(operation, "operation");
            Objects.requireNonNull(fact, "fact");
        }

        /** Of the column as a whole. */
        public Problem(String column, String fact) {
            this(column, "", fact);
        }
    }
}
