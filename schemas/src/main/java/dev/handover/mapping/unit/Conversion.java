package dev.handover.mapping.unit;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;
import java.util.Optional;

/**
 * The exact function {@code y = (n * x + m) / d} from values of one unit to values of another, strictly increasing, so
 * a comparator ({@code >300}) keeps its direction.
 *
 * <p>Digits. A conversion that only moves the point ({@code 10^k}) keeps every digit as it was written: {@code 2.0}
 * g/dL is {@code 20} g/L, {@code 250} mg is {@code 0.250} g. Any other factor makes digits of its own, which say
 * nothing about how well was measured; so an exact result is written in its shortest form ({@code 70} in is
 * {@code 177.8} cm), and a rounded one with exactly the digits that were declared. No zero is added to a moved point,
 * ever.
 */
public final class Conversion {
    private static final BigInteger TWO = BigInteger.TWO;
    private static final BigInteger FIVE = BigInteger.valueOf(5);

    private final Unit from;
    private final Unit to;
    private final Rational factor;
    private final Rational offset;
    private final Approximation approximation;
    private final BigDecimal n;
    private final BigDecimal m;
    private final BigDecimal d;
    /** What is left of the denominator without its twos and fives: one when every decimal stays a decimal. */
    private final BigInteger endless;

    private final BigDecimal oneByRest;
    private final Optional<Integer> pointMove;

    private enum Approximation {
        NONE,
        PI
    }

    private Conversion(Unit from, Unit to, Rational factor, Rational offset, Approximation approximation) {
        this.from = from;
        this.to = to;
        this.factor = factor;
        this.offset = offset;
        this.approximation = approximation;
        BigInteger common = factor.denominator()
                .multiply(offset.denominator())
                .divide(factor.denominator().gcd(offset.denominator()));
        this.n = new BigDecimal(factor.numerator().multiply(common.divide(factor.denominator())));
        this.m = new BigDecimal(offset.numerator().multiply(common.divide(offset.denominator())));
        this.d = new BigDecimal(common);
        this.endless = without(without(common, TWO), FIVE);
        this.oneByRest = BigDecimal.ONE.divide(new BigDecimal(common.divide(endless)));
        this.pointMove = offset.isZero() && approximation == Approximation.NONE ? powerOfTen(factor) : Optional.empty();
    }

    /** What stands between the two units, if anything. */
    public static Optional<Refusal> refusal(Unit from, Unit to) {
        if (!from.measure().dimension().equals(to.measure().dimension())) {
            return Optional.of(Refusal.DIMENSION);
        }
        if (!from.measure().kinds().equals(to.measure().kinds())) {
            return Optional.of(Refusal.KIND);
        }
        return from.annotations().equals(to.annotations()) ? Optional.empty() : Optional.of(Refusal.ANNOTATION);
    }

    /** As UCUM defines it. @throws IllegalArgumentException when there is a {@link #refusal}; names the codes */
    public static Conversion between(Unit from, Unit to) {
        refusal(from, to).ifPresent(refusal -> {
            throw new IllegalArgumentException(from + " is not convertible to " + to + ": " + refusal + " ("
                    + from.dimension() + ", " + to.dimension() + ")");
        });
        Measure source = from.measure();
        Measure target = to.measure();
        Rational factor = source.factor().dividedBy(target.factor()).times(Measure.PI.pow(source.pi() - target.pi()));
        Rational offset = source.offset().minus(target.offset()).dividedBy(target.factor());
        return new Conversion(
                from, to, factor, offset, source.pi() == target.pi() ? Approximation.NONE : Approximation.PI);
    }

    /**
     * As a mapping's author declares it, for what units alone cannot say: a molar mass, a valence, a surface.
     *
     * @param factor how many {@code to} one {@code from} is
     * @throws IllegalArgumentException when the factor is not above zero, or one of the units has a zero point of its
     *     own
     */
    public static Conversion declared(Unit from, Unit to, Rational factor) {
        if (factor.numerator().signum() <= 0) {
            throw new IllegalArgumentException("a factor is above zero");
        }
        if (from.measure().scale() || to.measure().scale()) {
            throw new IllegalArgumentException(
                    "no factor turns " + from + " into " + to + ": one has a scale of its own");
        }
        return new Conversion(from, to, factor, Rational.ZERO, Approximation.NONE);
    }

    public Unit from() {
        return from;
    }

    public Unit to() {
        return to;
    }

    /** How many {@code to} one {@code from} is, but for the zero points. */
    public Rational factor() {
        return factor;
    }

    /** Whether every decimal becomes a decimal, so that no rounding is needed, ever. */
    public boolean alwaysEnds() {
        return approximation == Approximation.NONE && endless.equals(BigInteger.ONE);
    }

    /** The exact result, or empty when its digits never end or the factor is not a number that can be written down. */
    public Optional<BigDecimal> exact(BigDecimal value) {
        if (pointMove.isPresent()) {
            return Optional.of(moved(value, pointMove.get()));
        }
        if (approximation == Approximation.PI) {
            return Optional.empty();
        }
        BigDecimal product = value.multiply(n).add(m);
        if (endless.equals(BigInteger.ONE)) {
            return Optional.of(shortest(product.multiply(oneByRest)));
        }
        BigInteger[] parts = product.unscaledValue().divideAndRemainder(endless);
        return parts[1].signum() == 0
                ? Optional.of(shortest(new BigDecimal(parts[0], product.scale()).multiply(oneByRest)))
                : Optional.empty();
    }

    /** The result, rounded once, at the end, where it needs to be. */
    public BigDecimal rounded(BigDecimal value, Rounding rounding) {
        if (pointMove.isPresent()) {
            BigDecimal moved = moved(value, pointMove.get());
            return moved.scale() <= rounding.scale() ? moved : moved.setScale(rounding.scale(), rounding.mode());
        }
        return value.multiply(n).add(m).divide(d, rounding.scale(), rounding.mode());
    }

    /** The value and its unit together: exact where that is possible, rounded where that is declared. */
    public Quantity convert(BigDecimal value, Optional<Rounding> rounding) {
        if (rounding.isEmpty()) {
            Optional<BigDecimal> exact = exact(value);
            return exact.isEmpty() ? new Quantity.Endless(from) : measured(exact.get(), true);
        }
        BigDecimal rounded = rounded(value, rounding.get());
        return measured(rounded, isExactly(value, rounded));
    }

    /** Whether a value of {@code to} is the value of {@code from}, to the last digit and beyond. */
    public boolean isExactly(BigDecimal source, BigDecimal target) {
        return approximation == Approximation.NONE && source.multiply(n).add(m).compareTo(target.multiply(d)) == 0;
    }

    /** The way back. */
    public Conversion inverse() {
        Rational back = Rational.ONE.dividedBy(factor);
        return new Conversion(to, from, back, Rational.ZERO.minus(offset.times(back)), approximation);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Conversion that
                && from.equals(that.from)
                && to.equals(that.to)
                && factor.equals(that.factor)
                && offset.equals(that.offset);
    }

    @Override
    public int hashCode() {
        return Objects.hash(from, to, factor, offset);
    }

    @Override
    public String toString() {
        return from + " -> " + to;
    }

    private Quantity measured(BigDecimal value, boolean exactly) {
        Quantity.Precision precision = !exactly
                ? Quantity.Precision.ROUNDED
                : pointMove.isPresent() ? Quantity.Precision.AS_WRITTEN : Quantity.Precision.EXACT;
        return new Quantity.Measured(value, to, precision);
    }

    private static BigDecimal moved(BigDecimal value, int places) {
        if (places == 0 && value.scale() >= 0) {
            return value;
        }
        BigDecimal moved = value.scaleByPowerOfTen(places);
        return moved.scale() < 0 ? moved.setScale(0) : moved;
    }

    private static BigDecimal shortest(BigDecimal value) {
        if (value.scale() <= 0) {
            return value.setScale(0);
        }
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static BigInteger without(BigInteger number, BigInteger prime) {
        BigInteger rest = number;
        for (BigInteger[] parts = rest.divideAndRemainder(prime);
                parts[1].signum() == 0;
                parts = rest.divideAndRemainder(prime)) {
            rest = parts[0];
        }
        return rest;
    }

    private static Optional<Integer> powerOfTen(Rational factor) {
        BigInteger large = factor.numerator().max(factor.denominator());
        BigInteger small = factor.numerator().min(factor.denominator());
        String digits = large.toString();
        if (!small.equals(BigInteger.ONE) || !large.equals(BigInteger.TEN.pow(digits.length() - 1))) {
            return Optional.empty();
        }
        int places = digits.length() - 1;
        return Optional.of(large.equals(factor.numerator()) ? places : -places);
    }
}
