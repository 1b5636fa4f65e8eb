package dev.handover.mapping.unit;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every UCUM atom and prefix with its meaning, from the published definitions. Immutable once built. */
final class Atoms {
    /**
     * Zero points of the temperature scales, in their own degrees below zero; UCUM gives them in its specification
     * (table 25, "conversion functions"), not in the file.
     */
    private static final Map<String, Rational> ZERO_POINTS = Map.of(
            "Cel", Rational.of(new BigDecimal("273.15")),
            "degF", Rational.of(new BigDecimal("459.67")),
            "degRe", Rational.of(new BigDecimal("218.52")));

    /** An equivalent is a mole divided by a valence, and an osmole one times a count of particles: neither is known. */
    private static final Set<String> APART_FROM_MOLE = Set.of("eq", "osm");

    private static final Set<String> PLAIN_NUMBERS = Set.of("number", "fraction");

    /** The largest prefix that no other prefix differs from by its case alone: above it m is M and p is P. */
    private static final Rational KILO = Rational.of(BigInteger.valueOf(1_000));

    private final Essence essence;
    private final Map<String, Measure> measures = new HashMap<>();

    Atoms(Essence essence) {
        this.essence = essence;
        Set<String> open = new HashSet<>();
        essence.atoms().keySet().forEach(code -> define(code, open));
    }

    String version() {
        return essence.version();
    }

    /** A prefix may stand before a metric atom only; an atom of that very name comes first. */
    Optional<Simple> simple(String symbol) {
        Measure whole = measures.get(symbol);
        if (whole != null) {
            return Optional.of(new Simple(whole, false));
        }
        for (int split = 1; split <= 2 && split < symbol.length(); split++) {
            Rational prefix = essence.prefixes().get(symbol.substring(0, split));
            Definition atom = essence.atoms().get(symbol.substring(split));
            if (prefix != null && atom != null && atom.metric()) {
                boolean large = prefix.minus(KILO).numerator().signum() > 0;
                return Optional.of(new Simple(measure(atom.code()).scaled(prefix), large));
            }
        }
        return Optional.empty();
    }

    /** @param largePrefix whether the prefix is larger than kilo */
    record Simple(Measure measure, boolean largePrefix) {}

    Essence essence() {
        return essence;
    }

    private Measure measure(String code) {
        Measure measure = measures.get(code);
        if (measure == null) {
            throw new IllegalStateException("UCUM's atom " + code + " is not defined yet");
        }
        return measure;
    }

    /** Definitions refer to atoms that may come later in the file, so what is missing is defined first. */
    private void define(String code, Set<String> open) {
        if (measures.containsKey(code)) {
            return;
        }
        if (!open.add(code)) {
            throw new IllegalStateException("UCUM's atom " + code + " is defined by itself");
        }
        Definition atom = essence.atoms().get(code);
        if (atom == null) {
            throw new IllegalStateException("UCUM's atom " + code + " has no definition");
        }
        measures.put(code, defined(atom, open));
        open.remove(code);
    }

    private Measure defined(Definition atom, Set<String> open) {
        if (atom.code().equals("[pi]")) {
            return Measure.ofPi();
        }
        if (atom.unit().isEmpty()) {
            return Measure.base(atom.code());
        }
        Measure unit = expression(atom.unit().get(), open).scaled(atom.value());
        if (atom.function().isPresent()) {
            Rational zero = ZERO_POINTS.get(atom.function().get());
            return zero != null
                    ? unit.withZeroAt(zero)
                    : unit.under(atom.function().get() + "(" + atom.value() + " "
                            + atom.unit().get() + ")");
        }
        if (atom.arbitrary()) {
            return unit.kinds().isEmpty() ? Measure.arbitrary(atom.code()) : unit;
        }
        if (APART_FROM_MOLE.contains(atom.code())) {
            return unit.ofKind(atom.code());
        }
        return unit.isNumber() && !PLAIN_NUMBERS.contains(atom.property()) ? unit.ofKind(atom.property()) : unit;
    }

    private Measure expression(String code, Set<String> open) {
        for (String symbol : UcumParser.symbols(code)) {
            define(atomOf(symbol), open);
        }
        try {
            return UcumParser.parse(this, code).measure();
        } catch (UcumParser.Malformed e) {
            throw new IllegalStateException("UCUM's own definition " + code + " is malformed", e);
        }
    }

    private String atomOf(String symbol) {
        if (essence.atoms().containsKey(symbol)) {
            return symbol;
        }
        for (int split = 1; split <= 2 && split < symbol.length(); split++) {
            String rest = symbol.substring(split);
            if (essence.prefixes().containsKey(symbol.substring(0, split))
                    && essence.atoms().containsKey(rest)) {
                return rest;
            }
        }
        throw new IllegalStateException("UCUM's own definitions name no " + symbol);
    }
}
