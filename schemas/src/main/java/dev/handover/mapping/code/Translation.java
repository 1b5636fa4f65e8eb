package dev.handover.mapping.code;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a map says about one code. Each case is a different outcome, because each asks for a different decision; none is
 * taken here. All print their type only.
 */
public sealed interface Translation {
    /** Which case this is: what findings are counted by. */
    Kind kind();

    /** The one code that the map gives, right or nearly so: of an exact or approximate translation or a fallback. */
    default Optional<Target> single() {
        return Optional.empty();
    }

    /** Answers with the function of the case that this is. */
    <R> R fold(Cases<R> cases);

    /** The cases by name. */
    enum Kind {
        EXACT,
        APPROXIMATE,
        CHOICE,
        COMBINATION,
        NO_MAP,
        NOTHING,
        FALLBACK,
        UNKNOWN
    }

    /** A function over all cases. */
    interface Cases<R> {
        R exact(Exact exact);

        R approximate(Approximate approximate);

        R choice(Choice choice);

        R combination(Combination combination);

        R noMap(NoMap noMap);

        R nothing(Nothing nothing);

        R fallback(Fallback fallback);

        R unknown(Unknown unknown);
    }

    /** One code that means the same. */
    record Exact(Target target) implements Translation {
        public Exact {
            if (target.relation() != Relation.EQUIVALENT) {
                throw new IllegalArgumentException("an exact translation is equivalent");
            }
        }

        @Override
        public Kind kind() {
            return Kind.EXACT;
        }

        @Override
        public Optional<Target> single() {
            return Optional.of(target);
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.exact(this);
        }

        @Override
        public String toString() {
            return "Exact";
        }
    }

    /** One code that means nearly the same; its relation says how it differs. */
    record Approximate(Target target) implements Translation {
        public Approximate {
            if (target.relation() == Relation.EQUIVALENT) {
                throw new IllegalArgumentException("what is equivalent is exact");
            }
        }

        @Override
        public Kind kind() {
            return Kind.APPROXIMATE;
        }

        @Override
        public Optional<Target> single() {
            return Optional.of(target);
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.approximate(this);
        }

        @Override
        public String toString() {
            return "Approximate";
        }
    }

    /**
     * Several codes, one of which is right; which one, the source code does not tell.
     *
     * @param targets in the order of the map
     * @param orNone whether the map says as well that there may be no such code
     */
    record Choice(List<Target> targets, boolean orNone) implements Translation {
        public Choice {
            targets = List.copyOf(targets);
            if (targets.size() + (orNone ? 1 : 0) < 2) {
                throw new IllegalArgumentException("a choice has two alternatives or more");
            }
        }

        @Override
        public Kind kind() {
            return Kind.CHOICE;
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.choice(this);
        }

        @Override
        public String toString() {
            return "Choice";
        }
    }

    /**
     * Several codes that only together say what the source code says.
     *
     * @param alternatives one cluster, or several one of which is right, in the order of the map; at least one of them
     *     has two parts or more
     * @param orNone whether the map says as well that there may be no such codes
     */
    record Combination(List<Cluster> alternatives, boolean orNone) implements Translation {
        public Combination {
            alternatives = List.copyOf(alternatives);
            if (alternatives.stream().noneMatch(cluster -> cluster.parts().size() > 1)) {
                throw new IllegalArgumentException("a combination has two parts or more");
            }
        }

        @Override
        public Kind kind() {
            return Kind.COMBINATION;
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.combination(this);
        }

        @Override
        public String toString() {
            return "Combination";
        }
    }

    /** Codes that belong together: one of each part's alternatives (a scenario with its choice lists, in a GEM). */
    record Cluster(List<List<Target>> parts) {
        public Cluster {
            parts = parts.stream().map(List::copyOf).toList();
            if (parts.isEmpty() || parts.stream().anyMatch(List::isEmpty)) {
                throw new IllegalArgumentException("a cluster has parts, and each part has a code");
            }
        }

        @Override
        public String toString() {
            return "Cluster";
        }
    }

    /** The map knows the code and says that the target system has nothing like it. */
    record NoMap() implements Translation {
        @Override
        public Kind kind() {
            return Kind.NO_MAP;
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.noMap(this);
        }
    }

    /** The map says that the code means "no value": it becomes null. */
    record Nothing() implements Translation {
        @Override
        public Kind kind() {
            return Kind.NOTHING;
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.nothing(this);
        }
    }

    /** The map does not hold the code, and says what then to use instead. */
    record Fallback(Target target) implements Translation {
        public Fallback {
            Objects.requireNonNull(target, "target");
        }

        @Override
        public Kind kind() {
            return Kind.FALLBACK;
        }

        @Override
        public Optional<Target> single() {
            return Optional.of(target);
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.fallback(this);
        }

        @Override
        public String toString() {
            return "Fallback";
        }
    }

    /** The map does not hold the code. */
    record Unknown() implements Translation {
        @Override
        public Kind kind() {
            return Kind.UNKNOWN;
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.unknown(this);
        }
    }
}
