package dev.handover.mapping.unit;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a unit means: a number x of it is {@code factor * pi^pi * x + offset} of the product of its base units.
 *
 * @param factor exact, greater than zero, without the powers of pi
 * @param offset zero but for temperatures with a zero point of their own
 * @param pi the power of pi, kept apart because no fraction is pi
 * @param dimension exponents of UCUM's base units, none of them zero
 * @param kinds exponents of what UCUM counts as a mere number, or as arbitrary, and medicine does not: mole,
 *     equivalent, international unit, logarithmic scale; none of them zero
 * @param scale whether this is a scale with a function (UCUM's "special unit") and so takes no part in products
 */
record Measure(
        Rational factor,
        Rational offset,
        int pi,
        Map<String, Integer> dimension,
        Map<String, Integer> kinds,
        boolean scale) {
    /** Pi as UCUM writes it down, in 64 digits after the point. */
    static final Rational PI =
            Rational.of(new BigDecimal("3.1415926535897932384626433832795028841971693993751058209749445923"));

    static final Measure ONE = number(Rational.ONE);

    Measure {
        dimension = Map.copyOf(dimension);
        kinds = Map.copyOf(kinds);
    }

    static Measure number(Rational value) {
        return new Measure(value, Rational.ZERO, 0, Map.of(), Map.of(), false);
    }

    static Measure base(String code) {
        return new Measure(Rational.ONE, Rational.ZERO, 0, Map.of(code, 1), Map.of(), false);
    }

    static Measure ofPi() {
        return new Measure(Rational.ONE, Rational.ZERO, 1, Map.of(), Map.of(), false);
    }

    /** Something that is only ever comparable with itself. */
    static Measure arbitrary(String code) {
        return number(Rational.ONE).ofKind(code);
    }

    /** The same, but counted as a kind of its own instead of the kinds that it has. */
    Measure ofKind(String kind) {
        return new Measure(factor, offset, pi, dimension, Map.of(kind, 1), scale);
    }

    /** A scale whose reading x is {@code (x + zero)} of this measure. */
    Measure withZeroAt(Rational zero) {
        return new Measure(factor, factor.times(zero), pi, dimension, kinds, true);
    }

    /** A scale of which no reading is linear in this measure, such as a logarithm. */
    Measure under(String function) {
        return new Measure(Rational.ONE, Rational.ZERO, 0, dimension, Map.of(function, 1), true);
    }

    /** The product, or empty where a scale with a function is to be multiplied by more than a number. */
    Optional<Measure> times(Measure other) {
        if (scale || other.scale) {
            if (other.isNumber()) {
                return Optional.of(scaled(other.factor));
            }
            return isNumber() ? Optional.of(other.scaled(factor)) : Optional.empty();
        }
        return Optional.of(new Measure(
                factor.times(other.factor),
                Rational.ZERO,
                pi + other.pi,
                sum(dimension, other.dimension),
                sum(kinds, other.kinds),
                false));
    }

    /** To an integer power, or empty where this is a scale with a function and the power is not one. */
    Optional<Measure> pow(int exponent) {
        if (exponent == 1) {
            return Optional.of(this);
        }
        if (scale || factor.isZero()) {
            return Optional.empty();
        }
        return Optional.of(new Measure(
                factor.pow(exponent),
                Rational.ZERO,
                pi * exponent,
                multiplied(dimension, exponent),
                multiplied(kinds, exponent),
                false));
    }

    Measure scaled(Rational number) {
        return new Measure(factor.times(number), offset, pi, dimension, kinds, scale);
    }

    boolean isNumber() {
        return !scale && pi == 0 && dimension.isEmpty() && kinds.isEmpty();
    }

    private static Map<String, Integer> sum(Map<String, Integer> left, Map<String, Integer> right) {
        Map<String, Integer> sum = new TreeMap<>(left);
        right.forEach((code, exponent) -> sum.merge(code, exponent, Integer::sum));
        sum.values().removeIf(exponent -> exponent == 0);
        return sum;
    }

    private static Map<String, Integer> multiplied(Map<String, Integer> exponents, int by) {
        Map<String, Integer> product = new TreeMap<>();
        exponents.forEach((code, exponent) -> product.put(code, exponent * by));
        product.values().removeIf(exponent -> exponent == 0);
        return product;
    }
}
