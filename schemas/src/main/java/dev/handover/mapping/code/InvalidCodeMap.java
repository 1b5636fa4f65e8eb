package dev.handover.mapping.code;

import java.util.List;
import java.util.Objects;

/** A code map that can't be used, with what is wrong with it. No text quotes a cell of the file. */
public final class InvalidCodeMap extends Exception {
    /** After this many problems the rest is only counted: someone named the wrong file. */
    public static final int PROBLEMS_MAX = 100;

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /** @param problems at least one */
    public InvalidCodeMap(List<Problem> problems) {
        super(problems.size() + " errors in a code map; first at line "
                + problems.get(0).place().line());
        this.problems = List.copyOf(problems);
    }

    static InvalidCodeMap of(Place place, String where, String fact, String hint) {
        return new InvalidCodeMap(List.of(new Problem(place, where, fact, hint)));
    }

    /** What is wrong, in the order of the file; at most {@link #PROBLEMS_MAX}, and one that counts the others. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One thing that is wrong.
     *
     * @param where the column by its name, or the path in a JSON document; empty for a row as a whole
     * @param fact what is wrong, without the text that is
     * @param hint what to do about it
     */
    public record Problem(Place place, String where, String fact, String hint) {
        public Problem {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(where, "where");
            Objects.requireNonNull(fact, "fact");
            Objects.requireNonNull(hint, "hint");
        }
    }
}
