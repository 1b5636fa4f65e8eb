package dev.handover.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValuesTest {
    @ParameterizedTest
    @CsvSource({"200ms, 200ms", "5s, 5s", "60s, 1m", "90m, 90m", "24h, 1d", "7d, 7d", "0s, 0ms"})
    void durationsAreWrittenWithTheLargestUnitThatLosesNothing(String text, String formatted) {
        assertThat(Durations.format(Durations.parse(text))).isEqualTo(formatted);
        assertThat(Durations.parse(formatted)).isEqualTo(Durations.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"0B, 0B", "512KiB, 512KiB", "1024KiB, 1MiB", "40GiB, 40GiB", "1536MiB, 1536MiB"})
    void sizesAreWrittenWithTheLargestUnitThatLosesNothing(String text, String formatted) {
        assertThat(DataSize.parse(text)).hasToString(formatted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "5 s", "-5s", "1h30m", "s", ""})
    void durationsNeedOneNumberAndOneUnit(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "5GB", "-5GiB", "1.5GiB", "999999999999TiB"})
    void sizesNeedOneNumberAndOneBinaryUnit(String text) {
        assertThatThrownBy(() -> DataSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theNearestWordIsSuggestedUnlessAllAreFarOff() {
        List<String> known = List.of("cohort", "columns", "from");

        assertThat(Suggestion.of("cohrot", known)).contains("cohort");
        assertThat(Suggestion.of("colums", known)).contains("columns");
        assertThat(Suggestion.of("form", known)).contains("from");
        assertThat(Suggestion.of("password", known)).isEqualTo(Optional.empty());
    }
}
