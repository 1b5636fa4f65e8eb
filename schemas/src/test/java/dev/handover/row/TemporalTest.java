package dev.handover.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemporalTest {
    @ParameterizedTest
    @CsvSource({
        "10:00:00, 10:00:00",
        "10:00:00.500000, 10:00:00.5",
        "10:00:00.000000, 10:00:00",
        "2024-01-31 10:00:00.120+00, 2024-01-31 10:00:00.12+00",
        "0044-03-15 10:00:00.100000+00 BC, 0044-03-15 10:00:00.1+00 BC",
        "infinity, infinity",
    })
    void aFractionHasNoTrailingZeros(String text, String canonical) {
        assertThat(Temporal.fractionTrimmed(text).value()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "838:59:59, 838:59:59",
        "-838:59:59.000001, -838:59:59.000001",
        "00:00:00.000000, 00:00:00",
        "-00:00:01, -00:00:01",
        "PT-838H-59M-59S, -838:59:59",
        "PT-0.5S, -00:00:00.5",
        "PT0S, 00:00:00",
        "PT26H, 26:00:00",
    })
    void aDurationIsTheSameFromMariaDbAndFromTheIntervalThatHoldsIt(String text, String canonical) {
        assertThat(Temporal.duration(text).value()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "P1Y2M3DT4H5M6.7S, 14 mons 3 days 14706700000 us",
        "P-1Y-2M3DT-4H-5M-6S, -14 mons 3 days -14706000000 us",
        "PT0S, 0 mons 0 days 0 us",
        "PT0.000001S, 0 mons 0 days 1 us",
        "PT-0.5S, 0 mons 0 days -500000 us",
    })
    void anIntervalKeepsMonthsDaysAndMicroseconds(String iso, String canonical) {
        assertThat(Temporal.interval(iso).value()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 day", "P1W", "-P1D", "", "PT1.5H"})
    void whatIsNoIntervalIsRefusedWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> Temporal.interval(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not an interval in ISO 8601");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P99999999999999999999D", "P9223372036854775807Y", "PT9223372036854775807H"})
    void aPartThatIsTooLargeIsRefusedWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> Temporal.interval(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("99999")
                .hasMessageNotContaining("922337");
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999:00:00", "PT99999999999999999999H"})
    void aDurationThatIsTooLongIsRefusedWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> Temporal.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("99999");
    }
}
