package dev.handover.mapping.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QuantitiesTest {
    private static final Ucum UCUM = Ucum.standard();
    private static final LocalUnits LOCAL = LocalUnits.of(
            UCUM,
            Map.of("mg%", "mg/dL", "mmol/l", "mmol/L", "gm/dl", "g/dL", "none", "-", "units", "?", "in", "[in_i]"),
            Set.of(Spelling.OUTER_BLANKS));
    private static final Conversion GLUCOSE =
            Conversion.declared(unit("mg/dL"), unit("mmol/L"), Rational.parse("0.0555"));

    @Test
    void aDeclaredFactorServesTheUnitThatItIsDeclaredForAndNoOther() {
        Quantities glucose = new Quantities(UCUM, spec(Set.of(), "mmol/L", List.of(GLUCOSE), Optional.empty()));
        assertThat(glucose.of(new BigDecimal("100"), "mg%"))
                .isEqualTo(new Quantity.Measured(new BigDecimal("5.55"), unit("mmol/L"), Quantity.Precision.EXACT));
        assertThat(glucose.of(new BigDecimal("5.50"), "mmol/l"))
                .isEqualTo(
                        new Quantity.Measured(new BigDecimal("5.50"), unit("mmol/L"), Quantity.Precision.AS_WRITTEN));
        assertThat(glucose.of(new BigDecimal("1"), "gm/dl"))
                .isEqualTo(new Quantity.Inconvertible(unit("g/dL"), Refusal.DIMENSION));
        assertThat(glucose.of(new BigDecimal("100"), "mg/dL")).isInstanceOf(Quantity.Measured.class);
    }

    @Test
    void withoutATargetUnitsGetTheirNameAndValuesStay() {
        Quantities plain = new Quantities(
                UCUM,
                new Quantities.Spec(
                        LOCAL, UnitPolicy.STRICT_MAP, Set.of(), Optional.empty(), List.of(), Optional.empty()));
        assertThat(plain.of(new BigDecimal("100.0"), "mg% "))
                .isEqualTo(
                        new Quantity.Measured(new BigDecimal("100.0"), unit("mg/dL"), Quantity.Precision.AS_WRITTEN));
        assertThat(plain.of(BigDecimal.ONE, "none")).isEqualTo(new Quantity.Unitless(BigDecimal.ONE));
        assertThat(plain.of(BigDecimal.ONE, "units")).isEqualTo(new Quantity.Unknown(Meaning.Cause.AMBIGUOUS));
    }

    @Test
    void whatTheMapKnowsAndTheTargetCannotTakeIsShownBeforeTheFirstRow() {
        Quantities feet = new Quantities(UCUM, spec(Set.of(), "[ft_i]", List.of(), Optional.empty()));
        assertThat(feet.inconvertible())
                .containsOnlyKeys(unit("mg/dL"), unit("mmol/L"), unit("g/dL"))
                .containsValue(Refusal.DIMENSION);
        assertThat(feet.endless()).containsExactly(unit("[in_i]"));
        assertThat(feet.of(new BigDecimal("70"), "in")).isEqualTo(new Quantity.Endless(unit("[in_i]")));
        assertThat(feet.of(new BigDecimal("72"), "in"))
                .isEqualTo(new Quantity.Measured(new BigDecimal("6"), unit("[ft_i]"), Quantity.Precision.EXACT));
        Quantities rounded = new Quantities(
                UCUM, spec(Set.of(), "[ft_i]", List.of(), Optional.of(new Rounding(2, RoundingMode.HALF_UP))));
        assertThat(rounded.endless()).isEmpty();
        assertThat(rounded.of(new BigDecimal("70"), "in"))
                .isEqualTo(new Quantity.Measured(new BigDecimal("5.83"), unit("[ft_i]"), Quantity.Precision.ROUNDED));
    }

    @Test
    void aValueIsRestoredWhereNoDigitOfItIsLost() {
        Quantities heights = new Quantities(
                UCUM, spec(Set.of(), "cm", List.of(), Optional.of(new Rounding(1, RoundingMode.HALF_UP))));
        assertThat(heights.back(new BigDecimal("177.8"), "in")).contains(new BigDecimal("70"));
        assertThat(heights.back(new BigDecimal("178.0"), "in")).isEmpty();
        assertThat(heights.back(new BigDecimal("178.0"), "cm")).contains(new BigDecimal("178.0"));
        assertThat(heights.back(new BigDecimal("1.0"), "none")).contains(new BigDecimal("1.0"));
        assertThat(heights.back(new BigDecimal("1.0"), "units")).isEmpty();
    }

    @Test
    void aUnitStringIsRestoredWhereItIsTheOnlyOne() {
        LocalUnits twice =
                LocalUnits.of(UCUM, Map.of("mg%", "mg/dL", "mg/dl", "mg/dL", "gm/dl", "g/dL", "g/L", "g/L"), Set.of());
        Quantities strict = named(twice, UnitPolicy.STRICT_MAP);
        assertThat(strict.back(unit("g/dL"))).contains("gm/dl");
        assertThat(strict.back(unit("g/L"))).contains("g/L");
        assertThat(strict.back(unit("mg/dL"))).isEmpty();
        Quantities open = named(twice, UnitPolicy.MAP_THEN_UCUM);
        assertThat(open.back(unit("g/dL"))).isEmpty();
        assertThat(open.back(unit("g/L"))).contains("g/L");
        assertThat(open.back(unit("kg/L"))).contains("kg/L");
    }

    private static Quantities named(LocalUnits local, UnitPolicy policy) {
        return new Quantities(
                UCUM, new Quantities.Spec(local, policy, Set.of(), Optional.empty(), List.of(), Optional.empty()));
    }

    @Test
    void expectedUnitsSayWhatMayPassBesideTheMap() {
        Quantities lengths = new Quantities(
                UCUM,
                new Quantities.Spec(
                        LOCAL,
                        UnitPolicy.MAP_THEN_UCUM,
                        Set.of(unit("cm"), unit("Mm")),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()));
        assertThat(lengths.meaning("km")).isEqualTo(new Meaning.Known(unit("km")));
        assertThat(lengths.meaning("Mm")).isEqualTo(new Meaning.Known(unit("Mm")));
        assertThat(lengths.meaning("Gm")).isEqualTo(new Meaning.Unknown(Meaning.Cause.UCUM_BY_ACCIDENT));
        assertThat(lengths.meaning("g/L")).isEqualTo(new Meaning.Unknown(Meaning.Cause.UCUM_BY_ACCIDENT));
        assertThat(lengths.meaning("gm/dl")).isEqualTo(new Meaning.Known(unit("g/dL")));
    }

    @Test
    void aSpecificationThatContradictsItselfIsRefused() {
        assertThatThrownBy(() -> new Quantities(UCUM, spec(Set.of(), "g/L", List.of(GLUCOSE), Optional.empty())))
                .hasMessageContaining("does not lead to the target");
        assertThatThrownBy(() ->
                        new Quantities(UCUM, spec(Set.of(), "mmol/L", List.of(GLUCOSE, GLUCOSE), Optional.empty())))
                .hasMessageContaining("two conversions");
        assertThatThrownBy(() -> new Quantities(
                        UCUM,
                        new Quantities.Spec(
                                LocalUnits.empty(),
                                UnitPolicy.MAP_THEN_UCUM,
                                Set.of(),
                                Optional.empty(),
                                List.of(),
                                Optional.empty())))
                .hasMessageContaining("declare a target or expected units");
        assertThatThrownBy(() -> LocalUnits.of(UCUM, Map.of("x", "mg/DL"), Set.of()))
                .hasMessageContaining("'mg/DL' is no UCUM code: wanted a unit at character 4");
        assertThatThrownBy(() -> LocalUnits.of(UCUM, Map.of("x", ""), Set.of())).hasMessageContaining("no meaning");
    }

    @Test
    void noQuantityPrintsItsValue() {
        assertThat(new Quantity.Measured(new BigDecimal("4711"), unit("kg"), Quantity.Precision.EXACT))
                .hasToString("Measured[kg, EXACT]");
        assertThat(new Quantity.Unitless(new BigDecimal("4711"))).hasToString("Unitless");
    }

    /** The best of many rounds: what the code costs, not what else the machine does. */
    @Test
    void aConversionCostsLessThanAMicrosecond() {
        Quantities heights = new Quantities(
                UCUM, spec(Set.of(), "cm", List.of(), Optional.of(new Rounding(1, RoundingMode.HALF_UP))));
        Quantities proteins = new Quantities(UCUM, spec(Set.of(), "g/L", List.of(), Optional.empty()));
        long best = Long.MAX_VALUE;
        int calls = 10_000;
        BigDecimal value = new BigDecimal("70.5");
        long scales = 0;
        for (int round = 0; round < 200; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                scales += scale(heights.of(value, "in")) + scale(proteins.of(value, "gm/dl"));
            }
            best = Math.min(best, (System.nanoTime() - start) / (2L * calls));
        }
        assertThat(scales).isEqualTo(200L * calls);
        assertThat(best).as("ns of a conversion").isLessThan(1_000);
    }

    private static int scale(Quantity quantity) {
        return quantity instanceof Quantity.Measured measured ? measured.value().scale() : 99;
    }

    private static Quantities.Spec spec(
            Set<Unit> expected, String target, List<Conversion> declared, Optional<Rounding> rounding) {
        return new Quantities.Spec(
                LOCAL, UnitPolicy.MAP_THEN_UCUM, expected, Optional.of(unit(target)), declared, rounding);
    }

    private static Unit unit(String code) {
        return UCUM.require(code);
    }
}
