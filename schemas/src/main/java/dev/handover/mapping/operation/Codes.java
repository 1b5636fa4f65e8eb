package dev.handover.mapping.operation;

import dev.handover.change.Finding;
import dev.handover.change.Outcome;
import dev.handover.change.Reason;
import dev.handover.mapping.Evaluation;
import dev.handover.mapping.Operation;
import dev.handover.mapping.Reversal;
import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.Target;
import dev.handover.mapping.code.Translation;
import dev.handover.mapping.code.Translation.Cluster;
import dev.handover.mapping.code.Unmapped;
import dev.handover.row.CanonicalText;
import dev.handover.row.Cell;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A code to a code of another system, through a map of codes. What is not one exact equivalent is a decision of the
 * mapping's author, each by a policy of its own, and each is counted:
 *
 * <ul>
 *   <li>one that is wider, narrower or inexact: {@link Finding.Kind#APPROXIMATE}
 *   <li>several, one of which is right, or that only together say it: {@link Finding.Kind#ONE_TO_MANY}
 *   <li>none, as the map says: {@link Finding.Kind#NO_MAP}
 *   <li>"no value", as the map says: null, {@link Finding.Kind#SENTINEL}
 *   <li>the map does not hold it, and names what to use instead: {@link Finding.Kind#UNMAPPED}; where it names nothing,
 *       the column's {@code onUnmapped} decides
 * </ul>
 *
 * <p>Parts: {@value #DISPLAY}, {@value #SYSTEM} and {@value #RELATION} of the code that was taken; the relation says
 * {@code choice}, {@code combination} or {@code no-map} where there is no single one. {@value #ALTERNATIVES} are the
 * codes of a choice or combination: {@code A | B} is A or B, {@code A + C} is A and C, {@code A/B + C} is A or B, and
 * C.
 *
 * <p>The inverse is the one code whose exact translation a target code is. Codes are compared as canonical text; of a
 * further column that is null, the text is empty.
 */
public final class Codes implements Operation {
    /** The part that holds the target code's name for people. */
    public static final String DISPLAY = "display";
    /** The part that holds the target code's system. */
    public static final String SYSTEM = "system";
    /** The part that says how the target compares with the source. */
    public static final String RELATION = "relation";
    /** The part that holds the codes of a choice or combination. */
    public static final String ALTERNATIVES = "alternatives";

    private final CodeMap map;
    private final List<String> further;
    private final Policies policies;

    /** What becomes of a code whose only equivalent is wider, narrower or inexact. */
    public enum OnApproximate {
        /** It is taken. */
        ACCEPT,
        /** The column is null. */
        NULL_WITH_RAW,
        /** The change becomes a dead letter. */
        DEAD_LETTER
    }

    /** What becomes of a code that has several equivalents. */
    public enum OnMany {
        /** The first of a choice is taken; a combination, which has no single code, becomes a dead letter. */
        FIRST,
        /** The column is null. */
        NULL_WITH_RAW,
        /** The change becomes a dead letter. */
        DEAD_LETTER
    }

    /** What becomes of a code that has no equivalent. */
    public enum OnNoMap {
        /** The column is null. */
        NULL_WITH_RAW,
        /** The change becomes a dead letter. */
        DEAD_LETTER
    }

    /** The author's decisions. */
    public record Policies(OnApproximate onApproximate, OnMany onMany, OnNoMap onNoMap) {
        /** An approximate code is taken and counted, and nothing else passes. */
        public static final Policies STRICT =
                new Policies(OnApproximate.ACCEPT, OnMany.DEAD_LETTER, OnNoMap.DEAD_LETTER);

        public Policies {
            Objects.requireNonNull(onApproximate, "onApproximate");
            Objects.requireNonNull(onMany, "onMany");
            Objects.requireNonNull(onNoMap, "onNoMap");
        }
    }

    /**
     * @param further the source columns that the map is looked up by besides the code, in the order of its key
     * @throws IllegalArgumentException when the map's key has another number of parts
     */
    public Codes(CodeMap map, List<String> further, Policies policies) {
        this.map = Objects.requireNonNull(map, "map");
        this.further = List.copyOf(further);
        this.policies = Objects.requireNonNull(policies, "policies");
        if (map.key().size() != 1 + further.size()) {
            throw new IllegalArgumentException("map " + map.name() + " is looked up by "
                    + map.key().stream().map(part -> part.name()).collect(Collectors.joining(", "))
                    + ": name a column for each but the first");
        }
    }

    @Override
    public String name() {
        return "codes";
    }

    @Override
    public ColumnType after(ColumnType before) {
        if (before.kind() == Kind.BYTES) {
            throw new IllegalArgumentException("codes cannot take " + before.name());
        }
        return ColumnType.of(Kind.TEXT);
    }

    @Override
    public Set<String> reads() {
        return new HashSet<>(further);
    }

    @Override
    public Map<String, ColumnType> parts() {
        ColumnType text = ColumnType.of(Kind.TEXT);
        return Map.of(DISPLAY, text, SYSTEM, text, RELATION, text, ALTERNATIVES, text);
    }

    @Override
    public boolean mayYieldNull() {
        return true;
    }

    @Override
    public Outcome<Cell> apply(Value value, Evaluation at) {
        for (String column : further) {
            if (at.read(column) == Cell.UNCHANGED) {
                return Outcome.rejected(Reason.UNCHANGED_VALUE_UNKNOWN, column);
            }
        }
        return translation(value, at).fold(new Decision(value, at));
    }

    private Translation translation(Value value, Evaluation at) {
        String code = CanonicalText.of(value);
        return switch (further.size()) {
            case 0 -> map.lookup(code);
            case 1 -> map.lookup(code, text(at.read(further.get(0))));
            default -> {
                String[] key = new String[1 + further.size()];
                key[0] = code;
                for (int i = 1; i < key.length; i++) {
                    key[i] = text(at.read(further.get(i - 1)));
                }
                yield map.lookup(List.of(key));
            }
        };
    }

    private static String text(Cell cell) {
        return cell instanceof Value value ? CanonicalText.of(value) : "";
    }

    /** What the author decided about each case, and what is said of it. */
    private final class Decision implements Translation.Cases<Outcome<Cell>> {
        private final Value value;
        private final Evaluation at;

        Decision(Value value, Evaluation at) {
            this.value = value;
            this.at = at;
        }

        @Override
        public Outcome<Cell> exact(Translation.Exact exact) {
            return taken(exact.target());
        }

        @Override
        public Outcome<Cell> approximate(Translation.Approximate approximate) {
            return switch (policies.onApproximate()) {
                case ACCEPT -> {
                    at.find(Finding.Kind.APPROXIMATE, value);
                    yield taken(approximate.target());
                }
                case NULL_WITH_RAW -> {
                    at.find(Finding.Kind.APPROXIMATE, value);
                    at.part(ALTERNATIVES, new Value.Text(approximate.target().code()));
                    yield nothing(word(approximate.target()));
                }
                case DEAD_LETTER -> at.reject(Reason.INEXACT_CODE);
            };
        }

        @Override
        public Outcome<Cell> choice(Translation.Choice choice) {
            if (policies.onMany() == OnMany.DEAD_LETTER) {
                return at.reject(Reason.AMBIGUOUS_CODE);
            }
            at.find(Finding.Kind.ONE_TO_MANY, value);
            at.part(
                    ALTERNATIVES,
                    new Value.Text(choice.targets().stream().map(Target::code).collect(Collectors.joining(" | "))));
            return policies.onMany() == OnMany.FIRST ? taken(choice.targets().get(0)) : nothing("choice");
        }

        @Override
        public Outcome<Cell> combination(Translation.Combination combination) {
            if (policies.onMany() != OnMany.NULL_WITH_RAW) {
                return at.reject(Reason.AMBIGUOUS_CODE);
            }
            at.find(Finding.Kind.ONE_TO_MANY, value);
            at.part(
                    ALTERNATIVES,
                    new Value.Text(combination.alternatives().stream()
                            .map(Decision::cluster)
                            .collect(Collectors.joining(" | "))));
            return nothing("combination");
        }

        private static String cluster(Cluster cluster) {
            return cluster.parts().stream()
                    .map(part -> part.stream().map(Target::code).collect(Collectors.joining("/")))
                    .collect(Collectors.joining(" + "));
        }

        @Override
        public Outcome<Cell> noMap(Translation.NoMap noMap) {
            if (policies.onNoMap() == OnNoMap.DEAD_LETTER) {
                return at.reject(Reason.NO_EQUIVALENT);
            }
            at.find(Finding.Kind.NO_MAP, value);
            return nothing("no-map");
        }

        @Override
        public Outcome<Cell> nothing(Translation.Nothing nothing) {
            at.find(Finding.Kind.SENTINEL, value);
            return Outcome.accepted(Cell.NULL);
        }

        @Override
        public Outcome<Cell> fallback(Translation.Fallback fallback) {
            at.find(Finding.Kind.UNMAPPED, value);
            return taken(fallback.target());
        }

        @Override
        public Outcome<Cell> unknown(Translation.Unknown unknown) {
            return at.reject(Reason.UNMAPPED_CODE);
        }

        private Outcome<Cell> taken(Target target) {
            at.part(RELATION, new Value.Text(word(target)));
            if (!target.display().isEmpty()) {
                at.part(DISPLAY, new Value.Text(target.display()));
            }
            String system = target.system().isEmpty() ? map.to() : target.system();
            if (!system.isEmpty()) {
                at.part(SYSTEM, new Value.Text(system));
            }
            return Outcome.accepted(new Value.Text(target.code()));
        }

        private Outcome<Cell> nothing(String why) {
            at.part(RELATION, new Value.Text(why));
            return Outcome.accepted(Cell.NULL);
        }

        private static String word(Target target) {
            return target.relation().name().toLowerCase(Locale.ROOT);
        }
    }

    /** Unless what the map does not hold passes, or another map says. */
    @Override
    public boolean yieldsListedCodes() {
        return map.unmapped() instanceof Unmapped.Refused || map.unmapped() instanceof Unmapped.Fixed;
    }

    @Override
    public Reversal reversal() {
        return Reversal.CHECKED;
    }

    @Override
    public boolean restores(Value before, Cell after, Reading others) {
        return after instanceof Value.Text target
                && map.sourceOf(target.value())
                        .filter(CanonicalText.of(before)::equals)
                        .isPresent();
    }

    @Override
    public Value invert(Value after) {
        return map.sourceOf(CanonicalText.of(after))
                .map(Value.Text::new)
                .orElseThrow(() -> new IllegalArgumentException("no single code means exactly that"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Codes that
                && map.equals(that.map)
                && further.equals(that.further)
                && policies.equals(that.policies);
    }

    @Override
    public int hashCode() {
        return Objects.hash(map, further, policies);
    }

    @Override
    public String toString() {
        return "codes by map " + map.name();
    }
}
