package dev.handover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.mapping.unit.LocalUnits;
import dev.handover.mapping.unit.Meaning;
import dev.handover.mapping.unit.Quantities;
import dev.handover.mapping.unit.Quantity;
import dev.handover.mapping.unit.Spelling;
import dev.handover.mapping.unit.Ucum;
import dev.handover.mapping.unit.Unit;
import dev.handover.mapping.unit.UnitPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of local unit strings that the demo ships. */
class DemoUnitsTest {
    private static final Ucum UCUM = Ucum.standard();

    @Test
    void everyRowIsAUnitOrSaysWhyNot() throws IOException {
        Map<String, String> rows = rows();
        LocalUnits local = LocalUnits.of(UCUM, rows, Set.of(Spelling.values()));
        assertThat(rows.size()).isGreaterThan(120);
        assertThat(local.units().size()).isGreaterThan(50);
        assertThat(rows).doesNotContainValue("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ul/l", "U", "units", "gr", "Mg", "oz", "mmol/l 24h "})
    void whatCanMeanTwoThingsIsNotGuessed(String string) throws IOException {
        assertThat(LocalUnits.of(UCUM, rows(), Set.of()).lookup(string))
                .contains(new Meaning.Unknown(Meaning.Cause.AMBIGUOUS));
    }

    @Test
    void theTrapsOfMimicAndOpenElisAreWhatTheirAuthorsMeant() throws IOException {
        LocalUnits local = LocalUnits.of(UCUM, rows(), Set.of());
        assertThat(local.lookup("N/A")).contains(new Meaning.NoUnit());
        assertThat(local.lookup("")).contains(new Meaning.NoUnit());
        assertThat(local.lookup(" ")).contains(new Meaning.NoUnit());
        assertThat(local.lookup("K/uL")).contains(known("10*3/uL"));
        assertThat(local.lookup("m/uL")).contains(known("10*6/uL"));
        assertThat(local.lookup("mlU/ml")).contains(known("m[IU]/mL"));
        assertThat(local.lookup("\u00b5g/l")).contains(known("ug/L"));
        assertThat(local.lookup("\u03bcg/l")).contains(known("ug/L"));
    }

    @Test
    void valuesOfTheDemoConvertWithIt() throws IOException {
        Unit celsius = UCUM.require("Cel");
        Quantities temperature = new Quantities(
                UCUM,
                new Quantities.Spec(
                        LocalUnits.of(UCUM, rows(), Set.of(Spelling.values())),
                        UnitPolicy.MAP_THEN_UCUM,
                        Set.of(),
                        Optional.of(celsius),
                        List.of(),
                        Optional.empty()));
        assertThat(temperature.of(new BigDecimal("98.6"), "deg F"))
                .isEqualTo(new Quantity.Measured(new BigDecimal("37"), celsius, Quantity.Precision.EXACT));
        assertThat(temperature.of(new BigDecimal("98.6"), "U")).isInstanceOf(Quantity.Unknown.class);
    }

    private static Meaning known(String code) {
        return new Meaning.Known(UCUM.require(code));
    }

    /** The file has quotation marks around whole fields only, and no comma within one. */
    private static Map<String, String> rows() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(DemoUnitsTest.class.getResourceAsStream("demo/maps/units.csv"))) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(lines.get(0)).isEqualTo("local,ucum,comment");
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.split(",", -1);
                assertThat(fields).as(line).hasSize(3);
                assertThat(rows.put(fields[0].replace("\"", ""), fields[1]))
                        .as(line)
                        .isNull();
            }
        }
        return rows;
    }
}
