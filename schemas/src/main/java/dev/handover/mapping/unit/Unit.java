package dev.handover.mapping.unit;

import java.util.List;
import java.util.TreeMap;

/** A well-formed UCUM code and what it means. Two units are equal when their codes are, letter by letter. */
public final class Unit {
    private final String code;
    private final Measure measure;
    private final List<String> annotations;
    private final boolean largePrefix;

    Unit(String code, Measure measure, List<String> annotations, boolean largePrefix) {
        this.code = code;
        this.measure = measure;
        this.annotations = annotations.stream().sorted().toList();
        this.largePrefix = largePrefix;
    }

    /** The code as it was written, such as {@code 10*3/uL}. */
    public String code() {
        return code;
    }

    /** The texts in braces, sorted; UCUM gives them no meaning, people do. Empty braces are none. */
    public List<String> annotations() {
        return annotations;
    }

    /**
     * The base units that it is made of, and what else must agree for a conversion, such as {@code g1.m-3}; "1" for a
     * plain number. For messages and tests.
     */
    public String dimension() {
        TreeMap<String, Integer> all = new TreeMap<>(measure.dimension());
        measure.kinds().forEach((kind, exponent) -> all.put("<" + kind + ">", exponent));
        StringBuilder text = new StringBuilder();
        all.forEach((name, exponent) ->
                text.append(text.isEmpty() ? "" : ".").append(name).append(exponent == 1 ? "" : exponent));
        return text.isEmpty() ? "1" : text.toString();
    }

    Measure measure() {
        return measure;
    }

    /** Whether a prefix above kilo is in it; those differ from small ones by their case alone ({@code Mg}, mg). */
    boolean hasLargePrefix() {
        return largePrefix;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Unit that && code.equals(that.code);
    }

    @Override
    public int hashCode() {
        return code.hashCode();
    }

    @Override
    public String toString() {
        return code;
    }
}
