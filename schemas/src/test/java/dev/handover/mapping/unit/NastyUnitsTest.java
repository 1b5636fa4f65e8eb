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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The unit strings that were seen in MIMIC and OpenELIS, and what common libraries make of them. */
class NastyUnitsTest {
    private static final Ucum UCUM = Ucum.standard();
    private static final String MICRO = "\u00b5";
    private static final String MU = "\u03bc";

    /** Case 34: kelvin per microlitre, metre per microlitre and newton per ampere are well-formed, and nobody's. */
    @ParameterizedTest
    @ValueSource(strings = {"K/uL", "m/uL", "N/A"})
    void aCodeThatIsUcumByAccidentPassesInNoColumnOfCounts(String local) {
        assertThat(UCUM.parse(local)).isPresent();
        Quantities counts = quantities(Map.of(), UnitPolicy.MAP_THEN_UCUM, "10*3/uL");
        assertThat(counts.meaning(local)).isEqualTo(new Meaning.Unknown(Meaning.Cause.UCUM_BY_ACCIDENT));
        assertThat(counts.of(new BigDecimal("7.5"), local))
                .isEqualTo(new Quantity.Unknown(Meaning.Cause.UCUM_BY_ACCIDENT));
    }

    /** Case 34, with the map that a person wrote: thousand and million per microlitre, and no unit. */
    @Test
    void theMapComesBeforeUcum() {
        Quantities counts = quantities(
                Map.of("K/uL", "10*3/uL", "m/uL", "10*6/uL", "N/A", "-", "", "-", " ", "?"),
                UnitPolicy.MAP_THEN_UCUM,
                "10*9/L");
        assertThat(counts.of(new BigDecimal("7.50"), "K/uL")).isEqualTo(asWritten("7.50", "10*9/L"));
        assertThat(counts.of(new BigDecimal("4.5"), "m/uL")).isEqualTo(asWritten("4500", "10*9/L"));
        assertThat(counts.of(new BigDecimal("4.5"), "N/A")).isEqualTo(new Quantity.Unitless(new BigDecimal("4.5")));
        assertThat(counts.of(new BigDecimal("4.5"), "")).isEqualTo(new Quantity.Unitless(new BigDecimal("4.5")));
        assertThat(counts.of(new BigDecimal("4.5"), " ")).isEqualTo(new Quantity.Unknown(Meaning.Cause.AMBIGUOUS));
    }

    /** Case 34: '' in 14,042 rows and ' ' in 339 are two strings, unless the author says that blanks do not matter. */
    @Test
    void anEmptyUnitAndABlankAreNotTheSame() {
        LocalUnits exact = LocalUnits.of(UCUM, Map.of("", "-"), Set.of());
        assertThat(exact.lookup("")).contains(new Meaning.NoUnit());
        assertThat(exact.lookup(" ")).isEmpty();
        LocalUnits lenient = LocalUnits.of(UCUM, Map.of("", "-"), Set.of(Spelling.OUTER_BLANKS));
        assertThat(lenient.lookup(" ")).contains(new Meaning.NoUnit());
    }

    /** Case 33: 2.0 is not 2, before and after. */
    @Test
    void theDigitsOfAResultAreKeptWhereOnlyThePointMoves() {
        Quantities grams = quantities(Map.of("g/dl", "g/dL"), UnitPolicy.STRICT_MAP, "g/L");
        assertThat(grams.of(new BigDecimal("2.0"), "g/dl")).isEqualTo(asWritten("20", "g/L"));
        assertThat(grams.of(new BigDecimal("2"), "g/dl")).isEqualTo(asWritten("20", "g/L"));
        assertThat(grams.of(new BigDecimal("2.00"), "g/dl")).isEqualTo(asWritten("20.0", "g/L"));
        Conversion back = Conversion.between(UCUM.require("g/L"), UCUM.require("g/dL"));
        assertThat(back.exact(new BigDecimal("20"))).contains(new BigDecimal("2.0"));
    }

    /** Case 35: an amount with 17 digits is none less afterwards. */
    @Test
    void noDigitOfALongAmountIsLost() {
        Quantities litres = quantities(Map.of("ml", "mL"), UnitPolicy.STRICT_MAP, "L");
        assertThat(litres.of(new BigDecimal("2.0000001043081284"), "ml"))
                .isEqualTo(asWritten("0.0020000001043081284", "L"));
    }

    /** Case 36: an l for an I. */
    @ParameterizedTest
    @ValueSource(strings = {"mlU/ml", "Ul/l", "UI/L", "IU/L"})
    void aLetterForAnotherIsNotGuessed(String local) {
        Quantities activity = quantities(Map.of(), UnitPolicy.MAP_THEN_UCUM, "U/L");
        assertThat(activity.meaning(local)).isEqualTo(new Meaning.Unknown(Meaning.Cause.NO_UCUM));
    }

    /** Case 36: two characters that look the same, and a blank at the end. */
    @Test
    void theTwoMicroSignsAreOneOnlyWhereTheAuthorSaysSo() {
        Map<String, String> meanings = Map.of(MICRO + "g/l", "ug/L", "mmol/l 24h ", "mmol/(24.h)");
        LocalUnits exact = LocalUnits.of(UCUM, meanings, Set.of());
        assertThat(exact.lookup(MU + "g/l")).isEmpty();
        assertThat(exact.lookup("mmol/l 24h")).isEmpty();
        LocalUnits lenient = LocalUnits.of(UCUM, meanings, Set.of(Spelling.values()));
        assertThat(lenient.lookup(MU + "g/l")).contains(new Meaning.Known(UCUM.require("ug/L")));
        assertThat(lenient.lookup(" mmol/l\u00a0 24h")).contains(new Meaning.Known(UCUM.require("mmol/(24.h)")));
    }

    @Test
    void twoStringsThatAreOneInSpellingMustMeanOneUnit() {
        Map<String, String> meanings = Map.of(MICRO + "g", "ug", MU + "g", "mg");
        assertThat(LocalUnits.of(UCUM, meanings, Set.of()).units().size()).isEqualTo(2);
        assertThatThrownBy(() -> LocalUnits.of(UCUM, meanings, Set.of(Spelling.MICRO_SIGN)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The library org.fhir:ucum 1.0.10 cannot convert these, and rounds the next to its input's digits. */
    @Test
    void fahrenheitBecomesCelsiusAndSeventyInchesAre177Point8() {
        Quantities temperature = quantities(Map.of("F", "[degF]", "C", "Cel"), UnitPolicy.STRICT_MAP, "Cel");
        assertThat(temperature.of(new BigDecimal("98.6"), "F"))
                .isEqualTo(new Quantity.Measured(new BigDecimal("37"), UCUM.require("Cel"), Quantity.Precision.EXACT));
        assertThat(temperature.of(new BigDecimal("37.0"), "C")).isEqualTo(asWritten("37.0", "Cel"));
        Quantities height = quantities(Map.of("Inch", "[in_i]"), UnitPolicy.STRICT_MAP, "cm");
        assertThat(height.of(new BigDecimal("70"), "Inch"))
                .isEqualTo(
                        new Quantity.Measured(new BigDecimal("177.8"), UCUM.require("cm"), Quantity.Precision.EXACT));
    }

    /** The library systems-ucum cannot parse it. */
    @Test
    void tenToTheSixthPerMicrolitreIsACode() {
        assertThat(UCUM.require("10*6/uL").dimension()).isEqualTo("m-3");
    }

    /** F is farad, C is coulomb, h is hour, Mg is megagram and G/L is gauss per litre: all well-formed. */
    @ParameterizedTest
    @CsvSource({"F, Cel", "C, [degF]", "Mg/dL, mg/dL", "G/L, 10*9/L", "T/L, 10*12/L", "Mmol/L, mmol/L", "PA, Pa", "S, s"
    })
    void aWrongCaseIsNoOtherUnit(String local, String expected) {
        assertThat(quantities(Map.of(), UnitPolicy.MAP_THEN_UCUM, expected).meaning(local))
                .isInstanceOf(Meaning.Unknown.class);
    }

    @Test
    void aCodeThatIsUcumOnPurposePasses() {
        Quantities glucose = quantities(Map.of(), UnitPolicy.MAP_THEN_UCUM, "mg/dL");
        assertThat(glucose.of(new BigDecimal("0.90"), "g/L")).isEqualTo(asWritten("90", "mg/dL"));
        assertThat(quantities(Map.of(), UnitPolicy.STRICT_MAP, "mg/dL").meaning("g/L"))
                .isEqualTo(new Meaning.Unknown(Meaning.Cause.UNMAPPED));
    }

    private static Quantity asWritten(String value, String code) {
        return new Quantity.Measured(new BigDecimal(value), UCUM.require(code), Quantity.Precision.AS_WRITTEN);
    }

    private static Quantities quantities(Map<String, String> meanings, UnitPolicy policy, String target) {
        return new Quantities(
                UCUM,
                new Quantities.Spec(
                        LocalUnits.of(UCUM, meanings, Set.of()),
                        policy,
                        Set.of(),
                        Optional.of(UCUM.require(target)),
                        List.of(),
                        Optional.<Rounding>empty()));
    }

    @Test
    void aRoundingThatNeverRoundsIsNone() {
        assertThatThrownBy(() -> new Rounding(2, RoundingMode.UNNECESSARY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
