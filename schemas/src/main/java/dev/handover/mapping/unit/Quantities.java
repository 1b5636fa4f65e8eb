package dev.handover.mapping.unit;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rule for one value column and its unit column: what a unit string means, and what becomes of a value that has it.
 *
 * <p>Immutable but for a memo of strings already decided, which changes no answer; safe for any thread.
 */
public final class Quantities {
    /**
     * Strings kept in the memo; a source has dozens of spellings, and what comes after that is decided anew each time.
     */
    private static final int MEMO_MAX = 4_096;

    private final Ucum ucum;
    private final Spec spec;
    private final Map<Unit, Conversion> declared = new HashMap<>();
    private final Map<String, Decision> memo = new ConcurrentHashMap<>();

    /**
     * @param local asked first
     * @param policy what happens after that
     * @param expected units of what the column holds, for {@link UnitPolicy#MAP_THEN_UCUM}; where there are none, the
     *     target and what the map's strings stand for
     * @param target the unit that every value is converted to; without one, units are named in UCUM and values stay
     * @param declared conversions to the target that units alone cannot justify, at most one for a unit; they come
     *     before UCUM's own
     * @param rounding allowed where needed; without one, only exact results
     */
    public record Spec(
            LocalUnits local,
            UnitPolicy policy,
            Set<Unit> expected,
            Optional<Unit> target,
            List<Conversion> declared,
            Optional<Rounding> rounding) {
        public Spec {
            Objects.requireNonNull(local, "local");
            Objects.requireNonNull(policy, "policy");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(rounding, "rounding");
            expected = Set.copyOf(expected);
            declared = List.copyOf(declared);
        }
    }

    /** @throws IllegalArgumentException when the specification contradicts itself; names codes of the mapping only */
    public Quantities(Ucum ucum, Spec spec) {
        this.ucum = ucum;
        this.spec = spec;
        for (Conversion conversion : spec.declared()) {
            if (!Optional.of(conversion.to()).equals(spec.target())) {
                throw new IllegalArgumentException(
                        "the declared conversion " + conversion + " does not lead to the target");
            }
            if (declared.putIfAbsent(conversion.from(), conversion) != null) {
                throw new IllegalArgumentException("two conversions are declared for " + conversion.from());
            }
        }
        if (spec.policy() == UnitPolicy.MAP_THEN_UCUM && expected().isEmpty()) {
            throw new IllegalArgumentException(
                    "codes that are not in the map pass only as units of something: declare a target or expected units");
        }
        if (spec.target().isEmpty() && spec.rounding().isPresent()) {
            throw new IllegalArgumentException("without a target unit nothing is rounded");
        }
    }

    /** What the string stands for in this column. */
    public Meaning meaning(String local) {
        return decision(local).meaning();
    }

    /** The value in the target unit, or in its own where there is no target. */
    public Quantity of(BigDecimal value, String local) {
        return decision(local).apply(value, spec.rounding());
    }

    /**
     * The way back: the value that stands beside that unit string, written with the digits that {@link Conversion}
     * gives it. Empty where the string has no unit here, or the value back has no last digit. A value is restored when
     * this equals it, scale included.
     */
    public Optional<BigDecimal> back(BigDecimal converted, String local) {
        Decision decision = decision(local);
        return decision.meaning()
                .fold(
                        unit -> spec.target().isEmpty()
                                ? Optional.of(converted)
                                : decision.conversion()
                                        .flatMap(there -> there.inverse().exact(converted)),
                        () -> Optional.of(converted),
                        cause -> Optional.empty());
    }

    /**
     * The way back of a unit column that has no target: the only string of the map that stands for the unit; the code
     * itself, where the map has none and lets codes pass. Empty where more than one is possible, so the raw text is to
     * be kept.
     */
    public Optional<String> back(Unit unit) {
        Set<String> strings = new LinkedHashSet<>(spec.local().strings(unit));
        if (spec.policy() == UnitPolicy.MAP_THEN_UCUM && meaning(unit.code()).equals(new Meaning.Known(unit))) {
            strings.add(unit.code());
        }
        return strings.size() == 1 ? strings.stream().findFirst() : Optional.empty();
    }

    /**
     * Of the units that the map knows, those whose values can never become the target's. A map serves many columns, so
     * this is no error; it is what {@code validate} shows.
     */
    public Map<Unit, Refusal> inconvertible() {
        Map<Unit, Refusal> refused = new LinkedHashMap<>();
        spec.local().units().forEach(unit -> refusal(unit).ifPresent(refusal -> refused.put(unit, refusal)));
        return refused;
    }

    /**
     * Of the units that the map knows, those of which some values have no last digit in the target unit; empty when a
     * rounding is declared.
     */
    public Set<Unit> endless() {
        Set<Unit> endless = new LinkedHashSet<>(spec.local().units());
        endless.removeIf(unit -> spec.rounding().isPresent()
                || conversion(unit).map(Conversion::alwaysEnds).orElse(true));
        return endless;
    }

    /** The unit that a value with that string comes out in: the target, or its own; empty when it has none. */
    public Optional<Unit> unitOf(String local) {
        return meaning(local)
                .fold(
                        unit -> Optional.of(spec.target().orElse(unit)),
                        Optional::<Unit>empty,
                        cause -> Optional.empty());
    }

    /** Equal when they decide alike. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Quantities that && spec.equals(that.spec);
    }

    @Override
    public int hashCode() {
        return spec.hashCode();
    }

    private Decision decision(String local) {
        Decision known = memo.get(local);
        if (known != null) {
            return known;
        }
        Decision decision = decide(local);
        if (memo.size() < MEMO_MAX && local.length() <= UcumParser.LENGTH_MAX) {
            memo.put(local, decision);
        }
        return decision;
    }

    private Decision decide(String local) {
        Meaning meaning = spec.local().lookup(local).orElseGet(() -> afterTheMap(local));
        return meaning.fold(
                unit -> new Decision(meaning, conversion(unit), refusal(unit)),
                () -> new Decision(meaning, Optional.empty(), Optional.empty()),
                cause -> new Decision(meaning, Optional.empty(), Optional.empty()));
    }

    private Meaning afterTheMap(String local) {
        if (spec.policy() == UnitPolicy.STRICT_MAP) {
            return new Meaning.Unknown(Meaning.Cause.UNMAPPED);
        }
        return ucum.parse(local)
                .<Meaning>map(unit -> isExpected(unit)
                        ? new Meaning.Known(unit)
                        : new Meaning.Unknown(Meaning.Cause.UCUM_BY_ACCIDENT))
                .orElseGet(() -> new Meaning.Unknown(Meaning.Cause.NO_UCUM));
    }

    private boolean isExpected(Unit unit) {
        if (expected().contains(unit) || declared.containsKey(unit)) {
            return true;
        }
        return !unit.hasLargePrefix()
                && expected().stream()
                        .anyMatch(wanted -> Conversion.refusal(unit, wanted).isEmpty());
    }

    private Set<Unit> expected() {
        if (!spec.expected().isEmpty()) {
            return spec.expected();
        }
        return spec.target().map(Set::of).orElseGet(() -> spec.local().units());
    }

    private Optional<Refusal> refusal(Unit unit) {
        return declared.containsKey(unit)
                ? Optional.empty()
                : spec.target().flatMap(target -> Conversion.refusal(unit, target));
    }

    private Optional<Conversion> conversion(Unit unit) {
        Conversion byAuthor = declared.get(unit);
        if (byAuthor != null) {
            return Optional.of(byAuthor);
        }
        return spec.target()
                .filter(target -> Conversion.refusal(unit, target).isEmpty())
                .map(target -> Conversion.between(unit, target));
    }

    /**
     * What one string decides for every value beside it.
     *
     * @param conversion to the target, where there is one and it can be reached
     * @param refusal why it cannot
     */
    private record Decision(Meaning meaning, Optional<Conversion> conversion, Optional<Refusal> refusal) {
        Quantity apply(BigDecimal value, Optional<Rounding> rounding) {
            return meaning.fold(
                    unit -> measured(value, unit, rounding), () -> new Quantity.Unitless(value), Quantity.Unknown::new);
        }

        private Quantity measured(BigDecimal value, Unit unit, Optional<Rounding> rounding) {
            if (refusal.isPresent()) {
                return new Quantity.Inconvertible(unit, refusal.get());
            }
            return conversion
                    .map(found -> found.convert(value, rounding))
                    .orElseGet(() -> new Quantity.Measured(value, unit, Quantity.Precision.AS_WRITTEN));
        }
    }
}
