package dev.handover.mapping.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionTest {
    private static final Ucum UCUM = Ucum.standard();
    private static final Rounding TENTHS = new Rounding(1, RoundingMode.HALF_UP);

    @ParameterizedTest
    @CsvSource({
        "98.6, [degF], Cel, 37",
        "-40, [degF], Cel, -40",
        "0, [degF], K, ",
        "32.0, [degF], Cel, 0",
        "36.6, Cel, [degF], 97.88",
        "37, Cel, K, 310.15",
        "0, Cel, [degRe], 0",
        "1.8, [degR], K, 1",
        "70, [in_i], cm, 177.8",
        "178, cm, [in_i], ",
        "150, [lb_av], kg, 68.0388555",
        "120, mm[Hg], kPa, 15.99864",
        "100, mg/dL, g/L, 1.00",
        "2.0, g/dL, g/L, 20",
        "2.50, g/dL, g/L, 25.0",
        "250, mg, g, 0.250",
        "2, g, mg, 2000",
        "7.5, 10*3/uL, 10*9/L, 7.5",
        "4.50, 10*6/uL, 10*12/L, 4.50",
        "7500, /uL, 10*3/uL, 7.500",
        "1, h, min, 60",
        "45, min, h, 0.75",
        "50, min, h, ",
        "60, U/L, ukat/L, 1",
        "1, [pt_us], mL, 473.176473",
        "180, deg, [pi].rad, 1",
        "180, deg, rad, ",
        "5, %, mg/g, 50",
        "1, [IU]/L, m[iU]/mL, 1",
    })
    void theResultIsExactOrThereIsNone(String value, String from, String to, String result) {
        assertThat(conversion(from, to).exact(new BigDecimal(value)).map(BigDecimal::toPlainString))
                .isEqualTo(Optional.ofNullable(result));
    }

    @ParameterizedTest
    @CsvSource({
        "98.7, [degF], Cel, 37.1",
        "98.6, [degF], Cel, 37.0",
        "-0.05, Cel, Cel, -0.1",
        "178, cm, [in_i], 70.1",
        "70, [in_i], cm, 177.8",
        "37, Cel, Cel, 37",
        "250, mg, g, 0.3",
        "2, g, mg, 2000",
        "180, deg, rad, 3.1",
    })
    void roundingHappensOnceAndAddsNoZeroToAMovedPoint(String value, String from, String to, String result) {
        assertThat(conversion(from, to).rounded(new BigDecimal(value), TENTHS).toPlainString())
                .isEqualTo(result);
    }

    @Test
    void onlyAConversionWithADecimalFactorNeedsNoRoundingEver() {
        assertThat(conversion("[in_i]", "cm").alwaysEnds()).isTrue();
        assertThat(conversion("cm", "[in_i]").alwaysEnds()).isFalse();
        assertThat(conversion("Cel", "[degF]").alwaysEnds()).isTrue();
        assertThat(conversion("[degF]", "Cel").alwaysEnds()).isFalse();
        assertThat(conversion("deg", "rad").alwaysEnds()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "mg/dL, mmol/L, DIMENSION",
        "K/uL, 10*3/uL, DIMENSION",
        "m/uL, 10*6/uL, DIMENSION",
        "N/A, /uL, DIMENSION",
        "[iU]/mL, U/mL, DIMENSION",
        "[iU], mg, DIMENSION",
        "[iU], [USP'U], KIND",
        "[arb'U], [iU], KIND",
        "meq/L, mmol/L, KIND",
        "mosm/L, mmol/L, KIND",
        "mmol/L, 10*9/L, KIND",
        "/[HPF], 1, KIND",
        "[pH], 1, DIMENSION",
        "[pH], mol/L, KIND",
        "B[V], mV, KIND",
        "mL/min/{1.73_m2}, mL/min, ANNOTATION",
        "{cells}/uL, /uL, ANNOTATION",
    })
    void whatIsNotTheSameKindOfThingIsNotConverted(String from, String to, Refusal refusal) {
        assertThat(Conversion.refusal(unit(from), unit(to))).contains(refusal);
        assertThatThrownBy(() -> conversion(from, to))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(refusal.name());
    }

    @Test
    void aMolarMassIsDeclared() {
        Conversion glucose = Conversion.declared(unit("mg/dL"), unit("mmol/L"), Rational.parse("10/180.156"));
        assertThat(glucose.exact(new BigDecimal("100"))).isEmpty();
        assertThat(glucose.rounded(new BigDecimal("100"), new Rounding(2, RoundingMode.HALF_UP)))
                .isEqualTo("5.55");
        Conversion short4 = Conversion.declared(unit("mg/dL"), unit("mmol/L"), Rational.parse("0.0555"));
        assertThat(short4.exact(new BigDecimal("100"))).contains(new BigDecimal("5.55"));
    }

    @Test
    void noFactorIsDeclaredThatTurnsValuesRoundOrForgetsAZeroPoint() {
        assertThatThrownBy(() -> Conversion.declared(unit("mg/dL"), unit("mmol/L"), Rational.ZERO))
                .hasMessageContaining("above zero");
        assertThatThrownBy(() -> Conversion.declared(unit("[degF]"), unit("Cel"), Rational.parse("5/9")))
                .hasMessageContaining("scale of its own");
    }

    @Test
    void scalesOfOneFunctionAreMultiplesOfEachOther() {
        assertThat(conversion("dB[SPL]", "B[SPL]").exact(new BigDecimal("35"))).contains(new BigDecimal("3.5"));
        assertThat(conversion("[pH]", "[pH]").exact(new BigDecimal("7.40"))).contains(new BigDecimal("7.40"));
    }

    @Test
    void aRoundedResultSaysSo() {
        assertThat(conversion("[degF]", "Cel").convert(new BigDecimal("98.6"), Optional.of(TENTHS)))
                .isEqualTo(new Quantity.Measured(new BigDecimal("37.0"), unit("Cel"), Quantity.Precision.EXACT));
        assertThat(conversion("[degF]", "Cel").convert(new BigDecimal("98.7"), Optional.of(TENTHS)))
                .isEqualTo(new Quantity.Measured(new BigDecimal("37.1"), unit("Cel"), Quantity.Precision.ROUNDED));
        assertThat(conversion("[degF]", "Cel").convert(new BigDecimal("98.7"), Optional.empty()))
                .isEqualTo(new Quantity.Endless(unit("[degF]")));
    }

    private static Conversion conversion(String from, String to) {
        return Conversion.between(unit(from), unit(to));
    }

    private static Unit unit(String code) {
        return UCUM.require(code);
    }
}
