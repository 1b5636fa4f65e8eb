package dev.handover.mapping.unit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The functional tests of UCUM (edition of 3 February 2021), by Grahame Grieve and others: every case of them. */
class UcumPublishedCasesTest {
    private static final Ucum UCUM = Ucum.standard();
    private static final MathContext FINE = new MathContext(40, RoundingMode.HALF_EVEN);

    @Test
    void everyValidationCaseIsAnsweredAsPublished() throws Exception {
        List<Element> cases = cases("validation");
        List<String> different = new ArrayList<>();
        for (Element test : cases) {
            boolean valid = UCUM.parse(test.getAttribute("unit")).isPresent();
            if (valid != Boolean.parseBoolean(test.getAttribute("valid"))) {
                different.add(test.getAttribute("id") + " " + test.getAttribute("unit"));
            }
        }
        assertThat(cases.size()).isEqualTo(529);
        assertThat(different).isEmpty();
    }

    @Test
    void everyConversionCaseComesOutToTheDigitsThatArePublished() throws Exception {
        List<Element> cases = cases("conversion");
        List<String> different = new ArrayList<>();
        for (Element test : cases) {
            BigDecimal published = new BigDecimal(test.getAttribute("outcome"));
            BigDecimal ours = converted(test).round(new MathContext(published.precision(), RoundingMode.HALF_UP));
            if (ours.compareTo(published) != 0) {
                different.add(test.getAttribute("id") + ": " + ours + ", not " + published);
            }
        }
        assertThat(cases.size()).isEqualTo(30);
        assertThat(different).isEmpty();
    }

    /**
     * Four published outcomes are rounded to the digits of the input (6.3 times 4 is "25"); ours are what they are.
     * Four more have a power of pi or a period in them, and no last digit.
     */
    @Test
    void weDifferFromPublishedConversionsOnlyInDigitsThatTheyCutOff() throws Exception {
        List<String> cut = new ArrayList<>();
        for (Element test : cases("conversion")) {
            if (converted(test).compareTo(new BigDecimal(test.getAttribute("outcome"))) != 0) {
                cut.add(test.getAttribute("id") + " "
                        + converted(test).stripTrailingZeros().toPlainString());
            }
        }
        assertThat(cut)
                .containsExactly(
                        "3-113 25.2",
                        "3-115 1.575",
                        "3-118 0.16002",
                        "3-119 16.002",
                        "3-122 0.000001256637061435917295385057353311801153679",
                        "3-123 0.000001256637061435917295385057353311801153679",
                        "3-124 0.001256637061435917295385057353311801153679",
                        "3-128 0.000000000000000001057000834024615463709460524485127233353");
    }

    @Test
    void everyMultiplicationAndDivisionCaseComesOut() throws Exception {
        assertThat(cases("multiplication").size()).isEqualTo(2);
        for (Element test : cases("multiplication")) {
            assertThat(combined(test, ".")).as(test.getAttribute("id")).isEqualByComparingTo(test.getAttribute("vRes"));
        }
        assertThat(cases("division").size()).isEqualTo(3);
        for (Element test : cases("division")) {
            BigDecimal published = new BigDecimal(test.getAttribute("vRes"));
            assertThat(combined(test, "/").round(new MathContext(published.precision(), RoundingMode.HALF_UP)))
                    .as(test.getAttribute("id"))
                    .isEqualByComparingTo(published);
        }
    }

    /** The product or quotient of the two quantities of a case, in the unit of its result. */
    private static BigDecimal combined(Element test, String operator) {
        BigDecimal left = new BigDecimal(test.getAttribute("v1"));
        BigDecimal right = new BigDecimal(test.getAttribute("v2"));
        String result = test.getAttribute("uRes");
        Unit unit = UCUM.require("(" + test.getAttribute("u1") + ")" + operator + "(" + test.getAttribute("u2") + ")");
        Conversion conversion = Conversion.between(unit, UCUM.require(result.isEmpty() ? "1" : result));
        return multiplied(operator.equals(".") ? left.multiply(right) : left.divide(right, FINE), conversion.factor());
    }

    private static BigDecimal multiplied(BigDecimal value, Rational factor) {
        return value.multiply(new BigDecimal(factor.numerator())).divide(new BigDecimal(factor.denominator()), FINE);
    }

    private static BigDecimal converted(Element test) {
        Conversion conversion = Conversion.between(
                UCUM.require(test.getAttribute("srcUnit")), UCUM.require(test.getAttribute("dstUnit")));
        BigDecimal value = new BigDecimal(test.getAttribute("value"));
        return conversion.exact(value).orElseGet(() -> multiplied(value, conversion.factor()));
    }

    private static List<Element> cases(String section) throws Exception {
        NodeList nodes = ((Element) published().getElementsByTagName(section).item(0)).getElementsByTagName("case");
        List<Element> cases = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            cases.add((Element) nodes.item(i));
        }
        return cases;
    }

    private static Document published() throws Exception {
        try (InputStream in = resource("UcumFunctionalTests.xml")) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
    }

    static InputStream resource(String name) throws IOException {
        return Objects.requireNonNull(UcumPublishedCasesTest.class.getResourceAsStream("/ucum/" + name), name);
    }
}
