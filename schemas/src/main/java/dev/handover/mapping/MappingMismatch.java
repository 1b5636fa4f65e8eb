package dev.handover.mapping;

import java.util.List;

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

    /** What is wrong with one column of the mapping. */
    public record Problem(String column, String fact) {}
}
