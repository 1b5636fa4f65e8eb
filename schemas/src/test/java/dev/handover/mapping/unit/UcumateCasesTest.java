package dev.handover.mapping.unit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A second opinion: the cases of the library "ucumate", and the codes that UCUM recommends for messages. */
class UcumateCasesTest {
    private static final Ucum UCUM = Ucum.standard();
    private static final Rounding FINE = new Rounding(38, RoundingMode.HALF_EVEN);

    private static final Set<String> REFUSED = Set.of(
            // a mapping's author declares a molar mass for a code: no unit knows it
            "mol -> g",
            "5.mol -> 2.g",
            "g -> mol",
            "5.g -> 2.mol",
            "mol2 -> g2",
            "5.mol2 -> 2.g2",
            "5.g2 -> 2.mol2",
            "osm -> g",
            "g -> osm",
            "kat -> g/s",
            "g/s -> kat",
            "3.kat/5 -> c[lb_av]/s.4",
            // a mole is a number of particles, but no count that a laboratory reports
            "mol -> 1",
            // functions, of which no value is an exact decimal but by luck
            "[p'diop] -> rad",
            "rad -> [p'diop]",
            "%[slope] -> rad",
            "rad -> %[slope]",
            "[hp'_X] -> 1",
            "1 -> [hp'_X]",
            "[hp'_C] -> 1",
            "1 -> [hp'_C]",
            "[hp'_M] -> 1",
            "1 -> [hp'_M]",
            "[hp'_Q] -> 1",
            "1 -> [hp'_Q]",
            "[pH] -> mol/l",
            "[pH] -> umol/l",
            "Np -> 1",
            "B -> 1",
            "B[SPL] -> m-1.g.s-2",
            "B[V] -> V",
            "B[mV] -> mV",
            "B[uV] -> uV",
            "B[10.nV] -> nV",
            "B[W] -> W",
            "B[kW] -> kW",
            "[m/s2/Hz^(1/2)] -> m2/s4/Hz",
            "bit_s -> 1");

    @Test
    void everyRecommendedCodeIsRead() throws IOException {
        List<String> refused = new ArrayList<>();
        int codes = 0;
        try (InputStream in = UcumPublishedCasesTest.resource("common_ucum.csv")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\r?\n")) {
                String code = line.split(",", -1)[1];
                codes++;
                if (UCUM.parse(code).isEmpty()) {
                    refused.add(code);
                }
            }
        }
        assertThat(codes).isEqualTo(849);
        assertThat(refused)
                .containsExactly(
                        "Torr", // not in UCUM's definitions
                        "Note:  1atm=760Torr=760mmHg=101kPa=101000Pa=14.7psi"); // a line of the list that is no code
    }

    @Test
    void wellFormedCodesAreTheSame() throws IOException {
        List<String> different = new ArrayList<>();
        for (JsonNode test : cases("validate")) {
            String code = test.get("inputExpression").asText();
            if (UCUM.parse(code).isPresent() != test.get("valid").asBoolean()) {
                different.add(code);
            }
        }
        assertThat(different)
                .containsExactly(
                        "0", // a unit of nothing, by which no value can be divided
                        "da", // a prefix alone, or a tenth of a year, which takes no prefix
                        "2+5", // a number is no unit, and UCUM's own case 1-108 refuses its power
                        "12+5",
                        "10+5",
                        "10-5",
                        "Cel.m", // UCUM 21: a scale with a zero point takes no part in products
                        "m.Cel",
                        "m.5.Cel.s.2",
                        "Torr"); // not in UCUM's definitions
    }

    @Test
    void commensurableUnitsAreTheSame() throws IOException {
        List<String> different = new ArrayList<>();
        for (JsonNode test : cases("commensurable")) {
            Optional<Unit> left = UCUM.parse(test.get("expr1").asText());
            Optional<Unit> right = UCUM.parse(test.get("expr2").asText());
            boolean ours = left.isPresent()
                    && right.isPresent()
                    && Conversion.refusal(left.get(), right.get()).isEmpty();
            if (ours != test.get("commensurable").asBoolean()) {
                different.add(
                        test.get("expr1").asText() + " ~ " + test.get("expr2").asText());
            }
        }
        assertThat(different)
                .containsExactly(
                        "c[in_i] ~ dam", // an inch takes no prefix
                        "c[in_i] ~ [ft_i]",
                        "5+3 ~ 2", // no power of a number, as above
                        "[p'diop] ~ rad", // from here on functions: a tangent is no exact decimal
                        "[p'diop].5 ~ 4.rad",
                        "6.%[slope] ~ 4.rad",
                        "[hp'_X] ~ 5",
                        "[hp'_C] ~ 5",
                        "[hp'_M] ~ 5",
                        "[hp'_Q] ~ 5",
                        "mol ~ 1", // no function: a mole per litre is no cell count
                        "[pH] ~ mol/l",
                        "Np ~ 5",
                        "B ~ 5",
                        "B[SPL] ~ N.m-2",
                        "B[SPL] ~ g.m-1.s-2",
                        "cB[SPL] ~ Mg.m-1.s-2.7",
                        "B[V] ~ V",
                        "B[mV] ~ mV",
                        "B[uV] ~ uV",
                        "B[W] ~ W",
                        "B[kW] ~ kW",
                        "[m/s2/Hz^(1/2)] ~ m2/s4/Hz",
                        "bit_s ~ 1",
                        "10*{abc} ~ 1"); // what is counted differs
    }

    /** What we refuse is never answered otherwise: a molar mass, a mole as a number, and functions. */
    @Test
    void conversionsComeOutTheSame() throws IOException {
        List<String> different = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (JsonNode test : cases("convert")) {
            BigDecimal published =
                    new BigDecimal(test.get("resultingConversionFactor").asText());
            Optional<BigDecimal> ours = converted(test);
            String name = test.get("from").asText() + " -> " + test.get("to").asText();
            if (ours.isEmpty() && test.get("valid").asBoolean()) {
                refused.add(name);
            } else if (ours.isPresent() && !(test.get("valid").asBoolean() && near(ours.get(), published))) {
                different.add(name + " " + ours.get());
            }
        }
        assertThat(different).isEmpty();
        assertThat(Set.copyOf(refused)).isEqualTo(REFUSED);
        assertThat(refused.size()).isEqualTo(53);
    }

    /** The published results are cut off after some digits rather than rounded. */
    private static boolean near(BigDecimal ours, BigDecimal published) {
        if (ours.compareTo(published) == 0) {
            return true;
        }
        int digits = published.precision();
        return digits >= 4
                && (ours.round(new MathContext(digits, RoundingMode.HALF_UP)).compareTo(published) == 0
                        || ours.round(new MathContext(digits, RoundingMode.DOWN))
                                        .compareTo(published)
                                == 0);
    }

    private static Optional<BigDecimal> converted(JsonNode test) {
        Optional<Unit> from = UCUM.parse(test.get("from").asText());
        Optional<Unit> to = UCUM.parse(test.get("to").asText());
        if (from.isEmpty()
                || to.isEmpty()
                || Conversion.refusal(from.get(), to.get()).isPresent()) {
            return Optional.empty();
        }
        Conversion conversion = Conversion.between(from.get(), to.get());
        BigDecimal value = new BigDecimal(test.get("conversionFactor").asText());
        return Optional.of(conversion.exact(value).orElseGet(() -> conversion.rounded(value, FINE)));
    }

    private static JsonNode cases(String section) throws IOException {
        try (InputStream in = UcumPublishedCasesTest.resource("ucum-tests.json")) {
            return new ObjectMapper().readTree(in).get(section);
        }
    }
}
