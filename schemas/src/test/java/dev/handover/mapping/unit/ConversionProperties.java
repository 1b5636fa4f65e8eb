package dev.handover.mapping.unit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Laws of conversions between random units: every atom, random prefixes, powers, products and quotients. */
class ConversionProperties {
    private static final Ucum UCUM = Ucum.standard();
    private static final List<Definition> ATOMS =
            List.copyOf(Essence.load().atoms().values());
    private static final List<String> PREFIXES =
            Essence.load().prefixes().keySet().stream().sorted().toList();
    private static final List<List<Unit>> ALIKE = alike(new Random(3));

    @Test
    void theSampleIsLarge() {
        assertThat(ALIKE.size()).isGreaterThan(100);
        assertThat(ALIKE.stream().mapToInt(List::size).sum()).isGreaterThan(5_000);
    }

    @RepeatedTest(50)
    void thereAndBackIsWhereItStarted(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 200; i++) {
            List<Unit> units = ALIKE.get(random.nextInt(ALIKE.size()));
            Conversion there = Conversion.between(pick(units, random), pick(units, random));
            Conversion back = Conversion.between(there.to(), there.from());
            assertThat(back).isEqualTo(there.inverse());
            assertThat(there.factor().times(back.factor())).isEqualTo(Rational.ONE);
            BigDecimal value = value(random);
            there.exact(value).ifPresent(converted -> {
                assertThat(there.isExactly(value, converted)).as("%s", there).isTrue();
                assertThat(back.exact(converted).orElseThrow()).as("%s", there).isEqualByComparingTo(value);
            });
        }
    }

    @RepeatedTest(50)
    void aDetourEndsAtTheSamePlace(RepetitionInfo repetition) {
        Random random = new Random(1_000L + repetition.getCurrentRepetition());
        for (int i = 0; i < 200; i++) {
            List<Unit> units = ALIKE.get(random.nextInt(ALIKE.size()));
            Unit from = pick(units, random);
            Unit by = pick(units, random);
            Unit to = pick(units, random);
            BigDecimal value = value(random);
            Optional<BigDecimal> direct = Conversion.between(from, to).exact(value);
            Optional<BigDecimal> detour =
                    Conversion.between(from, by).exact(value).flatMap(Conversion.between(by, to)::exact);
            if (direct.isPresent() && detour.isPresent()) {
                assertThat(direct.get()).as("%s by %s to %s", from, by, to).isEqualByComparingTo(detour.get());
            }
        }
    }

    @RepeatedTest(50)
    void aLargerValueStaysLarger(RepetitionInfo repetition) {
        Random random = new Random(2_000L + repetition.getCurrentRepetition());
        for (int i = 0; i < 200; i++) {
            List<Unit> units = ALIKE.get(random.nextInt(ALIKE.size()));
            Conversion conversion = Conversion.between(pick(units, random), pick(units, random));
            BigDecimal one = value(random);
            BigDecimal other = value(random);
            Rounding rounding = new Rounding(random.nextInt(39), RoundingMode.HALF_EVEN);
            assertThat(conversion.factor().numerator().signum()).isPositive();
            assertThat(conversion.rounded(one, rounding).compareTo(conversion.rounded(other, rounding))
                            * one.compareTo(other))
                    .as("%s", conversion)
                    .isNotNegative();
        }
    }

    @RepeatedTest(20)
    void aRoundedResultIsTheNearestOfItsScale(RepetitionInfo repetition) {
        Random random = new Random(3_000L + repetition.getCurrentRepetition());
        for (int i = 0; i < 200; i++) {
            List<Unit> units = ALIKE.get(random.nextInt(ALIKE.size()));
            Conversion conversion = Conversion.between(pick(units, random), pick(units, random));
            BigDecimal value = value(random);
            int scale = random.nextInt(10);
            BigDecimal rounded = conversion.rounded(value, new Rounding(scale, RoundingMode.HALF_EVEN));
            Optional<BigDecimal> exact = conversion.exact(value);
            assertThat(rounded.scale()).isLessThanOrEqualTo(scale);
            exact.ifPresent(digits -> assertThat(rounded.subtract(digits).abs())
                    .as("%s", conversion)
                    .isLessThanOrEqualTo(BigDecimal.valueOf(5, scale + 1)));
        }
    }

    @Test
    void noStringBreaksTheParser() {
        Random random = new Random(7);
        String alphabet = "mgKLul/.()[]{}%*^'0129+-_ \u00b5\u0000CeldF";
        for (int i = 0; i < 100_000; i++) {
            String text = random.ints(random.nextInt(12), 0, alphabet.length())
                    .mapToObj(at -> String.valueOf(alphabet.charAt(at)))
                    .collect(Collectors.joining());
            Optional<Unit> unit = UCUM.parse(text);
            unit.ifPresent(parsed ->
                    assertThat(Conversion.between(parsed, parsed).factor()).isEqualTo(Rational.ONE));
        }
        assertThat(UCUM.parse("(".repeat(300))).isEmpty();
        assertThat(UCUM.parse("(".repeat(120) + "m" + ")".repeat(120))).isPresent();
        assertThat(UCUM.parse("m99")).isPresent();
        assertThat(UCUM.parse("m999999999")).isEmpty();
        assertThat(UCUM.parse("m-2147483648")).isEmpty();
    }

    @Test
    void everyAtomAndPrefixReadsInOneWayOnly() {
        for (String prefix : PREFIXES) {
            for (Definition atom : ATOMS) {
                Optional<Unit> unit = UCUM.parse(prefix + atom.code());
                boolean anotherAtom =
                        ATOMS.stream().anyMatch(other -> other.code().equals(prefix + atom.code()));
                assertThat(anotherAtom && atom.metric())
                        .as(prefix + atom.code())
                        .isFalse();
                if (atom.metric()) {
                    assertThat(unit).as(prefix + atom.code()).isPresent();
                }
            }
        }
    }

    /** Random units that convert into each other, in groups of two and more. */
    private static List<List<Unit>> alike(Random random) {
        List<Unit> units = new ArrayList<>();
        for (Definition atom : ATOMS) {
            units.add(UCUM.require(atom.code()));
            for (int i = 0; i < 40; i++) {
                UCUM.parse(random(random)).ifPresent(units::add);
                UCUM.parse(prefixed(atom, random)).ifPresent(units::add);
            }
        }
        Map<String, List<Unit>> groups = units.stream()
                .filter(unit -> unit.measure().pi() == 0)
                .collect(Collectors.groupingBy(unit -> unit.dimension() + unit.annotations()));
        return groups.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .filter(group -> group.size() > 1)
                .toList();
    }

    private static String random(Random random) {
        StringBuilder code = new StringBuilder(random.nextInt(8) == 0 ? "/" : "");
        int parts = 1 + random.nextInt(3);
        for (int i = 0; i < parts; i++) {
            code.append(i == 0 ? "" : random.nextBoolean() ? "." : "/");
            switch (random.nextInt(8)) {
                case 0 -> code.append(1 + random.nextInt(99));
                case 1 -> code.append("10*").append(random.nextInt(25) - 12);
                default ->
                    code.append(prefixed(ATOMS.get(random.nextInt(ATOMS.size())), random))
                            .append(random.nextInt(3) == 0 ? String.valueOf(random.nextInt(7) - 3) : "");
            }
        }
        return code.toString();
    }

    private static String prefixed(Definition atom, Random random) {
        boolean prefixed = atom.metric() && random.nextBoolean();
        return (prefixed ? PREFIXES.get(random.nextInt(PREFIXES.size())) : "") + atom.code();
    }

    private static Unit pick(List<Unit> units, Random random) {
        return units.get(random.nextInt(units.size()));
    }

    private static BigDecimal value(Random random) {
        return new BigDecimal(new BigInteger(1 + random.nextInt(60), random), random.nextInt(12))
                .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1));
    }
}
